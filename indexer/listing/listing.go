// Package listing reads what a list page says of its list: how long it is, and where its other pages are, without a browser.
//
// Each content management system has an adapter, which knows its pages by their own marks: the names of its scripts and classes. What a
// page says in plain words, 「共 1,204 条」, is read whatever its system.
package listing

import (
	"net/url"
	"strconv"

	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

// A Listing is what a list page says of the list as a whole.
type Listing struct {
	Adapter string     // trs, hanweb, jpaas, ucap, webber, epoint, ewb, channel, gkmlpt, aspnet, empire, dede, plain, form, script, data; empty: the page is no list that pages
	Items   int        // entries the list says it has (共 1,204 条); 0: it does not say
	PerPage int        // entries to a page; 0: it does not say
	Pages   int        // pages the list says it has; 0: it does not say
	Bare    bool       // the page has no sentence, and no line that tells of one publication: it may be the list of a few entries
	Next    []Request  // other pages of the list: all of them from its first page, at least the next one from the others; at most MaxNext
	Parts   []Request  // the further pages of an article of several, at most MaxParts; such a page is no list
	Columns []Column   // lists of their own, whose first pages the page's script asks for; at most MaxNext
	Rowless bool       // the page shows none of the list's entries: the first are on the page that Next begins with
	Wants   []*url.URL // files of scripts without which the list cannot be read: Read is to be asked again when they are the page's Files
}

// A Request is one page of a list. Form or JSON is set where it must be asked for by POST, with the fields of a form or a text.
type Request struct {
	URL    *url.URL
	Form   url.Values
	JSON   string
	Number int // from 1; 0: not known

	chosen []string // fields of a form that Renewed reports which make the page this one, beside those that say who sends it
}

// A Column is a list that a page leads to.
type Column struct {
	URL   *url.URL
	Title string
}

// MaxNext is the greatest number of pages that one page of a list leads to.
const MaxNext = 1000

// MaxParts is the greatest number of pages that an article leads to as its own.
const MaxParts = 50

// An adapter reads the lists of one system.
type adapter struct {
	name  string
	marks func(*view) bool           // the page bears the system's marks
	read  func(*view, *Listing) bool // reports that the page is one of a list
}

// adapters in the order in which they are tried: the first whose marks a page bears, and which finds a list there, has it.
var adapters = []adapter{jpaas, gkmlpt, ucap, trs, hanweb, aspnet, webber, epoint, ewb, channel, empire, dede, answer, plain, submit, script}

// Read tells what a page says of the list it belongs to. It takes time in proportion to the page.
func Read(p *markup.Page) Listing { return ReadAnswer(p, Request{URL: p.URL}) }

// ReadAnswer is Read of a page that was asked for by POST.
func ReadAnswer(p *markup.Page, asked Request) Listing {
	v := look(p)
	v.asked = asked
	article := v.article()
	for _, a := range adapters {
		if !a.marks(v) {
			continue
		}
		l := Listing{Adapter: a.name, Items: v.said.items, PerPage: v.said.perPage, Pages: v.said.pages, Bare: v.bare()}
		if a.read(v, &l) {
			if article {
				return Listing{Items: l.Items, PerPage: l.PerPage, Bare: l.Bare, Parts: l.Next[:min(len(l.Next), MaxParts)]}
			}
			l.complete()
			l.carry(asked)
			return l
		}
	}
	return Listing{Items: v.said.items, PerPage: v.said.perPage, Bare: v.bare()}
}

// complete works out how many pages a list has from its entries.
func (l *Listing) complete() {
	if l.Pages == 0 && l.Items > 0 && l.PerPage > 0 {
		l.Pages = (l.Items + l.PerPage - 1) / l.PerPage
	}
}

// number adds a list's pages whose addresses follow from their numbers: where current is its first page all others, else the next one.
func (l *Listing) number(base *url.URL, current, total int, address func(n int) string) {
	last := current + 1
	if current <= 1 {
		current, last = 1, MaxNext+1
	}
	for n := current + 1; n <= min(last, total); n++ {
		l.add(base, address(n), n)
	}
}

// add adds a page by its address, as written in a link.
func (l *Listing) add(base *url.URL, href string, number int) {
	u, err := weburl.Parse(base, href)
	if err != nil || len(l.Next) >= MaxNext {
		return
	}
	l.Next = append(l.Next, Request{URL: u, Number: number})
}

// atoi reads a number of at most nine digits; anything else is 0.
func atoi(s string) int {
	if len(s) > 9 {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
