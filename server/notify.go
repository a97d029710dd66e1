package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"terrace/indexer/crawl"
	terracev1 "terrace/proto/terrace/v1"
)

// A Notifier has pages of a site fetched at once, or of any site where that is empty, and tells which it refuses; crawl.Notifier is one.
type Notifier interface {
	Notify(ctx context.Context, site string, urls []string) (refused []crawl.RefusedPage, err error)
}

// maxNotified is how many pages one call may name, as many as IndexNow allows.
const maxNotified = 10_000

type siteService struct {
	terracev1.UnimplementedSiteServiceServer
	notifier Notifier
}

// siteKey is the key of a context under which the site stands whose key was presented.
type siteKey struct{}

func (s siteService) NotifyPages(ctx context.Context, in *terracev1.NotifyPagesRequest) (*terracev1.NotifyPagesResponse, error) {
	switch {
	case len(in.Urls) == 0:
		return nil, badParameter("urls", "没有网址：至少写一个")
	case len(in.Urls) > maxNotified:
		return nil, badParameter("urls", "网址太多：一次最多 10000 个")
	}
	if s.notifier == nil {
		return nil, refuse(codes.Unimplemented, "NOTIFY_CLOSED", "这个服务不采集网页，不接受通知")
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

// asSite looks for a site's key in the metadata, and tells the site in the context: empty for administrators, who may speak for any.
func (s *Server) asSite(ctx context.Context) (context.Context, error) {
	if s.options.AdminToken == "" && len(s.options.SiteKeys) == 0 {
		return nil, refuse(codes.PermissionDenied, "ADMIN_CLOSED", "没有配置站点的密钥，通知接口未开放")
	}
	md, _ := metadata.FromIncomingContext(ctx)
	if values := md.Get("authorization"); len(values) == 1 {
		scheme, key, _ := strings.Cut(values[0], " ")
		site := s.siteOf(key)
		if strings.EqualFold(scheme, "Bearer") && (site != "" || same(key, s.options.AdminToken)) {
			return context.WithValue(ctx, siteKey{}, site), nil
		}
	}
	return nil, refuse(codes.Unauthenticated, "UNAUTHENTICATED", "请在 Authorization 头中提供站点的密钥（配置里 notify 的 key）：Bearer 密钥")
}

// siteOf is the site whose key is presented; empty for none.
func (s *Server) siteOf(key string) (site string) {
	for id, known := range s.options.SiteKeys {
		if same(key, known) {
			site = id
		}
	}
	return site
}

// same compares what is presented with a secret, without telling by the time it takes how much of it is right. Nothing is the same as no secret.
func same(presented, secret string) bool {
	want, got := sha256.Sum256([]byte(secret)), sha256.Sum256([]byte(presented))
	return secret != "" && subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// indexNow takes what a site tells in the form of the IndexNow protocol (https://www.indexnow.org/documentation), and makes of it the call that says the same: status 200 all taken, 400 bad
// form, 403 no such key, 422 URLs that are not the site's, which are left out.
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
	if s.siteOf(in.Key) == "" {
		plain(w, http.StatusForbidden, "密钥不对：key 应是配置里 notify 给这个站点的密钥。")
		return
	}
	ctx := metadata.AppendToOutgoingContext(r.Context(), "authorization", "Bearer "+in.Key)
	res, err := s.sites.NotifyPages(ctx, &terracev1.NotifyPagesRequest{Urls: in.URLList})
	switch {
	case err != nil:
		plain(w, runtime.HTTPStatusFromCode(status.Code(err)), status.Convert(err).Message())
	case len(res.Refused) > 0:
		var lines []string
		for _, p := range res.Refused {
			lines = append(lines, p.Url+"："+p.Reason)
		}
		plain(w, http.StatusUnprocessableEntity, strings.Join(lines, "\n"))
	default:
		plain(w, http.StatusOK, "ok")
	}
}
