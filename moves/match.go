package moves

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/segment"
)

// A Matcher finds the new homes of old pages among the pages of now by what is known of both. Add all pages of now, Count all old ones, then Match.
type Matcher struct {
	pages   []live
	byTitle map[uint64]int32 // hash of a title's key: the last page of it
	byDocNo map[uint64]int32
	old     map[uint64]uint8 // hash of an old title's key: how many old pages have it, 2 for more
}

// A live page is one of now.
type live struct {
	url, title, docNo  string // title and docNo are keys
	date               string
	nextTitle, nextDoc int32 // others of the same, -1: none
}

// NewMatcher knows no page.
func NewMatcher() *Matcher {
	return &Matcher{byTitle: map[uint64]int32{}, byDocNo: map[uint64]int32{}, old: map[uint64]uint8{}}
}

// Add takes in a page of now.
func (m *Matcher) Add(p Page) {
	l := live{url: p.URL, title: segment.TitleKey(p.Title), docNo: docNoKey(p.DocNo), date: p.Date, nextTitle: -1, nextDoc: -1}
	n := int32(len(m.pages))
	chain := func(by map[uint64]int32, key string, next *int32) {
		if key == "" {
			return
		}
		h := hash(key)
		if last, ok := by[h]; ok {
			*next = last
		}
		by[h] = n
	}
	chain(m.byTitle, l.title, &l.nextTitle)
	chain(m.byDocNo, l.docNo, &l.nextDoc)
	m.pages = append(m.pages, l)
}

// Count takes in an old page: one of several that have its title is not told by that alone.
func (m *Matcher) Count(p Page) {
	if keys := titleKeys(p.Title); len(keys) > 0 {
		h := hash(keys[len(keys)-1])
		m.old[h] = min(m.old[h]+1, 2)
	}
}

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

// How many characters of a title's key tell a page from others: with the day, and on its own.
const (
	telling = 6
	unique  = 12
)

// Match is what is proposed for an old page: its State is Proposal or Ambiguous, or empty where nothing is like it. New, Sure and Evidence are set.
func (m *Matcher) Match(p Page) Move {
	titles := titleKeys(p.Title)
	docNo := docNoKey(p.DocNo)
	if docNo != "" {
		if out := m.byNumber(p, docNo, titles); out.State != "" {
			return out
		}
	}
	for _, title := range titles {
		same := m.titled(title, docNo)
		if len(same) == 0 {
			continue
		}
		return m.byTitles(p, title, same)
	}
	return Move{}
}

// byNumber matches a page that has a document number.
func (m *Matcher) byNumber(p Page, docNo string, titles []string) Move {
	var same, alike []*live
	for n := last(m.byDocNo, docNo); n >= 0; n = m.pages[n].nextDoc {
		l := &m.pages[n]
		if l.docNo != docNo {
			continue
		}
		same = append(same, l)
		if slices.ContainsFunc(titles, func(t string) bool { return holds(t, l.title) }) {
			alike = append(alike, l)
		}
	}
	switch {
	case len(alike) > 1:
		if dated := ofDay(alike, p.Date); len(dated) == 1 {
			return sure(dated[0], "文号、标题、日期相同")
		}
		return several("文号、标题相同", alike)
	case len(alike) == 1:
		return sure(alike[0], "文号、标题相同")
	case len(same) == 1 && len(titles) == 0:
		return unsure(same[0], "文号相同，旧网页的标题不详")
	case len(same) == 1:
		return unsure(same[0], "文号相同，标题不同")
	case len(same) > 1:
		return several("文号相同，标题不同", same)
	}
	return Move{}
}

// titled are the pages of a title but those whose number says that they are another document.
func (m *Matcher) titled(title, docNo string) (out []*live) {
	for n := last(m.byTitle, title); n >= 0; n = m.pages[n].nextTitle {
		if l := &m.pages[n]; l.title == title && (docNo == "" || l.docNo == "" || l.docNo == docNo) {
			out = append(out, l)
		}
	}
	return out
}

func last(by map[uint64]int32, key string) int32 {
	if n, ok := by[hash(key)]; ok {
		return n
	}
	return -1
}

// byTitles matches a page with those of the same title.
func (m *Matcher) byTitles(p Page, title string, same []*live) Move {
	dated := ofDay(same, p.Date)
	named := ofName(same, p.URL)
	length := utf8.RuneCountInString(title)
	switch {
	case len(dated) == 1 && len(named) == 1 && dated[0] == named[0]:
		return sure(dated[0], "标题、日期、文件名相同")
	case len(dated) == 1 && length >= telling:
		return sure(dated[0], "标题、日期相同")
	case len(dated) == 1:
		return several("标题、日期相同，但标题太短，不足以确定", dated)
	case len(dated) > 1:
		if both := ofName(dated, p.URL); len(both) == 1 {
			return sure(both[0], "标题、日期、文件名相同")
		}
		return several("标题、日期相同", dated)
	case len(named) == 1:
		return sure(named[0], "标题、文件名相同")
	case len(same) > 1:
		return several("标题相同", same)
	case p.Date != "" && same[0].date != "":
		return several(fmt.Sprintf("标题相同，日期不同（旧 %s，新 %s）", p.Date, same[0].date), same)
	case length < unique:
		return several("标题相同，但太短，不足以确定", same)
	case m.old[hash(title)] > 1:
		return several("有几个旧网页是这个标题，没有日期可以分辨", same)
	}
	return unsure(same[0], "标题相同且唯一，没有日期可以核对")
}

func sure(l *live, evidence string) Move {
	return Move{New: l.url, State: Proposal, Sure: true, Evidence: evidence}
}

func unsure(l *live, evidence string) Move {
	return Move{New: l.url, State: Proposal, Evidence: evidence}
}

func several(evidence string, pages []*live) Move {
	urls := make([]string, len(pages))
	for i, l := range pages {
		urls[i] = l.url
	}
	return ambiguous(evidence, urls)
}

// ambiguous names the first pages that may be meant.
func ambiguous(evidence string, urls []string) Move {
	const shown = 3
	some := slices.Clone(urls[:min(len(urls), shown)])
	if more := len(urls) - len(some); more > 0 {
		some = append(some, fmt.Sprintf("另有 %d 个", more))
	}
	return Move{State: Ambiguous, Evidence: evidence + "：" + strings.Join(some, " ")}
}
