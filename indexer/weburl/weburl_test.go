package weburl

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

func mustParse(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := Parse(nil, s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestHrefsAreReadAsBrowsersReadThem(t *testing.T) {
	base := mustParse(t, "http://www.yunhe.gov.cn/zwgk/tz/index.html")
	for _, c := range []struct{ name, href, want string }{
		{"relative", "t1.html", "http://www.yunhe.gov.cn/zwgk/tz/t1.html"},
		{"up", "../../a/1.html", "http://www.yunhe.gov.cn/a/1.html"},
		{"above the root", "../../../../1.html", "http://www.yunhe.gov.cn/1.html"},
		{"other host, no scheme", "//jyj.yunhe.gov.cn/x", "http://jyj.yunhe.gov.cn/x"},
		{"backslashes", `\art\1.html`, "http://www.yunhe.gov.cn/art/1.html"},
		{"backslashes after the scheme", `http:\\www.yunhe.gov.cn\art\1.html`, "http://www.yunhe.gov.cn/art/1.html"},
		{"blanks around", "  \u3000t1.html\u00a0\n", "http://www.yunhe.gov.cn/zwgk/tz/t1.html"},
		{"line break within", "/art/\r\n2024/1.html", "http://www.yunhe.gov.cn/art/2024/1.html"},
		{"tab within", "ht\ttp://a.cn/x", "http://a.cn/x"},
		{"blank within", "/附件 1.pdf", "http://www.yunhe.gov.cn/%E9%99%84%E4%BB%B6%201.pdf"},
		{"IDN", "http://云河.政务/", "http://xn--6kr15f.xn--zfr164b/"},
		{"GBK escapes in the query stay", "/s?q=%b9%ab%b8%e6", "http://www.yunhe.gov.cn/s?q=%b9%ab%b8%e6"},
		{"GBK bytes stay", "/s?q=\xb9\xab", "http://www.yunhe.gov.cn/s?q=%B9%AB"},
		{"GBK bytes in a path stay", "/\xb9\xab.html", "http://www.yunhe.gov.cn/%B9%AB.html"},
		{"lone percent", "/a?rate=5%", "http://www.yunhe.gov.cn/a?rate=5%25"},
		{"colon in a relative path", "a:b/c.html", ""},
		{"colon after a slash", "./a:b.html", "http://www.yunhe.gov.cn/zwgk/tz/a:b.html"},
		{"fragment", "t1.html#top", "http://www.yunhe.gov.cn/zwgk/tz/t1.html"},
		{"only a query", "?page=2", "http://www.yunhe.gov.cn/zwgk/tz/index.html?page=2"},
		{"upper-case scheme", "HTTP://A.cn/X", "http://A.cn/X"},
		{"no slash after the host", "http://a.cn", "http://a.cn/"},
		{"user and password", "http://u:p@a.cn/", "http://a.cn/"},
		{"javascript", "javascript:void(0)", ""},
		{"javascript in disguise", " java\nscript:void(0)", ""},
		{"javascript with odd characters", `JavaScript:open("x y")`, ""},
		{"mail", "mailto:a@b.cn", ""},
		{"data", "data:text/html,x", ""},
		{"telephone", "tel:12345", ""},
		{"file", "file:///C:/x.doc", ""},
		{"no host", "http:///x", "http://x/"},
		{"bad port", "http://a.cn:99999999/", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			u, err := Parse(base, c.href)
			if c.want == "" {
				if err == nil {
					t.Fatalf("%q was read as %s", c.href, u)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if u.String() != c.want {
				t.Errorf("%q\n got %s\nwant %s", c.href, u, c.want)
			}
		})
	}
}

func TestWhatIsNoPlaceIsRefused(t *testing.T) {
	for _, href := range []string{"data:image/png;base64," + strings.Repeat("A", maxHref), "mailto:x@y.cn", "/relative"} {
		if _, err := Parse(nil, href); err == nil {
			t.Errorf("%.30q was read", href)
		}
	}
	if _, err := Parse(nil, "javascript:history.back()"); !errors.Is(err, ErrNotWeb) {
		t.Errorf("got %v", err)
	}
}

func TestAPageHasOneCanonicalURL(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"case of scheme and host", "HTTP://WWW.Yunhe.GOV.cn/Art/1.HTML", "http://www.yunhe.gov.cn/Art/1.HTML"},
		{"default port", "http://a.cn:80/x", "http://a.cn/x"},
		{"default port of https", "https://a.cn:443/x", "https://a.cn/x"},
		{"another port", "http://a.cn:8080/x", "http://a.cn:8080/x"},
		{"dot behind the host", "http://a.cn./x", "http://a.cn/x"},
		{"fragment", "http://a.cn/x#y", "http://a.cn/x"},
		{"root", "http://a.cn", "http://a.cn/"},
		{"dot segments", "http://a.cn/a/./b/../c/", "http://a.cn/a/c/"},
		{"encoded dot segments", "http://a.cn/a/%2e%2E/c", "http://a.cn/c"},
		{"double slash stays", "http://a.cn//a//b", "http://a.cn//a//b"},
		{"index.html stays", "http://a.cn/a/index.html", "http://a.cn/a/index.html"},
		{"jsessionid", "http://a.cn/a.do;jsessionid=0123ABC.node1?id=1", "http://a.cn/a.do?id=1"},
		{"jsessionid as parameter", "http://a.cn/a.do?JSESSIONID=0123&id=1", "http://a.cn/a.do?id=1"},
		{"ASP.NET session", "http://a.cn/(S(abc123))/a.aspx", "http://a.cn/a.aspx"},
		{"PHPSESSID", "http://a.cn/a.php?id=1&PHPSESSID=abc", "http://a.cn/a.php?id=1"},
		{"sid that is a session", "http://a.cn/a?sid=0123456789abcdef0123456789abcdef", "http://a.cn/a"},
		{"sid that is a page", "http://a.cn/a?sid=17", "http://a.cn/a?sid=17"},
		{"tracking", "http://a.cn/a?utm_source=wx&id=1&spm=C731.1&from=singlemessage&isappinstalled=0", "http://a.cn/a?id=1"},
		{"from that means something", "http://a.cn/a?from=bmfw", "http://a.cn/a?from=bmfw"},
		{"cache buster", "http://a.cn/a?id=1&_=1712345678901", "http://a.cn/a?id=1"},
		{"order of parameters stays", "http://a.cn/a?b=1&a=2", "http://a.cn/a?b=1&a=2"},
		{"empty query", "http://a.cn/a?", "http://a.cn/a"},
		{"empty parameters", "http://a.cn/a?&&x=1&", "http://a.cn/a?x=1"},
		{"escapes of plain characters", "http://a.cn/%61%2D%7e", "http://a.cn/a-~"},
		{"GBK bytes stay, in upper case", "http://a.cn/s?q=%b9%ab+x%26", "http://a.cn/s?q=%B9%AB+x%26"},
		{"slash in an escape stays", "http://a.cn/a%2fb", "http://a.cn/a%2Fb"},
		{"Chinese path", "http://a.cn/公告", "http://a.cn/%E5%85%AC%E5%91%8A"},
		{"IPv6", "http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Canonical(mustParse(t, c.in)); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
			}
		})
	}
}

