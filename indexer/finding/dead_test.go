package finding

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"terrace/indexer/archive"
)

func TestADeadLinkInATemplateIsOneFaultWithItsPlace(t *testing.T) {
	l := newLab(t)
	for i := range 25 {
		l.page(fmt.Sprintf("/a/%d.html", i), text(i)+`<div class="footer"><ul class="links"><li><a href="/old/">旧版网站</a></li></ul></div>`, to("/old/"))
	}
	l.gone("/old/")
	f := l.one(DeadLink)
	if f.Subject != town+"/old/" || f.Pages != 25 || !strings.HasPrefix(f.Group, "模板：页脚") || !strings.Contains(f.Group, "ul.links > li") {
		t.Errorf("found %+v", f)
	}
	if e := f.Examples[0].Evidence; !strings.Contains(e, "「旧版网站」") || !strings.Contains(e, "返回 404") {
		t.Errorf("evidence %q", e)
	}
}

func TestADeadLinkOfOnePageNamesTheLinkAndEveryPageWithIt(t *testing.T) {
	l := newLab(t)
	for i := range 10 {
		l.page(fmt.Sprintf("/a/%d.html", i), text(i))
	}
	for _, p := range []string{"/b/1.html", "/b/2.html"} {
		l.page(p, text(len(p))+`<p>详见<a href="/gone.html">附表</a></p>`, to("/gone.html"))
	}
	l.gone("/gone.html")
	f := l.one(DeadLink)
	if f.Group != "" || f.Pages != 2 || len(f.Examples) != 2 || !strings.Contains(f.Examples[1].Evidence, "「附表」在 p") {
		t.Errorf("found %+v", f)
	}
}

func TestWhatMayBeBackSoonIsNotDead(t *testing.T) {
	for name, v := range map[string]archive.Visit{
		"a first 404":        {State: archive.Retry, Status: 404, Fails: 1, Reason: "status 404, once"},
		"a server's fault":   {State: archive.Retry, Status: 500, Fails: 9, Reason: "status 500"},
		"a firewall":         {State: archive.WAF, Status: 412, Reason: "status 412"},
		"a name unknown now": {State: archive.Retry, Fails: 1, Reason: "lookup: no such host"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.page("/a.html", text(1)+`<a href="/x.html">某</a>`, to("/x.html"))
			l.visit("/x.html", v)
			if found := l.list(DeadLink); len(found) > 0 {
				t.Errorf("found %+v", found)
			}
		})
	}
}

func TestAHostThatNoNameServerKnowsAndAMoveToNowhereAreDead(t *testing.T) {
	l := newLab(t)
	l.page("/a.html", text(1)+`<a href="/x.html">甲</a><a href="/y.html">乙</a>`, to("/x.html"), to("/y.html"))
	l.visit("/x.html", archive.Visit{State: archive.Retry, Fails: 3, Reason: "lookup x: no such host"})
	l.gone("/z.html")
	l.visit("/y.html", archive.Visit{State: archive.Redirect, Status: 302, MovedTo: town + "/z.html"})
	found := l.list(DeadLink)
	if len(found) != 2 || !strings.HasSuffix(found[0].Examples[0].Evidence, "域名不存在") || !strings.HasSuffix(found[1].Examples[0].Evidence, "跳转到不存在的网页") {
		t.Errorf("found %+v", found)
	}
}

func TestAnswersOf200ForWhatIsNotThereAreOneFaultOfTheSite(t *testing.T) {
	l := newLab(t)
	l.page("/a.html", text(1)+`<a href="/x.html">甲</a><a href="/y.html">乙</a>`, to("/x.html"), to("/y.html"))
	for _, p := range []string{"/x.html", "/y.html"} {
		l.visit(p, archive.Visit{State: archive.Quarantined, Status: 200, Reason: "soft 404: the same as for an address that does not exist"})
	}
	if f := l.one(SoftMissing); f.Site != "portal" || f.Pages != 2 {
		t.Errorf("found %+v", f)
	}
	if found := l.list(DeadLink); len(found) != 2 {
		t.Errorf("%d dead links, want 2", len(found))
	}
}

func TestAFindingEndsAndBeginsAnew(t *testing.T) {
	l := newLab(t)
	with, without := text(1)+`<a href="/gone.html">附表</a><a href="http://http://x.example/">丙</a>`, text(1)
	l.page("/a.html", with, to("/gone.html"))
	l.gone("/gone.html")
	for _, rule := range []string{DeadLink, BadLink} {
		if since := l.one(rule).Since; !since.Equal(l.clock) {
			t.Errorf("%s since %s, want %s", rule, since, l.clock)
		}
	}
	l.clock = l.clock.Add(24 * time.Hour)
	l.page("/a.html", without)
	for _, rule := range []string{DeadLink, BadLink} {
		if found := l.list(rule); len(found) > 0 {
			t.Errorf("still open: %+v", found)
		}
		gone, err := l.List(t.Context(), Query{Rule: rule, Gone: true, Limit: 10})
		l.check(err)
		if len(gone) != 1 || !gone[0].Gone.Equal(l.clock) || len(gone[0].Examples) != 1 {
			t.Errorf("gone: %+v", gone)
		}
	}
	l.clock = l.clock.Add(24 * time.Hour)
	l.page("/a.html", with, to("/gone.html"))
	for _, rule := range []string{DeadLink, BadLink} {
		if f := l.one(rule); !f.Since.Equal(l.clock) || f.Pages != 1 || len(f.Examples) != 1 {
			t.Errorf("opened again as %+v", f)
		}
	}
	l.page("/a.html", without)
	l.list(DeadLink)
	l.clock = l.clock.Add(Kept + time.Hour)
	l.list(DeadLink)
	if gone, err := l.List(t.Context(), Query{Gone: true, Limit: 10}); err != nil || len(gone) > 0 {
		t.Errorf("after %s are kept: %+v (%v)", Kept, gone, err)
	}
}

func TestWhatTheArchiveLetGoOfUnseenIsGone(t *testing.T) {
	l := newLab(t)
	l.clock = time.Now().Add(-40 * 24 * time.Hour) // the archive goes by the clock of the machine
	l.page("/a.html", text(1)+`<a href="http://http://x.example/">丙</a>`)
	l.page("/b.html", text(2)+`<a href="http://http://y.example/">丙</a>`)
	l.list(BadLink)
	l.gone("/a.html")
	_, err := l.Archive.AcceptLosses(t.Context(), "portal", l.clock)
	l.check(err)
	_, err = l.Archive.Settle(t.Context(), "portal", l.clock)
	l.check(err)
	last, err := l.Archive.LastChange(t.Context())
	l.check(err)
	l.check(l.Archive.SetCursor(t.Context(), "live", last))
	_, err = l.Archive.Purge(t.Context())
	l.check(err)
	if _, err := l.Archive.Page(t.Context(), town+"/a.html"); !errors.Is(err, archive.ErrUnknown) {
		t.Fatalf("the page is still in the archive: %v", err)
	}
	l.clock = l.clock.Add(absence)
	if f := l.one(BadLink); f.Subject != "http://http://y.example/" {
		t.Errorf("found %+v", f)
	}
}
