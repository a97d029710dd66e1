package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"terrace/indexer/crawl"
	terracev1 "terrace/proto/terrace/v1"
)

// A Notifier has pages of a site fetched at once, and tells which it refuses; crawl.Notifier is one.
type Notifier interface {
	Notify(ctx context.Context, site string, urls []string) (refused []crawl.RefusedPage, err error)
}

// maxNotified is how many pages one call may name.
const maxNotified = 1000

type siteService struct {
	terracev1.UnimplementedSiteServiceServer
	notifier Notifier
}

// siteKey is the key of a context under which the site stands whose key was presented.
type siteKey struct{}

func (s siteService) NotifyPages(ctx context.Context, in *terracev1.NotifyPagesRequest) (*terracev1.NotifyPagesResponse, error) {
	switch {
	case len(in.Urls) == 0:
		return nil, badParameter("urls", "请在 urls 中写上网址")
	case len(in.Urls) > maxNotified:
		return nil, badParameter("urls", "urls 一次最多 1000 个网址")
	}
	refused, err := s.notifier.Notify(ctx, ctx.Value(siteKey{}).(string), in.Urls)
	if err != nil {
		return nil, err
	}
	out := &terracev1.NotifyPagesResponse{Accepted: count(len(in.Urls) - len(refused))}
	for _, r := range refused {
		out.Refused = append(out.Refused, &terracev1.RefusedPage{Url: r.URL, Reason: r.Reason})
	}
	return out, nil
}

// asSite looks for a site's key in the metadata, and tells the site in the context.
func (s *Server) asSite(ctx context.Context) (context.Context, error) {
	if s.options.Notifier == nil || len(s.options.SiteKeys) == 0 {
		return nil, refuse(codes.PermissionDenied, "NOTIFY_CLOSED", "没有给站点配置 notifyKey，通知接口未开放")
	}
	md, _ := metadata.FromIncomingContext(ctx)
	if values := md.Get("authorization"); len(values) == 1 {
		scheme, key, _ := strings.Cut(values[0], " ")
		if site := s.siteOf(key); site != "" && strings.EqualFold(scheme, "Bearer") {
			return context.WithValue(ctx, siteKey{}, site), nil
		}
	}
	return nil, refuse(codes.Unauthenticated, "UNAUTHENTICATED", "请在 Authorization 头中提供站点的密钥（notifyKey）：Bearer 密钥")
}

// siteOf is the site whose key is presented; empty for none.
func (s *Server) siteOf(key string) (site string) {
	got := sha256.Sum256([]byte(key))
	for id, known := range s.options.SiteKeys {
		if want := sha256.Sum256([]byte(known)); subtle.ConstantTimeCompare(want[:], got[:]) == 1 && known != "" {
			site = id
		}
	}
	return site
}

// indexNow takes what a site tells in the form of the IndexNow protocol (https://www.indexnow.org/documentation): status 200 all taken, 400 bad form, 403 no such key, 422 URLs that are
// not the site's, which are left out.
func (s *Server) indexNow(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Key     string   `json:"key"`
		URLList []string `json:"urlList"`
	}
	switch r.Method {
	case http.MethodGet:
		in.Key, in.URLList = r.URL.Query().Get("key"), r.URL.Query()["url"]
	case http.MethodPost:
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxMessage))
		if err != nil || json.Unmarshal(body, &in) != nil {
			plain(w, http.StatusBadRequest, "要的是 JSON：{\"host\": …, \"key\": …, \"urlList\": […]}")
			return
		}
	default:
		w.Header().Set("Allow", "GET, POST")
		plain(w, http.StatusMethodNotAllowed, "这个地址只接受 GET 和 POST。")
		return
	}
	site := s.siteOf(in.Key)
	switch {
	case s.options.Notifier == nil || site == "":
		plain(w, http.StatusForbidden, "密钥不对：key 应是这个站点的 notifyKey。")
		return
	case len(in.URLList) == 0 || len(in.URLList) > maxNotified:
		plain(w, http.StatusBadRequest, "网址一次一个到 1000 个。")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), adminCap)
	defer cancel()
	refused, err := s.options.Notifier.Notify(ctx, site, in.URLList)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		plain(w, http.StatusServiceUnavailable, "现在太忙，请稍后再通知。")
	case err != nil:
		s.log.Error("indexnow", "site", site, "error", err)
		plain(w, http.StatusInternalServerError, "系统出现内部错误，请稍后再试。")
	case len(refused) > 0:
		var lines []string
		for _, p := range refused {
			lines = append(lines, p.URL+"："+p.Reason)
		}
		plain(w, http.StatusUnprocessableEntity, strings.Join(lines, "\n"))
	default:
		plain(w, http.StatusOK, "ok")
	}
}
