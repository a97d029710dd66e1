package archive

import (
	"strings"
	"testing"
)

func TestLinksMakePages(t *testing.T) {
	l := newLab(t)
	l.seed("/")
	home := l.visit("/", Visit{State: OK, Role: Home, Body: []byte("home"), Links: []Link{
		{URL: at("/a"), Site: "portal", Role: Article, Text: "关于开展检查的通知", Date: "2026-01-02", DueAt: day(9)},
		{URL: "http://other.example.gov.cn/", Site: "other", Role: Home, Text: "县政府"},
		{URL: at("/"), Site: "portal", Text: "首页"},
	}})
	a := l.page("/a")
	want := Page{ID: a.ID, Site: "portal", URL: at("/a"), Role: Article, State: New, NextAt: day(9), FirstSeen: day(1), Referrer: home.ID,
		Anchor: "关于开展检查的通知", ListDate: "2026-01-02"}
	if a != want {
		t.Errorf("got  %+v\nwant %+v", a, want)
	}
	if other := l.page("http://other.example.gov.cn/"); other.Site != "other" || !other.NextAt.Equal(day(1)) {
		t.Errorf("got %+v", other)
	}
	to, err := l.Links(t.Context(), home.ID)
	l.check(err)
	if len(to) != 2 || to[0].ID != a.ID {
		t.Errorf("links are %v", to)
	}
	from, err := l.Referrers(t.Context(), a.ID)
	l.check(err)
	if len(from) != 1 || from[0] != home {
		t.Errorf("referrers are %v", from)
	}
	l.put("/", "home 2", Link{URL: at("/b"), Site: "portal"}, Link{URL: at("/b"), Site: "portal"})
	if to, _ := l.Links(t.Context(), home.ID); len(to) != 1 || to[0].URL != at("/b") {
		t.Errorf("new links did not replace the old: %v", to)
	}
	if l.page("/a").Referrer != home.ID {
		t.Error("where it was first linked from is forgotten")
	}
}

func TestWhatALinkTellsOfItsTarget(t *testing.T) {
	const title = "关于开展安全生产检查的通知"
	for name, c := range map[string]struct {
		from         Role
		to           Role
		link         Link
		anchor, date string // the target's after the link; it has 通知 and no date before
	}{
		"a list":                      {List, Article, Link{Text: title, Date: "2026-01-02"}, title, "2026-01-02"},
		"a home page":                 {Home, Article, Link{Text: title}, title, ""},
		"a page of unknown role":      {Unknown, Article, Link{Text: title, Date: "2026-01-02"}, title, "2026-01-02"},
		"an article":                  {Article, Article, Link{Text: title, Date: "2026-01-02"}, "通知", ""},
		"an article on an attachment": {Article, Attachment, Link{Text: "附件1：申请表", Date: "2026-01-02"}, "附件1：申请表", ""},
		"a sitemap":                   {Sitemap, Article, Link{Text: title, Date: "2026-01-02"}, "通知", ""},
		"a shorter text":              {List, Article, Link{Text: "通"}, "通知", ""},
		"blanks":                      {List, Article, Link{Text: "  关于\n 通知 "}, "关于 通知", ""},
		"more":                        {List, Article, Link{Text: "更多>>>>>"}, "通知", ""},
		"details":                     {List, Article, Link{Text: "[ 查看 详细内容 ]"}, "通知", ""},
		"English more":                {List, Article, Link{Text: "Read More »»"}, "通知", ""},
		"marks and digits":            {List, Article, Link{Text: ">> 2026-01-02 >>"}, "通知", ""},
		"a whole summary":             {List, Article, Link{Text: strings.Repeat(title, 20)}, "通知", ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.seed("/from")
			l.visit("/from", Visit{State: OK, Body: []byte("0"), Links: []Link{{URL: at("/to"), Site: "portal", Text: "通知"}}})
			l.visit("/to", Visit{State: OK, Role: c.to, Body: []byte("text"), ContentType: "text/html"})
			c.link.URL, c.link.Site = at("/to"), "portal"
			before := l.page("/to")
			l.visit("/from", Visit{State: OK, Role: c.from, Body: []byte("1"), Links: []Link{c.link}})
			p := l.page("/to")
			if p.Anchor != c.anchor || p.ListDate != c.date {
				t.Errorf("the target has %q, %q", p.Anchor, p.ListDate)
			}
			if learned := p.Anchor != "通知" || p.ListDate != ""; learned != (p.Change > before.Change) {
				t.Errorf("resequenced from %d to %d", before.Change, p.Change)
			}
		})
	}
}

func TestTheFirstDateAndTheLongestTextStay(t *testing.T) {
	l := newLab(t)
	l.seed("/one", "/other")
	l.put("/one", "1", Link{URL: at("/a"), Site: "portal", Text: "关于开展安全生产检查的通知", Date: "2026-01-02"})
	l.put("/a", "text")
	l.moves("another list", "/other", func() {
		l.put("/other", "2", Link{URL: at("/a"), Site: "portal", Text: "关于开展安全生产…", Date: "2026-01-03"})
	})
	if p := l.page("/a"); p.Anchor != "关于开展安全生产检查的通知" || p.ListDate != "2026-01-02" {
		t.Errorf("got %+v", p)
	}
	l.visit("/a", Visit{State: Gone})
	tomb := l.page("/a").Change
	l.put("/other", "3", Link{URL: at("/a"), Site: "portal", Text: "关于开展安全生产检查的通知（征求意见稿）"})
	if p := l.page("/a"); p.Change != tomb {
		t.Error("a tombstone was resequenced for a link's text")
	}
}