func FuzzCanonicalIsStable(f *testing.F) {
	for _, s := range []string{"a.html", `\a\b`, "?q=%b9", "//h:80/x;jsessionid=1", "/(S(a))/(S(b))/..", "/%2e%2e;jsessionid=/x", "http://云河.cn/a b?c=d%", "/a?;jsess;jsessionid=1"} {
		f.Add(s)
	}
	base, err := url.Parse("http://www.yunhe.gov.cn/zwgk/index.html")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, href string) {
		u, err := Parse(base, href)
		if err != nil {
			return
		}
		once := Canonical(u)
		again, err := Parse(nil, once)
		if err != nil {
			t.Fatalf("%q became %q, which cannot be read: %v", href, once, err)
		}
		if twice := Canonical(again); twice != once {
			t.Fatalf("%q became %q, then %q", href, once, twice)
		}
		if std, err := url.Parse(once); err != nil || Canonical(std) != once {
			t.Fatalf("net/url reads %q otherwise: %v", once, err)
		}
	})
}

func BenchmarkParseAndCanonical(b *testing.B) {
	base := mustParse(b, "http://www.yunhe.gov.cn/zwgk/tz/index.html")
	for b.Loop() {
		u, err := Parse(base, "../../art/2024/5/6/art_1229_58921.html?from=singlemessage")
		if err != nil || Canonical(u) == "" {
			b.Fatal(err)
		}
	}
}
