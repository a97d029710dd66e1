package query

import (
	"strings"
	"sync/atomic"
	"time"

	"terrace/docno"
	"terrace/index"
	"terrace/lexicon"
	"terrace/segment"
	"terrace/site"
)

// A Range is where something stands in a query as typed, in bytes.
type Range struct{ Start, End int }

// A Name is a place, an office, a kind of content or a column that a query names.
type Name struct {
	Range
	Field  index.Field // County, Department, Kind or Column
	Value  string      // what the field holds; empty: the cluster's own place as a whole
	Intent bool        // a kind that the words only point to, as 怎么办 does to services
}

// An understander knows the names of a cluster and what may stand for words.
type understander struct {
	*cluster
	synonyms *lexicon.Lexicon
	now      func() time.Time
}

// What is known of a cluster whatever the synonyms are.
type cluster struct {
	names   lexicon.Table[[]Name] // that are configured, or the program's own
	places  atomic.Pointer[places]
	columns atomic.Pointer[columns]
}

// with is the same understander with other synonyms. Both go on to learn what either learns.
func (u *understander) with(synonyms *lexicon.Lexicon) *understander {
	return &understander{u.cluster, synonyms, u.now}
}

func newUnderstander(r *site.Registry, synonyms *lexicon.Lexicon, now func() time.Time) *understander {
	u := &understander{&cluster{}, synonyms, now}
	c := r.Cluster()
	for _, word := range intents {
		for _, text := range word.words {
			u.add(text, Name{Field: index.Kind, Value: word.kind, Intent: true})
		}
	}
	for kind, name := range kindNames {
		if kind != index.Other {
			u.add(name, Name{Field: index.Kind, Value: kind})
		}
	}
	for _, d := range c.Departments {
		for _, name := range append([]string{d.Name}, d.Names...) {
			u.add(name, Name{Field: index.Department, Value: d.ID})
		}
	}
	for _, p := range c.Places {
		for _, name := range append([]string{p.Name}, p.Names...) {
			u.add(name, Name{Field: index.County, Value: p.ID})
		}
	}
	for _, name := range r.Region() {
		u.add(name, Name{Field: index.County})
	}
	u.places.Store(newPlaces(&u.names, r, nil))
	u.columns.Store(&columns{})
	return u
}

// add keeps a name. A later one of the same words overrules those of other fields: of the region and a county the region is meant, unless the county is
// written in full.
func (u *understander) add(text string, n Name) {
	text = strings.TrimSpace(segment.Normalize(text))
	if len([]rune(text)) < 2 {
		return
	}
	have, _ := u.names.Get(text)
	if len(have) > 0 && have[0].Field != n.Field || n.Value == "" {
		have = nil
	}
	u.names.Set(text, append(have, n))
}

// intents are words that point to a kind of content. Our own, from general knowledge.
var intents = []struct {
	kind  string
	words []string
}{
	{index.Service, []string{"怎么办", "怎么办理", "如何办", "如何办理", "怎样办", "怎样办理", "怎么申请", "如何申请", "怎么领", "怎么取", "怎么提取", "怎么交", "怎么补办", "去哪办", "去哪里办", "在哪办", "在哪里办",
		"哪里办", "需要什么材料", "要什么材料", "带什么材料", "所需材料", "需要哪些材料", "办理流程", "办理条件", "办事指南", "流程", "手续", "要钱吗", "收费吗", "多久能办", "预约"}},
	{index.Interpretation, []string{"什么意思", "是什么意思", "解读", "图解", "一图读懂", "问答", "怎么理解", "政策说明"}},
	{index.Interaction, []string{"投诉", "举报", "反映", "信箱", "咨询电话", "建议", "留言", "给钱吗", "管不管", "找谁", "归谁管"}},
	{index.Policy, []string{"办法全文", "实施细则", "条例", "规定", "政策文件", "红头文件"}},
	{index.Disclosure, []string{"预算", "决算", "三公经费", "年度报告", "年报", "信息公开"}},
}

// An understanding is what a query names beside its words.
type understanding struct {
	numbers []docno.Match
	days    *Days
	names   []Name
	matches []lexicon.Match // words that others may stand for
}

// understand looks for names in a query. Ranges are of the query.
func (u *understander) understand(text string) (out understanding) {
	n := segment.NormalizeMapped(text)
	out.numbers = docno.Find(n.Text)
	rest := []byte(n.Text) // without what is understood already
	for _, m := range out.numbers {
		blank(rest, m.Start, m.End)
	}
	if d, ok := findDays(string(rest), u.now()); ok {
		blank(rest, d.Start, d.End)
		d.Start, d.End = n.Original(d.Start, d.End)
		d.Text = text[d.Start:d.End]
		out.days = &d
	}
	for _, name := range append(u.places.Load().find(string(rest)), u.columns.Load().find(string(rest))...) {
		name.Start, name.End = n.Original(name.Start, name.End)
		out.names = append(out.names, name)
	}
	for _, m := range u.synonyms.Find(string(rest)) {
		m.Start, m.End = n.Original(m.Start, m.End)
		out.matches = append(out.matches, m)
	}
	for i := range out.numbers {
		m := &out.numbers[i]
		m.Start, m.End = n.Original(m.Start, m.End)
	}
	return out
}

func blank(b []byte, start, end int) {
	for i := start; i < end; i++ {
		b[i] = ' '
	}
}
