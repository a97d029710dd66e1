package server

import (
	"compress/gzip"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"
)

// handler is the HTTP face: the API, the page, its assets, and health.
func (s *Server) handler() (http.Handler, error) {
	api, err := s.gateway()
	if err != nil {
		return nil, err
	}
	pages, err := newPages(s)
	if err != nil {
		return nil, err
	}
	squeeze, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(gzip.BestSpeed))
	if err != nil {
		return nil, fmt.Errorf("set up compression: %w", err)
	}
	route := func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case path == "/api" || strings.HasPrefix(path, "/api/"):
			api.ServeHTTP(w, r)
		case path == "/indexnow":
			s.indexNow(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			pages.fail(w, r, http.StatusMethodNotAllowed, "这个地址不接受这种请求。")
		case path == "" || path == "/":
			pages.search(w, r)
		case path == "/moved":
			pages.moved(w, r)
		case path == "/healthz":
			plain(w, http.StatusOK, "ok")
		case path == "/readyz":
			s.readyz(w)
		case strings.HasPrefix(path, "/assets/"):
			pages.asset(w, r)
		default:
			pages.fail(w, r, http.StatusNotFound, "没有找到这个页面。它可能已经移走，您可以在上面的搜索框里查找。")
		}
	}
	return s.edge(squeeze(http.HandlerFunc(route))), nil
}

// edge does what holds for every request: headers, the path prefix, the encoding of the query string, recovery, a line in the log.
func (s *Server) edge(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		defer func() {
			if p := recover(); p != nil {
				s.log.Error("panic in a request", "path", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				plain(w, http.StatusInternalServerError, "系统出现内部错误，请稍后再试。")
			}
			s.log.Debug("request", "method", r.Method, "path", r.URL.Path, "client", s.client(r), "took", time.Since(start))
		}()
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		next.ServeHTTP(w, s.inner(r))
	})
}

// inner is the request without the path prefix and with its query string in UTF-8.
func (s *Server) inner(r *http.Request) *http.Request {
	u := *r.URL
	if u.Path == s.prefix || strings.HasPrefix(u.Path, s.prefix+"/") {
		u.Path = strings.TrimPrefix(u.Path, s.prefix)
		u.RawPath = strings.TrimPrefix(u.RawPath, s.prefix)
	}
	u.RawQuery = strings.ReplaceAll(utf8Query(u.RawQuery), ";", "%3B") // typed into an address; it parts nothing
	in := *r
	in.URL = &u
	return &in
}

// client is the address a request comes from: the last one that no trusted proxy reports of itself.
func (s *Server) client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(host); i-- {
		addr, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		host = addr.String()
	}
	return host
}

func (s *Server) trusted(host string) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range s.options.TrustedProxies {
		if p.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}

func (s *Server) readyz(w http.ResponseWriter) {
	if err := s.options.Ready(); err != nil {
		s.log.Warn("not ready", "error", err)
		plain(w, http.StatusServiceUnavailable, "not ready")
		return
	}
	plain(w, http.StatusOK, "ok")
}

func plain(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	fmt.Fprintln(w, text)
}
