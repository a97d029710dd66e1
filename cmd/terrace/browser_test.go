package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// serveApplication serves a site of which one application shows every page but one. Its host is $APP, in files too.
func serveApplication(ts *testscript.TestScript, _ bool, files []string) {
	text := strings.Repeat("缴存人购买自住住房的，凭合同提取住房公积金。", 8)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt", "/sitemap.xml":
			http.NotFound(w, r)
		case "/api/list":
			fmt.Fprint(w, `[{"id": 1, "title": "提取住房公积金的通知"}, {"id": 2, "title": "提取住房公积金的公告"}]`)
		case "/api/article":
			fmt.Fprintf(w, `{"title": "提取住房公积金的第%s号文件", "text": "%s"}`, r.URL.Query().Get("id"), r.URL.Query().Get("id")+text)
		case "/plain.html":
			fmt.Fprintf(w, "<title>静态的公告</title><h1>静态的公告</h1><p>%s</p>", text)
		default:
			fmt.Fprint(w, `<!DOCTYPE html><title>公积金中心</title><div id="app"></div><script>
				const get = path => fetch(path).then(r => r.json());
				if (location.pathname === '/') get('/api/list').then(all => { app.innerHTML = all.map(x => '<a href="/a/' + x.id + '">' + x.title + '</a>').join('') });
				else get('/api/article?id=' + location.pathname.slice(3)).then(x => { app.innerHTML = '<h1>' + x.title + '</h1><p>' + x.text + '</p>' });
			</script>`)
		}
	}))
	ts.Defer(s.Close)
	host := strings.TrimPrefix(s.URL, "http://")
	ts.Setenv("APP", host)
	for _, f := range files {
		ts.Check(os.WriteFile(ts.MkAbs(f), []byte(strings.ReplaceAll(ts.ReadFile(f), "$APP", host)), 0o600))
	}
}
