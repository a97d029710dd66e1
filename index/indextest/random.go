package indextest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"strings"

	"terrace/index"
)

// random makes documents and queries from so few words, values and days that ties and collisions are frequent.
type random struct {
	*rand.Rand
	ids  int
	bare bool
}

const hanLetters = "甲乙丙丁"

var (
	latinWords = []string{"go", "gopher", "a1", "GO"}
	someDates  = []index.Date{0, 20191231, 20200101, 20200102, 20210630, 20240229}
	someSites  = []string{"", "portal", "finance", "county"}
)

func (r random) pick(from ...string) string { return from[r.IntN(len(from))] }

func (r random) oneIn(n int) bool { return r.IntN(n) == 0 }

func (r random) id() string { return fmt.Sprintf("d%03d", r.IntN(r.ids)) }

func (r random) someIDs() []string {
	out := []string{"absent"}
	for range r.IntN(6) {
		out = append(out, r.id())
	}
	return out
}

// someDocuments holds an id twice now and then.
func (r random) someDocuments() []index.Document {
	var out []index.Document
	for range 1 + r.IntN(12) {
		out = append(out, r.document())
	}
	if r.oneIn(4) {
		again := r.document()
		again.ID = out[0].ID
		out = append(out, again)
	}
	return out
}

func (r random) document() index.Document {
	d := index.Document{
		ID: r.id(), Title: r.text(2), Body: r.text(8),
		Kind: r.pick(index.Kinds[:3]...), DocNo: r.pick("", "甲发〔2020〕1号"), Source: r.pick("", "甲局"),
		Written: r.date(), Level: r.IntN(3),
	}
	for range 1 + r.IntN(3) {
		d.Copies = append(d.Copies, index.Copy{
			URL: "http://example.gov.cn/" + d.ID, Site: r.pick(someSites...), Date: r.date(),
			Department: r.pick("", "财政局", "民政局"), County: r.pick("", "东县", "西县", "南县"), Column: r.pick("", "要闻", "公告"),
		})
	}
	if !r.bare && r.oneIn(3) {
		for range 1 + r.IntN(2) {
			d.Attachments = append(d.Attachments, index.Attachment{URL: "http://example.gov.cn/" + d.ID + ".pdf", Name: r.text(1), Text: r.text(12)})
		}
	}
	if r.oneIn(3) {
		d.Details = append(d.Details, index.Detail{Name: r.pick("索引号", "办理地点"), Value: r.text(2)})
	}
	d.Validity = r.pick(append(index.Validities, "", "", "")...)
	for range r.IntN(2) {
		d.Links = append(d.Links, index.Link{Kind: r.pick(index.LinkKinds...), ID: r.id(), Title: r.text(1)})
	}
	return d
}

func (r random) date() index.Date { return someDates[r.IntN(len(someDates))] }

// text is up to n runs.
func (r random) text(n int) string {
	var out []string
	for range r.IntN(n + 1) {
		out = append(out, r.run())
	}
	return strings.Join(out, r.pick(" ", "，", "\n", ""))
}

func (r random) run() string {
	if r.oneIn(4) {
		return latinWords[r.IntN(len(latinWords))]
	}
	return r.han(1 + r.IntN(5))
}

func (r random) han(n int) string {
	letters := []rune(hanLetters)
	out := make([]rune, n)
	for i := range out {
		// squared, so that some are frequent and some are not
		out[i] = letters[r.IntN(1+r.IntN(len(letters)))]
	}
	return string(out)
}

// query is any of the whole Query type that Check allows. No text is asked for both whole and as a prefix, for Result.DocFreq has one place for both.
func (r random) query() index.Query {
	q := index.Query{
		Floor:   []float32{0, .5, .9, 1, 1.5}[r.IntN(5)],
		OnlyAll: r.oneIn(6),
		Filter:  r.filter(),
		Sort:    index.Sort(r.IntN(2)),
		Offset:  []int{0, 0, 0, 3, 10, 50}[r.IntN(6)],
		Limit:   []int{0, 3, 10, 100, 900}[r.IntN(5)],
	}
	for range r.IntN(4) {
		q.Score = append(q.Score, r.group())
	}
	for range r.IntN(3) {
		q.All = append(q.All, r.phrase())
	}
	if r.oneIn(5) {
		q.Require = append(q.Require, r.phrase())
	}
	if r.oneIn(5) {
		q.Exclude = append(q.Exclude, r.phrase())
	}
	if r.oneIn(3) {
		for range 1 + r.IntN(2) {
			q.Keys = append(q.Keys, titleKey(r.han(1+r.IntN(2))))
		}
	}
	if r.oneIn(3) {
		q.TitleWeights = map[string]float32{"": 3, "portal": .5, "finance": 0}
	}
	for _, f := range index.Keywords {
		if r.oneIn(3) {
			q.Facets = append(q.Facets, index.Facet{Field: f, Size: r.IntN(5)})
		}
	}
	return q
}

func (r random) group() index.Group {
	var g index.Group
	for range 1 + r.IntN(3) {
		var a index.Alternative
		for range 1 + r.IntN(3) {
			a = append(a, r.term())
		}
		g = append(g, a)
	}
	return g
}

func (r random) term() index.Term {
	t := index.Term{Field: r.field(), Weight: []float32{1, 1, .5, .3, 2, 0}[r.IntN(6)]}
	switch r.IntN(8) {
	case 0:
		t.Text = strings.ToLower(r.pick(latinWords...))
	case 1:
		t.Text = r.han(1) + EndMark
	case 2:
		t.Text, t.Prefix = r.han(1), true
	case 3:
		t.Text, t.Prefix = r.pick("g", "gop", "a"), true
	case 4:
		t.Text = "戊己"
	default:
		t.Text = r.han(2)
	}
	return t
}

func (r random) field() index.Field {
	if r.oneIn(3) {
		return index.Title
	}
	return index.Body
}

func (r random) phrase() index.Phrase {
	text := r.han(2 + r.IntN(3))
	if r.oneIn(4) {
		text = r.pick("go", "a1")
	}
	if r.oneIn(4) {
		text += r.pick(" ", "，", "") + r.pick("go", "甲乙")
	}
	p := phrase(r.field(), text)
	if r.oneIn(5) {
		p.Text = ""
	}
	return p
}

func (r random) filter() index.Filter {
	var f index.Filter
	if r.oneIn(2) {
		return f
	}
	choices := map[index.Field][]string{
		index.Site: someSites, index.Department: {"财政局", "民政局", "无"}, index.County: {"东县", "西县", "南县"},
		index.Kind: index.Kinds[:4], index.Column: {"要闻", "公告"}, index.Year: {"2019", "2020", "2024", "1999"},
	}
	f.Values = map[index.Field][]string{}
	for _, field := range index.Keywords {
		if r.oneIn(4) {
			for range 1 + r.IntN(2) {
				f.Values[field] = append(f.Values[field], r.pick(choices[field]...))
			}
		}
	}
	if r.oneIn(3) {
		f.From = r.date()
	}
	if r.oneIn(3) {
		f.To = r.date()
	}
	if r.oneIn(3) {
		f.Dated = append(f.Dated, r.phrase())
	}
	return f
}

// phrase is the text as a reader's quotes give it: the terms that it holds wherever it stands, so no end mark.
func phrase(f index.Field, text string) index.Phrase {
	p := index.Phrase{Field: f, Text: normalize(text)}
	for _, t := range terms(text) {
		if !strings.HasSuffix(t, EndMark) {
			p.Terms = append(p.Terms, t)
		}
	}
	return p
}

func compareStrings(a, b string) int { return cmp.Compare(a, b) }
