package listing

import (
	"bytes"
	"sync"
)

// markWords are the words by which the adapters know their systems.
var markWords = []string{
	"__doPostBack(", "pageinfo", "name='sldd'", `name="sldd"`, "PageNo=", `title="总数"`, `title="Total record"`, "ewb-page", "categorypagingcontent",
	"ShowAjaxNewPage", "ShowNewPage", "huifengcms", "EpointWebBuilder", "datastore", "dataproxy.jsp", "jpage(", "queryajax", "createPageHTML", "Pager(",
	"countPage", ".pagination(", "_gotopage_fun(", "PAGENUM=", "p_pages", "m_nRecordCount", "/build/unit", "webBuilderCommon.js", "_CONFIG",
	"laypage", "jqPaginator", ".paging(",
}

const (
	shortestMark = 6  // bytes of the shortest of them
	mostMarks    = 64 // that a set has room for
)

// A finder looks for all the words at once (Wu and Manber, 1994): the last two of the six bytes that are looked at tell how far the next place is at
// which a word may begin.
type finder struct {
	skip  [1 << 12]uint8 // by pair
	ends  [1 << 12]int8  // by the pair of the fifth and sixth byte: where in words they are; 0: nowhere
	words [][]int
	place map[string]int
}

// pair is a number for two bytes. Several share one: that makes steps shorter, never too long.
func pair(a, b byte) uint16 { return (uint16(a)<<5 ^ uint16(b)) & (1<<12 - 1) }

var marksFinder = sync.OnceValue(func() *finder {
	f := &finder{words: [][]int{nil}, place: map[string]int{}}
	for i := range f.skip {
		f.skip[i] = shortestMark - 1
	}
	for i, w := range markWords {
		for j := 1; j < shortestMark; j++ {
			p := pair(w[j-1], w[j])
			f.skip[p] = min(f.skip[p], uint8(shortestMark-1-j))
		}
		p := pair(w[shortestMark-2], w[shortestMark-1])
		if f.ends[p] == 0 {
			f.ends[p] = int8(len(f.words))
			f.words = append(f.words, nil)
		}
		f.words[f.ends[p]] = append(f.words[f.ends[p]], i)
		f.place[w] = i
	}
	return f
})

// find is the set of the words that a text holds.
func (f *finder) find(text []byte) (found uint64) {
	for at := shortestMark - 1; at < len(text); {
		p := pair(text[at-1], text[at])
		if step := f.skip[p]; step > 0 {
			at += int(step)
			continue
		}
		from := at - shortestMark + 1
		for _, i := range f.words[f.ends[p]] {
			if w := markWords[i]; len(text)-from >= len(w) && string(text[from:from+len(w)]) == w {
				found |= 1 << i
			}
		}
		at++
	}
	return found
}

// has reports whether the page's source has one of some words.
func (v *view) has(words ...string) bool {
	f := marksFinder()
	if !v.marked {
		v.marks, v.marked = f.find(v.page.Source), true
	}
	for _, w := range words {
		i, known := f.place[w]
		if known && v.marks&(1<<i) != 0 || !known && bytes.Contains(v.page.Source, []byte(w)) {
			return true
		}
	}
	return false
}
