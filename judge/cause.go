package judge

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"terrace/query"
)

// A Cause is why a wanted document is not the first hit.
type Cause struct {
	Code string `json:"code"` // for programs: one of the constants below
	Text string `json:"text"` // for editors, in Chinese, without a full stop
}

// The codes of causes.
const (
	Unknown   = "not_crawled"     // nothing links to it: it is not in the ledger
	Waiting   = "not_crawled_yet" // it is in the ledger and was never fetched
	Failed    = "failed"          // no visit has succeeded; more follow
	Gone      = "gone"            // it was there and is no more
	Refused   = "refused"         // it must not, or cannot, be taken in
	Skipped   = "not_indexed"     // it was fetched and makes no document, or none yet
	OtherName = "title_differs"   // no document has the title, one has nearly
	NoTitle   = "no_such_title"   // no document has the title, or nearly
	Outranked = "outranked"       // others stand before it
	Unclear   = "unclear"         // what was asked did not answer
)

// outranked says what stands first, and what of it that can be seen puts it there. Rank 0 is beyond those that were looked at.
func (a *asked) outranked(ctx context.Context, rank int, o *Outcome) *Cause {
	text := fmt.Sprintf("排在第 %d", rank)
	if rank == 0 {
		text = fmt.Sprintf("不在前 %d 条里", Depth)
	}
	if len(a.found.hits) == 0 {
		return &Cause{Outranked, "什么也没有搜到，它在索引里，但不含查询的词"}
	}
	front := a.found.hits[0]
	text += "，前面是" + named(front.Title)
	for i, r := range o.Ranks {
		if r == 1 {
			text += fmt.Sprintf("（也是要找的，等级 %d）", o.Query.Wanted[i].Grade)
			break
		}
	}
	return &Cause{Outranked, text + "：" + a.because(ctx, front, rank, o)}
}

// because compares the titles of the first hit and the one wanted, and, where the search tells them, their scores and what those are the sums of.
func (a *asked) because(ctx context.Context, front Hit, rank int, o *Outcome) string {
	why := "它的标题" + marked(front)
	if a.found.keys[0].title == a.keys.Title(o.Query.Text) {
		why = "它的标题就是查询词"
	}
	if rank == 0 {
		return why
	}
	front, wanted := a.explained(ctx, o.Query.Text, rank)
	why += "，要找的标题" + marked(wanted)
	if front.Score > 0 && wanted.Score > 0 {
		why += fmt.Sprintf("；得分 %.2f，要找的 %.2f", front.Score, wanted.Score)
	}
	if d := difference(front.Parts, wanted.Parts); d != "" {
		why += "；" + d
	}
	return why
}

// named is a title as it is named within a sentence.
func named(title string) string {
	if strings.Contains(title, "《") {
		return "「" + title + "」"
	}
	return "《" + title + "》"
}

func marked(h Hit) string {
	if len(h.Marked) == 0 {
		return "没有查询的词"
	}
	return "有“" + strings.Join(h.Marked, "”“") + "”"
}

// missingTitle is for a document that is known by its title alone and not among the hits: whether there is one of that title, or nearly.
func (a *asked) missingTitle(ctx context.Context, w Wanted, o *Outcome) (*Cause, error) {
	hits, err := a.Search(ctx, beginning(w.Text), true)
	if err != nil {
		return nil, err
	}
	titled := a.keys.found(hits)
	if titled.rank(w.key) > 0 {
		return a.outranked(ctx, 0, o), nil
	}
	if near := titled.nearest(w.key.title); near != nil {
		return &Cause{OtherName, fmt.Sprintf("标题不同：索引里最接近的是%s%s", named(near.Title), near.URL)}, nil
	}
	return &Cause{NoTitle, "索引里没有这个标题：写网址可以查它是没有抓取，还是被拒绝"}, nil
}

// missingPage is for a document whose page is known, or the one that it leads to, and which is not among the hits.
func (a *asked) missingPage(ctx context.Context, w Wanted, p page, o *Outcome) (*Cause, error) {
	c := p.cause()
	if c == nil {
		hits, err := a.Search(ctx, beginning(p.title), true)
		if err != nil {
			return nil, err
		}
		for _, h := range hits {
			if h.ID == p.id {
				return a.outranked(ctx, 0, o), nil
			}
		}
		c = &Cause{Skipped, "已抓取但未进入索引：等待写入，或现用的索引是它之前的一代"}
	}
	if w.key.url != "" && p.url != w.key.url {
		c.Text = "转到 " + p.url + "，那里" + c.Text
	}
	return c, nil
}

// beginning is so much of a title as may be asked for.
func beginning(title string) string {
	if utf8.RuneCountInString(title) <= query.MaxText {
		return title
	}
	return string([]rune(title)[:query.MaxText])
}

// cause says why a page makes no document; nil where it makes one. The words for states are those of package indexer.
func (p page) cause() *Cause {
	switch {
	case p.indexed:
		return nil
	case p.state == "已抓取":
		return &Cause{Skipped, "已抓取但未进入索引：" + p.skipped}
	case p.state == "未抓取":
		return &Cause{Waiting, "没有抓取（在台账中，还没有轮到）"}
	case p.state == "抓取失败，将重试":
		return &Cause{Failed, strings.TrimSuffix(p.state+"："+p.reason, "：")}
	case p.state == "已删除":
		return &Cause{Gone, strings.TrimSuffix(p.state+"："+p.reason, "：")}
	case p.reason == "", strings.Contains(p.state, p.reason):
		return &Cause{Refused, "被拒绝：" + p.state}
	case strings.Contains(p.reason, p.state):
		return &Cause{Refused, "被拒绝：" + p.reason}
	}
	return &Cause{Refused, "被拒绝：" + p.state + "，" + p.reason}
}

// nearest is the hit whose title shares most pairs of characters with a title, if that is half of those of both or more (Dice's coefficient);
// nil where none does.
func (f found) nearest(title string) *Hit {
	var near *Hit
	most := .5
	wanted := pairs(title)
	for i := range f.hits {
		others := pairs(f.keys[i].title)
		shared := 0
		for p := range others {
			if wanted[p] {
				shared++
			}
		}
		if share := 2 * float64(shared) / float64(max(len(wanted)+len(others), 1)); share >= most {
			most, near = share, &f.hits[i]
		}
	}
	return near
}

func pairs(s string) map[[2]rune]bool {
	out := map[[2]rune]bool{}
	last := rune(-1)
	for _, r := range s {
		if last >= 0 {
			out[[2]rune{last, r}] = true
		}
		last = r
	}
	return out
}
