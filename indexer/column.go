package indexer

import (
	"fmt"
	"strconv"
	"strings"

	"terrace/indexer/archive"
)

// Linked is how many entries within the cluster the list's pages show.
func (c *ColumnCoverage) Linked() (n int) {
	for _, entries := range c.Entries {
		n += entries
	}
	return n
}

// Found is how many of the linked entries are documents or copies of others.
func (c *ColumnCoverage) Found() int { return c.Entries[archive.Indexed] + c.Entries[archive.Copy] }

// Apart is how many of the list's entries are no notices of it: attachments, columns, and what is outside.
func (c *ColumnCoverage) Apart() int {
	return c.Entries[archive.ApartAttachment] + c.Entries[archive.ApartColumn] + c.Outside
}

// Missing is how many of the linked entries ought to be found and are not.
func (c *ColumnCoverage) Missing() int {
	return c.Linked() - c.Found() - c.Entries[archive.ApartAttachment] - c.Entries[archive.ApartColumn]
}

// Unseen is how many entries the list says it has beyond those its pages show.
func (c *ColumnCoverage) Unseen() int { return max(c.Said-c.Linked()-c.Outside, 0) }

// Total is how many entries the list has: as many as it says or, where those are more, as its pages show. It is Found, Missing, Unseen and Apart together.
func (c *ColumnCoverage) Total() int { return max(c.Said, c.Linked()+c.Outside) }

// Reasons are the outcomes of the missing entries, the most frequent first.
func (c *ColumnCoverage) Reasons() []Reason {
	count := map[string]int{}
	for outcome, n := range c.Entries {
		if !findable(outcome) && outcome != archive.ApartAttachment && outcome != archive.ApartColumn {
			count[outcome] = n
		}
	}
	return reasonsBy(count)
}

// String says it all in one sentence: 本栏目列表 1,204 条，已收录 1,198 条，缺 6 条。
func (c *ColumnCoverage) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "本栏目列表 %s 条，已收录 %s 条", grouped(c.Total()), grouped(c.Found()))
	for _, part := range []struct {
		name string
		n    int
	}{
		{"附件", c.Entries[archive.ApartAttachment]}, {"下级栏目", c.Entries[archive.ApartColumn]}, {"集群外或不是网页的", c.Outside},
	} {
		if part.n > 0 {
			fmt.Fprintf(&b, "，%s %s 条", part.name, grouped(part.n))
		}
	}
	fmt.Fprintf(&b, "，缺 %s 条", grouped(c.Missing()+c.Unseen()))
	seen := c.Linked() + c.Outside
	if c.Said > 0 && c.Said != seen {
		fmt.Fprintf(&b, "；列表页自称 %s 条，只见到 %s 条链接", grouped(c.Said), grouped(seen))
		if c.Said < seen {
			return strings.Replace(b.String(), "只见到", "见到", 1)
		}
	}
	if c.Unread > 0 && c.Unseen() > 0 {
		fmt.Fprintf(&b, "，%s 个列表页没有抓到", grouped(c.Unread))
	}
	return b.String()
}

// grouped writes a number with separators of thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// outcomes are the words for outcomes that are no states or reasons to skip a page.
var outcomes = map[string]string{
	archive.Indexed: "已收录", archive.Copy: "与别的网页相同，合为一篇", archive.Pending: "已抓取，等待进索引", archive.Untold: "旧版建的索引，原因不详",
	archive.Soft404: "与不存在的网址内容相同（软 404）", archive.Trap: "疑似陷阱", archive.ApartAttachment: "附件", archive.ApartColumn: "下级栏目",
	string(archive.Quarantined): "跳转有误", unreadable: "读不出来", string(archive.OK): "没有存下内容", // purged, or empty
}

// OutcomeInChinese is the word for what became of a page.
func OutcomeInChinese(outcome string) string {
	if c, ok := outcomes[outcome]; ok {
		return c
	}
	return inChinese(outcome)
}
