package server

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"terrace/moves"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/query"
)

// moved sends who asks for /moved?url=… on to the new page of an old URL: the web servers of old hosts may point there. It leads nowhere but to pages of the cluster and to what
// administrators have listed.
func (p *pages) moved(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), searchCap)
	defer cancel()
	typed := askedURL(r)
	if p.options.Moves == nil || typed == "" {
		p.fail(w, r, http.StatusNotFound, "没有写明旧网址。地址应是 /moved?url=旧网址 这样。")
		return
	}
	a, err := p.options.Moves.Address(ctx, typed)
	if err != nil {
		code, text := p.explain(err)
		p.fail(w, r, code, text)
		return
	}
	if a.State == moves.Moved {
		w.Header().Set("Cache-Control", "no-cache") // a move may be taken back
		http.Redirect(w, r, a.URL, http.StatusMovedPermanently)
		return
	}
	st := parseState(url.Values{})
	v := p.view(w, r, st)
	v.Window = "没有找到新网页 - " + v.Cluster
	v.Lost = p.address(st.asking(a.Title), a, false)
	p.show(w, http.StatusNotFound, v)
}

// askedURL is the parameter url of a request, the bytes of the site's own encoding as they are. Written as web servers write it, url=http://host$request_uri, it is all that follows.
func askedURL(r *http.Request) string {
	_, raw, _ := strings.Cut(r.RequestURI, "?")
	raw, ok := strings.CutPrefix(raw, "url=")
	if !ok {
		return r.URL.Query().Get("url")
	}
	if strings.HasPrefix(raw, "http://") || strings.HasPrefix(raw, "https://") {
		return raw
	}
	raw, _, _ = strings.Cut(raw, "&")
	plain, err := url.QueryUnescape(raw)
	if err != nil {
		return raw
	}
	return plain
}

// An address is what the page says of a URL that was typed.
type address struct {
	Text  string // a sentence
	URL   string // that it leads to; empty where a hit does
	Title string // that can be searched for
	Ask   string // the search for it
	Words string // the search for what was typed as words
}

// address puts into words what a typed URL is; found: its document is shown below.
func (p *pages) address(st state, a moves.Address, found bool) *address {
	out := &address{}
	switch {
	case a.State == moves.Moved && found && a.File:
		out.Text, out.URL = "您输入的是旧附件的网址，它现在所在的网页见下面，附件在：", a.URL
	case a.State == moves.Current && found && a.File:
		out.Text, out.URL = "您输入的是附件的网址，它所在的网页见下面，附件在：", a.URL
	case a.State == moves.Homeless && found && a.File:
		out.Text = "您输入的是旧附件的网址，原网站已关闭，还没有找到新附件。这是它原来所在的网页："
	case a.State == moves.Moved && found:
		out.Text = "您输入的是旧网址，现在的网页是："
	case a.State == moves.Moved:
		out.Text, out.URL = "您输入的是旧网址，现在的网页是：", a.URL
	case a.State == moves.Current && found:
		out.Text = "您输入的是网址，它的网页是："
	case a.State == moves.Current:
		out.Text, out.URL = "您输入的是网址，它不在搜索结果里，可以直接打开：", a.URL
	case a.State == moves.Homeless && found:
		out.Text = "您输入的是旧网址，原网站已关闭，还没有找到新网页。这是原来的网页："
	case a.State == moves.Homeless:
		out.Text = "您输入的是旧网址，原网站已关闭，还没有找到新网页。"
	default:
		out.Text = "没有收录这个网址，也不知道它的网页搬到了哪里。请输入网页的标题或关键词来查找。"
		if st.text != "" {
			out.Words = st.asTyped().url(p.home)
		}
	}
	if a.State == moves.Homeless && a.Title != "" {
		r := []rune(a.Title)
		out.Title = string(r[:min(len(r), query.MaxText)])
		out.Ask = st.asking(out.Title).url(p.home)
	}
	return out
}

// addressMessage is what a typed URL is, as the API describes it.
func addressMessage(res *query.Response) *terracev1.Address {
	a := res.Address
	if a == nil {
		return nil
	}
	out := &terracev1.Address{State: string(a.State), Typed: a.Typed, Url: a.URL}
	if a.State == moves.Homeless {
		out.Title = a.Title
	}
	return out
}
