package demo

import (
	"maps"
	"slices"
	"strings"
	"time"
)

func (c *Cluster) expect() Expectation {
	e := Expectation{Articles: c.articles, Attachments: c.attachments, OffCluster: []string{offCluster}}
	for _, s := range c.sites {
		if s.old() {
			e.SoftDead = append(e.SoftDead, s.at(s.dead()))
		} else {
			e.Dead = append(e.Dead, s.at(s.dead()))
		}
		e.Private = append(e.Private, s.at(privatePath))
		e.NoFollow = append(e.NoFollow, s.at(loginPath))
		e.NoIndex = append(e.NoIndex, s.at(noIndexPath))
		for _, path := range slices.Sorted(maps.Keys(s.faults())) {
			e.NoIndex = append(e.NoIndex, s.at(path))
		}
		if s.hasCalendar() {
			e.Traps = append(e.Traps, s.at(calendarPath)+"?ym=")
		}
		if to, moved := s.moved(oldColumn); moved {
			e.Redirects = append(e.Redirects, Redirect{From: s.at(oldColumn), To: s.at(to), How: "301"})
		}
		for path, r := range s.stubs() {
			e.Redirects = append(e.Redirects, Redirect{From: s.at(path), To: s.at(r.To), How: r.How})
		}
	}
	return e
}

func (c *Cluster) articles(yield func(Article) bool) {
	for _, s := range c.sites {
		for _, k := range s.columns {
			for i := range k.count {
				if !yield(c.truth(c.compose(k, i))) {
					return
				}
			}
		}
	}
}

func (c *Cluster) attachments(yield func(Attachment) bool) {
	for _, s := range c.sites {
		for _, k := range s.columns {
			for i := range k.count {
				a := c.compose(k, i)
				if a.attached == "" {
					continue
				}
				if !yield(Attachment{URL: s.at(s.style.attachment(a)), Article: s.at(s.style.article(a)), Text: a.attached}) {
					return
				}
			}
		}
	}
}

// truth is what the page of a composition says.
func (c *Cluster) truth(a *composition) Article {
	k, s := a.column, a.column.site
	t := Article{
		URL: s.at(s.style.article(a)), Title: a.title, Date: a.date.Format(time.DateOnly),
		Site: s.ID, Department: s.Department, County: s.County, Column: k.name, Kind: k.genre.kind(),
		DocNo: a.docNo, Source: a.source, Text: strings.TrimSpace(a.text()),
	}
	if !a.written.IsZero() {
		t.Written = a.written.Format(time.DateOnly)
	}
	t.Details = details(a, t)
	if o := a.original; o != nil {
		t.Original = o.column.site.at(o.column.site.style.article(o))
	}
	if a.attached != "" {
		t.Attachment = s.at(s.style.attachment(a))
	}
	return t
}
