package crawl

import (
	"context"
	"hash/maphash"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/archive"
	"terrace/indexer/markup"
)

// Pages of one shape that lead to one another, or grow out of pages that brought nothing new, and bring nothing new are a trap: a calendar, a list in
// every order, an address with a session's id in it. Lists of any length are none, as each of their pages says something that none before it said, nor are articles, to which lists lead.
const (
	maxAlike   = 500 // pages of one shape in a row that are looked at
	leastNew   = 20  // one in so many has to be new
	leastWords = 6   // runes of a piece of text, numbers left out, that can be new
	maxShapes  = 5000
)

var (
	digits = regexp.MustCompile(`[0-9]+`)
	tokens = regexp.MustCompile(`[0-9A-Za-z]{8,}`)
)

// shape is a URL without its numbers and its random tokens.
func shape(u *url.URL) string {
	s := tokens.ReplaceAllStringFunc(u.Path+"?"+u.RawQuery, func(token string) string {
		if digits.MatchString(token) {
			return "N"
		}
		return token
	})
	return digits.ReplaceAllString(s, "N")
}

// A kind is what is remembered of the pages of one shape.
type kind struct {
	pages, fresh int // since it was last judged; those that were no trap's
	barren       int // pages of other shapes that these led to and that showed nothing new, as the days of a calendar's months
	seen         *memory
	endless      bool
}

// learn notes a page. Every maxAlike pages of a shape, together with what they led to in vain, are judged.
func (a *actor) learn(ctx context.Context, p archive.Page, u *url.URL, page *markup.Page) {
	s := shape(u)
	k := a.kinds[s]
	if k == nil {
		if len(a.kinds) >= maxShapes || s == u.Path+"?"+u.RawQuery {
			return
		}
		k = &kind{}
		a.kinds[s] = k
	}
	if k.pages++; k.pages <= maxAlike/10 && k.seen == nil {
		k.fresh++ // shapes of a few pages are not worth a memory
		return
	}
	if k.seen == nil {
		k.seen = newMemory()
	}
	shows, from := k.seen.reads(page), a.cameFrom(ctx, p)
	if shows || from != s && (a.referrerLists || !a.barren.has([]byte(p.Referrer))) {
		k.fresh++
	}
	if !shows {
		a.barren.add([]byte(p.ID))
		if parent := a.kinds[from]; parent != nil && from != s && !a.referrerLists {
			parent.barren++
			parent.judge()
		}
	}
	k.judge()
}

// judge tells by enough pages whether a shape is a trap's.
func (k *kind) judge() {
	if k.pages+k.barren < maxAlike || k.pages < maxAlike/10+2*leastNew {
		return
	}
	k.endless = k.endless || (k.fresh-maxAlike/10)*leastNew < k.pages
	k.pages, k.fresh, k.barren = maxAlike/10, maxAlike/10, 0
}

// cameFrom is the shape of the page that a page was first linked from; empty where that is not known.
func (a *actor) cameFrom(ctx context.Context, p archive.Page) string {
	if p.Referrer == a.referrer {
		return a.referrerShape
	}
	from, err := a.crawler.archive.Page(ctx, p.Referrer)
	if err != nil {
		return ""
	}
	u, err := url.Parse(from.URL)
	if err != nil {
		return ""
	}
	a.referrer, a.referrerShape, a.referrerLists = p.Referrer, shape(u), from.Role == archive.List
	return a.referrerShape
}

// trap tells why a URL looks like one of endlessly many: a segment that repeats, or a shape of which hundreds of pages showed next to nothing new.
func (a *actor) trap(u *url.URL) string {
	if repeats(u.Path) {
		return "trap: a path segment repeats"
	}
	if k := a.kinds[shape(u)]; k != nil && k.endless {
		return "trap: " + shape(u) + " goes on without end"
	}
	return ""
}

// A memory is a Bloom filter of the pieces of text that pages showed: 8 KiB, emptied when it is full.
type memory struct {
	seed  maphash.Seed
	bits  [1024]uint64
	count int
	piece []byte // that is being read
}

const memoryFull = 16_000

func newMemory() *memory { return &memory{seed: maphash.MakeSeed()} }

// reads takes in a page and reports whether it shows a piece of text that was not there before.
func (m *memory) reads(p *markup.Page) bool {
	fresh := m.adds(p.Title)
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				fresh = m.adds(c.Data) || fresh
			case c.DataAtom != atom.Script && c.DataAtom != atom.Style && c.DataAtom != atom.Head:
				walk(c)
			}
		}
	}
	walk(p.Root)
	return fresh
}

// adds takes in a piece of text and reports whether it is new. Numbers and blanks do not count.
func (m *memory) adds(text string) bool {
	m.piece = m.piece[:0]
	runes := 0
	for _, r := range text {
		if r > ' ' && (r < '0' || r > '9') {
			m.piece = utf8.AppendRune(m.piece, r)
			runes++
		}
	}
	if runes < leastWords {
		return false
	}
	return m.add(m.piece)
}

// add takes in bytes and reports whether they are new.
func (m *memory) add(piece []byte) bool {
	if m.has(piece) {
		return false
	}
	if m.count++; m.count > memoryFull {
		m.bits, m.count = [1024]uint64{}, 1
	}
	one, other := m.places(piece)
	m.bits[one>>6] |= 1 << (one & 63)
	m.bits[other>>6] |= 1 << (other & 63)
	return true
}

func (m *memory) has(piece []byte) bool {
	one, other := m.places(piece)
	return m.bits[one>>6]&(1<<(one&63)) != 0 && m.bits[other>>6]&(1<<(other&63)) != 0
}

// places are the two bits that stand for a piece.
func (m *memory) places(piece []byte) (one, other uint64) {
	sum := maphash.Bytes(m.seed, piece)
	return sum & 0xffff, sum >> 16 & 0xffff
}

// repeats reports a path in which a pair of segments stands three times or more, as it does where one segment stands four times in a row.
func repeats(path string) bool {
	segments := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	count := map[string]int{}
	for i := 1; i < len(segments); i++ {
		pair := segments[i-1] + "/" + segments[i]
		if count[pair]++; count[pair] >= 3 {
			return true
		}
	}
	return false
}
