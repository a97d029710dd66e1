package demo

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"
	"time"
)

// A handler answers for one site.
type handler struct {
	cluster *Cluster
	site    *website
}

// A reply is a page before it is sent.
type reply struct {
	status   int
	kind     string // Content-Type
	body     []byte
	modified time.Time // zero: unknown
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	posts := false
	switch h.site.style.(type) {
	case aspnet, ewb:
		posts = true
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead && !(posts && r.Method == http.MethodPost) {
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if to, moved := h.site.moved(r.URL.Path); moved {
		http.Redirect(w, r, to, http.StatusMovedPermanently)
		return
	}
	p, err := h.page(r)
	if err != nil {
		h.cluster.log.Error("demo page", "site", h.site.ID, "url", r.URL.String(), "err", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	h.send(w, r, p)
}

// page finds what a URL means and draws it.
func (h *handler) page(r *http.Request) (reply, error) {
	if p, ok, err := h.extra(r.URL); ok || err != nil {
		return p, err
	}
	if s, ok := h.site.style.(hanweb); ok && r.URL.Path == dataProxy {
		return s.rows(h, r.URL.Query()), nil
	}
	if s, ok := h.site.style.(jpaas); ok && r.URL.Path == unitPath {
		return s.unit(h, r.URL.Query()), nil
	}
	if s, ok := h.site.style.(ewb); ok {
		if p, ok := s.answer(h, r); ok {
			return p, nil
		}
		if r.Method == http.MethodPost {
			return h.missing()
		}
	}
	at := h.site.style.parse(h.site, r.URL)
	if r.Method == http.MethodPost {
		at = postedPage(at, r)
	}
	switch {
	case at.column == nil:
		return h.missing()
	case at.index < 0:
		page := -1 - at.index
		if page < 1 || page > at.column.pages() {
			return h.missing()
		}
		return h.list(at.column, page)
	}
	a := h.cluster.compose(at.column, at.index)
	switch r.URL.RequestURI() {
	case h.site.style.article(a):
		return h.article(a)
	case h.site.style.attachment(a):
		return attachmentReply(a)
	}
	return h.missing()
}

// send writes a reply as the style's server would: the old one knows no validators and does not compress; the tagged one sends
// Last-Modified, the clean one ETag; both answer 304.
func (h *handler) send(w http.ResponseWriter, r *http.Request, p reply) {
	header := w.Header()
	header.Set("Content-Type", p.kind)
	if h.site.old() || p.status != http.StatusOK {
		w.WriteHeader(p.status)
		w.Write(p.body) // a reader who has left is no error
		return
	}
	header.Set("Vary", "Accept-Encoding")
	sum := fnv.New64a()
	sum.Write(p.body)
	tag := fmt.Sprintf("%x", sum.Sum64())
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && !strings.Contains(p.kind, "officedocument") {
		header.Set("Content-Encoding", "gzip")
		tag += "-gz"
		p.body = zipped(p.body)
	}
	if _, tags := h.site.style.(clean); tags {
		header.Set("ETag", `"`+tag+`"`)
		p.modified = time.Time{}
	}
	http.ServeContent(w, r, "", p.modified, bytes.NewReader(p.body))
}

func zipped(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(body) // a bytes.Buffer does not fail
	z.Close()
	return b.Bytes()
}
