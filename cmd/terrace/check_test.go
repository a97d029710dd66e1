package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCheckSaysWhatIsWrongWithEachSeed(t *testing.T) {
	town := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: Terrace\nDisallow: /closed/\n")
		case "/good":
			fmt.Fprint(w, `<title>云河州人民政府</title><a href="/1">一</a>`)
		case "/gone":
			http.NotFound(w, r)
		case "/away":
			http.Redirect(w, r, "http://other.example/", http.StatusFound)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/nofollow":
			fmt.Fprint(w, `<meta name="robots" content="nofollow"><title>列表</title><a href="/1">一</a>`)
		case "/zip":
			w.Header().Set("Content-Type", "application/zip")
			w.Write([]byte("PK\x03\x04\x00\x00\x00\x00\x01\x02\x03"))
		case "/wall":
			w.WriteHeader(http.StatusPreconditionFailed)
		}
	}))
	defer town.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead.Close()

	host := strings.TrimPrefix(town.URL, "http://")
	var seeds []string
	for _, path := range []string{"good", "gone", "away", "loop", "nofollow", "zip", "wall", "closed/a"} {
		seeds = append(seeds, town.URL+"/"+path)
	}
	file := written(t, fmt.Sprintf(`name: 云河州
sites:
  - {id: town, name: 云河州人民政府, hosts: ['%s'], allowPrivate: true, seeds: ['%s']}
  - {id: inner, name: 内网, hosts: ['localhost:%s']}
  - {id: dead, name: 停机, hosts: ['%s'], allowPrivate: true}
  - {id: secure, name: 证书, hosts: ['%s'], allowPrivate: true, seeds: ['%s/']}
`, host, strings.Join(seeds, "', '"), host[strings.LastIndexByte(host, ':')+1:], dead.Addr(), strings.TrimPrefix(secure.URL, "https://"), secure.URL))

	out, err := terrace(t, "check", "--config", file)
	if err == nil || err.Error() != "10 个入口有问题" {
		t.Errorf("check ends with %v", err)
	}
	lines := strings.Split(out, "\n")
	for seed, want := range map[string]string{
		"/good":              "",
		"/gone":              "网站答复 404 Not Found：检查网址",
		"/away":              `跳转到集群之外：http://other.example/。确属本集群，就把 "other.example" 加进 hosts`,
		"/loop":              "跳转超过十次",
		"/nofollow":          "页面写着 robots nofollow",
		"/zip":               "不是网页（application/zip）",
		"/wall":              "网站的防护设备拦截了访问（412）",
		"/closed/a":          "robots.txt 禁止访问：请网站放行 Terrace",
		"localhost:":         "解析到内网地址：确是本单位的内网站点，就在该站写 allowPrivate: true",
		dead.Addr().String(): "连接被拒绝：检查网址、端口和代理",
		secure.URL:           "证书不受信任：请网站更换证书，或在该站写 insecureTLS: true",
	} {
		found := false
		for i, line := range lines {
			if !strings.Contains(line, seed) || strings.Contains(line, "问题：") {
				continue
			}
			found = true
			if mark := strings.HasPrefix(line, "✓"); mark != (want == "") || !mark && !strings.Contains(lines[i+1], want) {
				t.Errorf("%s:\n%s\n%s\nwant %s", seed, line, lines[min(i+1, len(lines)-1)], want)
			}
			break
		}
		if !found {
			t.Errorf("%s is not in the report", seed)
		}
	}
}

func TestCheckNamesTheSettingForOutdatedTLS(t *testing.T) {
	old := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, `<title>首页</title><a href="/a.html">一</a>`)
	}))
	old.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}
	old.Config.ErrorLog = log.New(io.Discard, "", 0)
	old.StartTLS()
	defer old.Close()
	for setting, want := range map[string]string{
		"":                  "TLS 握手失败，服务器可能只支持过时的协议：请网站升级，或在该站写 legacyTLS: true",
		", legacyTLS: true": "1 个可用，0 个有问题",
	} {
		file := written(t, fmt.Sprintf("name: 云河州\nsites:\n  - {id: old, name: 旧, hosts: ['%s'], seeds: ['%s/'], allowPrivate: true, insecureTLS: true%s}\n",
			strings.TrimPrefix(old.URL, "https://"), old.URL, setting))
		if out, _ := terrace(t, "check", "--config", file); !strings.Contains(out, want) {
			t.Errorf("with %q:\n%s\nwant %s", setting, out, want)
		}
	}
}
