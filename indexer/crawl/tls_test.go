package crawl

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"terrace/site"
)

func TestServersOfOldOrDoubtfulTLSAreToldWithTheSettingThatWouldAcceptThem(t *testing.T) {
	const (
		robots  = "retry robots.txt cannot be had: no answer: "
		old     = robots + "server may know outdated TLS only, legacyTLS would accept it: "
		expired = robots + "certificate is out of date, insecureTLS would accept it: "
	)
	for about, c := range map[string]struct {
		server *tls.Config
		site   site.Site
		want   string // a prefix where it ends in a blank
	}{
		"TLS 1.0":                 {&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}, site.Site{InsecureTLS: true}, old},
		"TLS 1.1":                 {&tls.Config{MinVersion: tls.VersionTLS11, MaxVersion: tls.VersionTLS11}, site.Site{InsecureTLS: true}, old},
		"RSA key exchange":        {rsaOnly(), site.Site{InsecureTLS: true}, old},
		"TLS 1.0, allowed":        {&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}, site.Site{InsecureTLS: true, LegacyTLS: true}, "ok"},
		"RSA key exchange, let":   {rsaOnly(), site.Site{InsecureTLS: true, LegacyTLS: true}, "ok"},
		"TLS 1.3, all allowed":    {&tls.Config{}, site.Site{InsecureTLS: true, LegacyTLS: true}, "ok"},
		"expired":                 {signed(t, "127.0.0.1", -time.Hour), site.Site{}, expired},
		"of another host":         {signed(t, "10.0.0.1", time.Hour), site.Site{}, robots + "certificate is of another host, insecureTLS would accept it: "},
		"signed by nobody":        {signed(t, "127.0.0.1", time.Hour), site.Site{}, robots + "certificate is not trusted, insecureTLS would accept it: "},
		"expired, but allowed":    {signed(t, "127.0.0.1", -time.Hour), site.Site{InsecureTLS: true}, "ok"},
		"legacy is no blank card": {signed(t, "127.0.0.1", -time.Hour), site.Site{LegacyTLS: true}, expired},
	} {
		t.Run(about, func(t *testing.T) {
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/" {
					http.NotFound(w, r)
				}
			}))
			server.TLS, server.Config.ErrorLog = c.server, log.New(io.Discard, "", 0)
			server.StartTLS()
			defer server.Close()
			if got := stateAtHome(t, server.URL, c.site); got != c.want && !(strings.HasSuffix(c.want, " ") && strings.HasPrefix(got, c.want)) {
				t.Errorf("the home page is %q, want %q", got, c.want)
			}
		})
	}
}

// stateAtHome crawls a site of one page and tells what came of it.
func stateAtHome(t *testing.T, home string, s site.Site) string {
	t.Helper()
	_, host, _ := strings.Cut(home, "://")
	s.ID, s.Hosts, s.Seeds, s.AllowPrivate = "town", []string{host}, []string{home + "/"}, true
	n := &town{TB: t, archive: newArchive(t), site: s}
	n.crawl(nil)
	p, err := n.archive.Page(t.Context(), home+"/")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(p.State) + " " + p.Reason)
}

func rsaOnly() *tls.Config {
	return &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}}
}

// signed is a server with a certificate that it signed itself, good until some time from now.
func signed(t *testing.T, address string, until time.Duration) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(until),
		IPAddresses: []net.IP{net.ParseIP(address)},
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func TestAServerThatSpeaksPlainlyOnAnHTTPSAddressIsTold(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	got := stateAtHome(t, strings.Replace(server.URL, "http:", "https:", 1), site.Site{})
	if got != "retry robots.txt cannot be had: no answer: http: server gave HTTP response to HTTPS client" {
		t.Errorf("the home page is %q", got)
	}
}
