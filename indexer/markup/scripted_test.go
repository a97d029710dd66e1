package markup

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	vueShell = `<!DOCTYPE html><html lang=""><head><meta charset="utf-8"><title>政务公开</title><script defer src="/js/app.3f2a.js"></script></head>
		<body><noscript><strong>We're sorry but it doesn't work properly without JavaScript enabled.</strong></noscript><div id="app"></div></body></html>`
	viteShell = `<html><head><title>x</title><script type="module" crossorigin src="/assets/index-1.js"></script></head><body><div id="root"><div class="loading">加载中…</div></div></body></html>`
	written   = `<html><body><script src="/list.js"></script><script>writeList()</script></body></html>`
	asking    = `<html><body><div id="wrap">页面加载中</div><noscript>请启用浏览器的脚本</noscript><script>load()</script></body></html>`
)

func TestAPageThatItsScriptsMakeIsKnown(t *testing.T) {
	article := `<div id="app"><h1>关于印发住房公积金管理办法的通知</h1><p>` + strings.Repeat("各县市人民政府，州直各单位：", 10) + `</p></div><script src=a.js></script>`
	for page, want := range map[string]bool{
		vueShell: true, viteShell: true, written: true, asking: true,
		article:                false,
		`<div id="app"></div>`: false, // no script that would fill it
		`<p>详见附件</p><script>count()</script>`: false,
		`<div id="app"><a href=/1>一</a><a href=/2>二</a><a href=/3>三</a><a href=/4>四</a></div><script>count()</script>`: false,
		`<script>location.href = "/index.html"</script>`:                                                               false, // leads on
		`<html><frameset><frame src="/top.html"></frameset><script>x()</script></html>`:                                false,
		`<div id="app"></div><script type="application/json">{"a": 1}</script>`:                                        false,
		`<script>document.cookie = "__jsl_clearance=1"; location.href = location.href</script>`:                        false, // a firewall's riddle
	} {
		p, err := Parse(&url.URL{Scheme: "http", Host: "www.example.gov.cn", Path: "/"}, []byte(page), "", "")
		if err != nil {
			t.Fatal(err)
		}
		if p.Scripted != want {
			t.Errorf("scripted is %v:\n%s", p.Scripted, page)
		}
	}
}

// No page of the catalogue is made by its scripts alone; redirects and firewalls' riddles among them are called that.
func TestNoRealPageIsTakenForOneThatItsScriptsMake(t *testing.T) {
	dir := os.Getenv("TERRACE_PAGES")
	if dir == "" {
		dir = "../../../shared/data/pages"
	}
	rows, err := os.ReadFile(filepath.Join(dir, "index.tsv"))
	if err != nil {
		t.Skip("no real pages: ../shared/data is absent")
	}
	read := 0
	for row := range strings.Lines(string(rows)) {
		name, _, _ := strings.Cut(row, "\t")
		body, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			continue
		}
		p, err := Parse(&url.URL{Scheme: "http", Host: "www.example.gov.cn", Path: "/" + name}, body, "", "")
		if err != nil {
			continue
		}
		read++
		if p.Scripted {
			t.Errorf("%s is taken for one", name)
		}
	}
	if read < 800 {
		t.Errorf("%d pages read", read)
	}
}
