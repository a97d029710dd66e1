package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"time"

	"terrace/index"
	"terrace/query"
	"terrace/site"
)

//go:embed ui
var ui embed.FS

// pages are the search page and what belongs to it.
type pages struct {
	*Server
	registry  *site.Registry
	home      string // address of the search page
	assets    string // address that style, script and icon stand below; changes when they do
	templates *template.Template
	hot       hot
}

func newPages(s *Server) (*pages, error) {
	t, err := template.New("").Funcs(template.FuncMap{"thousands": thousands}).ParseFS(ui, "ui/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse templates: %w", err)
	}
	sum := sha256.New()
	for _, name := range []string{"style.css", "page.js", "icon.svg"} {
		b, err := fs.ReadFile(ui, "ui/"+name)
		if err != nil {
			return nil, fmt.Errorf("read asset: %w", err)
		}
		sum.Write(b)
	}
	return &pages{
		Server: s, registry: s.options.Registry, home: s.prefix + "/", templates: t,
		assets: s.prefix + "/assets/" + hex.EncodeToString(sum.Sum(nil)[:6]) + "/",
	}, nil
}

var assetTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

func (p *pages) asset(w http.ResponseWriter, r *http.Request) {
	name := path.Base(r.URL.Path)
	kind := assetTypes[path.Ext(name)]
	b, err := fs.ReadFile(ui, "ui/"+name)
	if kind == "" || err != nil {
		plain(w, http.StatusNotFound, "没有这个文件")
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(b)
}

// A view is what the templates show.
type view struct {
	Cluster, Version, Home, Assets string
	Window                         string // title of the window
	Elder, Contrast                bool
	ElderURL, ContrastURL          string
	Text                           string
	Hidden                         []pair // what the search form keeps of the state
	Chips                          []chip
	ClearURL                       string
	Heading                        string // of Results

	// One of the four.
	Results *results
	Start   *start
	Failure string
	Lost    *address // what is said of a URL that leads nowhere
}

// A chip is a chosen filter and the address without it.
type chip struct{ Label, URL string }

// search shows the start page where nothing was asked or chosen, and else what was found.
func (p *pages) search(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), searchCap)
	defer cancel()
	st := parseState(r.URL.Query())
	v := p.view(w, r, st)
	if st.text == "" && !st.narrowed() {
		v.Start = p.start(ctx, st)
		p.show(w, http.StatusOK, v)
		return
	}
	began := time.Now()
	related := p.related(ctx, st.text)
	if err := p.fill(ctx, v, st); err != nil {
		code, text := p.explain(err)
		v.Failure, v.Window = text, "出错了 - "+v.Cluster
		p.show(w, code, v)
		return
	}
	if v.Results.Address == nil {
		p.note(r, st, v.Results, time.Since(began))
	}
	v.Results.Related = related()
	p.show(w, http.StatusOK, v)
}

// explain says in plain words what went wrong; what only the operator can mend goes to the log.
func (p *pages) explain(err error) (code int, text string) {
	wrong := (*query.RequestError)(nil)
	switch {
	case errors.As(err, &wrong):
		return http.StatusBadRequest, wrong.Text + "。"
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable, "现在使用的人较多，没有及时查出结果。请稍等片刻再点“搜索”。"
	case errors.Is(err, index.ErrUnavailable), errors.Is(err, index.ErrNoGeneration):
		p.log.Error("search page failed", "error", err)
		return http.StatusServiceUnavailable, "搜索暂时不可用，正在恢复。请稍后再试。"
	case errors.Is(err, context.Canceled):
		return http.StatusServiceUnavailable, "请求已取消。"
	}
	p.log.Error("search page failed", "error", err)
	return http.StatusInternalServerError, "系统出了问题，我们已经记录。请稍后再试。"
}

func (p *pages) fail(w http.ResponseWriter, r *http.Request, code int, text string) {
	v := p.view(w, r, parseState(r.URL.Query()))
	v.Failure, v.Window = text, "出错了 - "+v.Cluster
	p.show(w, code, v)
}

func (p *pages) view(w http.ResponseWriter, r *http.Request, st state) *view {
	name := p.registry.Cluster().Name
	if name == "" {
		name = "政府网站"
	}
	v := &view{
		Cluster: name, Version: p.options.Version, Home: p.home, Assets: p.assets, Window: name + "搜索",
		Text: st.text, Hidden: st.pairs("q", "page", "match", "dates", "spelling"), Chips: p.chips(p.narrowings(st)), ClearURL: st.free().url(p.home),
	}
	v.Elder, v.Contrast = modes(w, r, st, p.home)
	elder, contrast := st, st
	elder.elder, contrast.contrast = toggled(v.Elder), toggled(v.Contrast)
	v.ElderURL, v.ContrastURL = elder.url(p.home), contrast.url(p.home)
	return v
}

func (p *pages) show(w http.ResponseWriter, code int, v *view) {
	var b bytes.Buffer
	if err := p.templates.ExecuteTemplate(&b, "page.html", v); err != nil {
		p.log.Error("render page", "error", err)
		plain(w, http.StatusInternalServerError, "系统出现内部错误，请稍后再试。")
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Add("Vary", "Cookie")
	w.WriteHeader(code)
	w.Write(b.Bytes())
}
