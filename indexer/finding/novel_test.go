package finding

import (
	"fmt"
	"strings"
	"testing"

	"terrace/indexer/archive"
)

func TestDomainsAndScriptsAreToldOnceTheyAreNew(t *testing.T) {
	l := newLab(t)
	body := func(more string) string {
		return text(1) + `<a href="http://known.example/">某</a><a href="http://www.moe.gov.cn/">教育部</a><script src="http://cdn.example/a.js"></script>` + more
	}
	l.page("/a.html", body(""))
	if found := append(l.list(Outbound), l.list(Script)...); len(found) > 0 {
		t.Errorf("found at first sight: %+v", found)
	}
	l.page("/a.html", body(`<a href="http://new.example/x">新</a><script src="//evil.example/x.js"></script>`))
	if f := l.one(Outbound); f.Subject != "new.example" || !strings.Contains(f.Examples[0].Evidence, "http://new.example/x") {
		t.Errorf("found %+v", f)
	}
	if f := l.one(Script); f.Subject != "evil.example" {
		t.Errorf("found %+v", f)
	}
	l.page("http://gjj.yunhe.example/a.html", body("")) // known to another site
	l.page("http://gjj.yunhe.example/b.html", body(""))
	if found := l.list(Outbound); len(found) != 1 {
		t.Errorf("found %+v", found)
	}
}

func TestOfAListOfDomainsWhatIsNotOnItIsTold(t *testing.T) {
	l := newLab(t, "known.example")
	l.page("/a.html", text(1)+`<a href="http://www.known.example/">某</a><a href="http://gjj.yunhe.example/">某</a><a href="http://www.gov.cn/">某</a><a href="http://other.example/">某</a>`)
	if f := l.one(Outbound); f.Subject != "other.example" {
		t.Errorf("found %+v", f)
	}
}

func TestNewScriptsOfTheHomePage(t *testing.T) {
	l := newLab(t)
	home := func(script string) {
		l.visit("/", archive.Visit{Role: archive.Home, Body: []byte("<html><body>" + text(1) + "<script>" + script + "</script></body></html>")})
	}
	const counter = "function count(n) { document.title = 'visits: ' + n; return document.title; } count(%d);"
	home(fmt.Sprintf(counter, 1))
	l.list(Script)
	home(fmt.Sprintf(counter, 2)) // another number is no other script
	if found := l.list(Script); len(found) > 0 {
		t.Errorf("found %+v", found)
	}
	home("var a = eval(function(p,a,c,k,e,d){ return p; }('x', 62, 10, 'document|write'.split('|'), 0, {}));")
	if f := l.one(Script); !strings.Contains(f.Group, "eval") {
		t.Errorf("found %+v", f)
	}
}
