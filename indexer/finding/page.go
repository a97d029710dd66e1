package finding

import (
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"terrace/index"
	"terrace/indexer/archive"
	"terrace/indexer/extract"
	"terrace/indexer/markup"
	"terrace/site"
)

// A looked is what a look at one page came to.
type looked struct {
	sights []sight
	date   int    // see the table page
	newest int    //
	text   int64  //
	blank  string //
}

// A subject is a page that is looked at.
type subject struct {
	archived archive.Page
	site     *site.Site
	page     *markup.Page
	out      extract.Output
	registry *site.Registry
	domains  []string        // see Options
	own      map[string]bool // domains of the cluster
	sights   []sight
}

func (s *subject) see(x sight) {
	x.evidence, x.subject, x.fix = cut(x.evidence, mostEvidence), cut(x.subject, mostEvidence), cut(x.fix, mostFix)
	s.sights = append(s.sights, x)
}

const (
	mostEvidence = 300 // characters
	mostFix      = 4000
)

// lookAt looks at the bytes of a page.
func (w *Watcher) lookAt(p archive.Page, owner *site.Site, body []byte) (looked, error) {
	u, err := url.Parse(p.URL)
	if err != nil {
		return looked{}, nil
	}
	page, err := markup.Parse(u, body, p.ContentType, owner.Charset)
	if errors.Is(err, markup.ErrNotText) {
		return looked{}, nil
	}
	if err != nil {
		return looked{}, fmt.Errorf("parse: %w", err)
	}
	if page.Challenge || page.Refresh != "" {
		return looked{}, nil
	}
	s := &subject{archived: p, site: owner, page: page, registry: w.Registry, domains: w.Domains, own: w.own}
	s.links()
	s.scripts()
	blank := s.blank()
	s.out = w.extractor.Read(extract.Input{URL: p.URL, ContentType: p.ContentType, Body: body, Site: owner, Anchor: p.Anchor, ListDate: p.ListDate, Continues: p.Continues()}, page)
	s.words()
	s.tags()
	text := s.out.Document.Title + "\n" + s.out.Document.Body
	if s.out.Skip != "" {
		text = textBelow(page.Root)
	}
	s.sights = append(s.sights, personsIn(text)...)
	s.undated()
	d := &s.out.Document
	l := looked{sights: s.sights, date: int(d.Date()), newest: newest(page, w.now()), text: sumOf(d), blank: blank}
	return l, nil
}

// dayOf is the day at a time, by the cluster's clock.
func dayOf(at time.Time) index.Date { return index.NewDate(at.In(site.Zone)) }

// shortText is how many characters a text must have to be told from others by itself.
const shortText = 60

// sumOf is a hash of a document; 0 of none and of a short one.
func sumOf(d *index.Document) int64 {
	if utf8.RuneCountInString(d.Body) < shortText {
		return 0
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\n%d\n%s", d.Title, d.Date(), d.Body)
	return int64(h.Sum64())
}

// indexPath is that of the page of a column.
var indexPath = regexp.MustCompile(`(?i)(?:/|/(?:index|list|default)[^/]*)$`)

// dated are the kinds of document that need a date of publication.
var dated = map[string]bool{index.Policy: true, index.Interpretation: true, index.Disclosure: true, index.News: true}

// undated sees a document without a date.
func (s *subject) undated() {
	d := &s.out.Document
	if s.out.Skip != "" || !dated[d.Kind] || d.Date() != 0 {
		return
	}
	column := d.Copies[0].Column
	if strings.EqualFold(column, d.Title) || indexPath.MatchString(s.page.URL.Path) {
		return // a column's page
	}
	if column == "" {
		column = "（没有栏目）"
	}
	s.see(sight{rule: Undated, subject: column, severity: Hint, evidence: d.Title})
}

// cut is at most n characters of a text, on one line.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// oneLine collapses blanks.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
