package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"terrace/indexer/crawl"
	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

// A looker reads single pages for check and init, by the rules that the crawler keeps: an honest name, robots.txt, no private addresses
// unasked.
type looker struct {
	userAgent    string
	proxy        *url.URL
	insecureTLS  bool
	legacyTLS    bool
	allowPrivate bool
	within       func(*url.URL) bool // where redirects may lead; nil: anywhere
	charset      string              // overrides what is found
}

// A look is what one page showed.
type look struct {
	status int
	url    *url.URL // after redirects
	leaves *url.URL // the redirect that was not followed, for it leads outside
	page   *markup.Page
	kind   string // content type
}

const (
	lookTimeout = 10 * time.Second
	lookBytes   = 4 << 20
)

var (
	errPrivateAddress = errors.New("解析到内网地址")
	errRobots         = errors.New("robots.txt 禁止访问")
)

// at fetches a page, following redirects within the cluster.
func (l *looker) at(ctx context.Context, u *url.URL) (*look, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	out := &look{url: u}
	client := l.client(out)
	defer client.CloseIdleConnections()
	if err := l.askRobots(ctx, client, u); err != nil {
		return nil, err
	}
	*out = look{url: u}
	res, body, err := l.get(ctx, client, u)
	if err != nil {
		return nil, err
	}
	out.status, out.url, out.kind = res.StatusCode, res.Request.URL, res.Header.Get("Content-Type")
	if out.url.Host != u.Host {
		if err := l.askRobots(ctx, client, out.url); err != nil {
			return nil, err
		}
	}
	out.page, err = markup.Parse(out.url, body, out.kind, l.charset)
	if err != nil && !errors.Is(err, markup.ErrNotText) {
		return nil, err
	}
	return out, nil
}

func (l *looker) client(out *look) *http.Client {
	dialer := &net.Dialer{}
	if !l.allowPrivate && l.proxy == nil {
		dialer.Control = refusePrivate
	}
	t := &http.Transport{
		DialContext:       dialer.DialContext,
		TLSClientConfig:   crawl.TLSConfig(l.insecureTLS, l.legacyTLS),
		ForceAttemptHTTP2: true,
	}
	if l.proxy != nil {
		t.Proxy = http.ProxyURL(l.proxy)
	}
	return &http.Client{Transport: t, CheckRedirect: func(req *http.Request, via []*http.Request) error {
		switch {
		case len(via) >= 10:
			return errors.New("跳转超过十次")
		case l.within != nil && !l.within(req.URL):
			out.leaves = req.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

func refusePrivate(_, address string, _ syscall.RawConn) error {
	if ap, err := netip.ParseAddrPort(address); err != nil || !weburl.Public(ap.Addr()) {
		return fmt.Errorf("%w %s", errPrivateAddress, address)
	}
	return nil
}

func (l *looker) get(ctx context.Context, client *http.Client, u *url.URL) (*http.Response, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("User-Agent", l.userAgent)
	req.Header.Set("Accept", "text/html,*/*;q=0.5")
	res, err := client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, lookBytes))
	return res, body, err
}

// askRobots returns errRobots where a host's robots.txt keeps the crawler out. Client errors allow everything, server errors nothing (RFC
// 9309, 2.3.1).
func (l *looker) askRobots(ctx context.Context, client *http.Client, u *url.URL) error {
	res, body, err := l.get(ctx, client, &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"})
	switch {
	case err != nil:
		return err
	case res.StatusCode >= 500:
		return fmt.Errorf("%w：robots.txt 取不到（%d），爬虫会等它恢复", errRobots, res.StatusCode)
	case res.StatusCode != http.StatusOK:
		return nil
	}
	if !crawl.RobotsAllow(body, u) {
		return errRobots
	}
	return nil
}

// plainly says in Chinese why a page could not be read, and what to do about it.
func plainly(err error) string {
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var dns *net.DNSError
	var record tls.RecordHeaderError
	const trust = "请网站更换证书，或在该站写 insecureTLS: true"
	switch {
	case errors.Is(err, errRobots):
		return err.Error() + "：请网站放行 Terrace，或把该站移出配置"
	case errors.Is(err, errPrivateAddress):
		return "解析到内网地址：确是本单位的内网站点，就在该站写 allowPrivate: true"
	case errors.As(err, &host):
		return "证书与域名不符：" + trust
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "证书已过期或尚未生效：" + trust
	case errors.As(err, new(x509.UnknownAuthorityError)), errors.As(err, &invalid):
		return "证书不受信任：" + trust
	case errors.As(err, &record):
		return "TLS 握手失败，对方说的不是 https：改用 http:// 的网址试试"
	case crawl.OutdatedTLS(err):
		return "TLS 握手失败，服务器可能只支持过时的协议：请网站升级，或在该站写 legacyTLS: true"
	case errors.As(err, &dns):
		return "域名解析失败：检查域名，或本机的 DNS 设置"
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("%d 秒内没有答复：检查网址、网络和代理", int(lookTimeout.Seconds()))
	case errors.Is(err, syscall.ECONNREFUSED):
		return "连接被拒绝：检查网址、端口和代理"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "连接被对方中断：可能有防护设备拦截，请网站放行"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "网络不通：检查本机网络，或设置 crawl.proxy"
	}
	return "访问失败：" + err.Error()
}
