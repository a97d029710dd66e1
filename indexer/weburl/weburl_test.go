package weburl

import (
	"net/url"
	"testing"
)

var base = &url.URL{Scheme: "http", Host: "www.yunhe.example", Path: "/zwgk/index.html"}

func TestHrefsAreReadAsBrowsersReadThem(t *testing.T) {
	for href, want := range map[string]string{
		`\art\1.html`:                 "http://www.yunhe.example/art/1.html",
		" ../a b.html ":               "http://www.yunhe.example/a%20b.html",
		"./202305/t1.html#top":        "http://www.yunhe.example/zwgk/202305/t1.html",
		"//www.other.example":         "http://www.other.example/",
		"http:\\\\www.other.example/": "http://www.other.example/",
		"/art\n/1.html":               "http://www.yunhe.example/art/1.html",
		"http://www.云河.example/":      "http://www.xn--9kq974e.example/",
		"http://u:p@h.example/":       "http://h.example/",
		"http://h.example:/":          "http://h.example/",
		"http://[::0001]:8080/":       "http://[::1]:8080/",
		"?q=\xd1\xf8\xc0\xcf":         "http://www.yunhe.example/zwgk/index.html?q=%D1%F8%C0%CF",
		"/a b?q=\xd1\xf8":             "http://www.yunhe.example/a%20b?q=%D1%F8",
		"?q=养老":                       "http://www.yunhe.example/zwgk/index.html?q=%E5%85%BB%E8%80%81",
		"javascript:;":                "",
		"mailto:a@b.c":                "",
		"http://":                     "",
		"http://::/":                  "",
		"http://h.example:99999/":     "",
		"http://a..b|c/":              "",
	} {
		got := ""
		if u, err := Parse(base, href); err == nil {
			got = Canonical(u)
		}
		if got != want {
			t.Errorf("href %q is %q, want %q", href, got, want)
		}
	}
}

func TestWithoutABaseAnHrefHasToBeAbsolute(t *testing.T) {
	if u, err := Parse(nil, "/a.html"); err == nil {
		t.Errorf("a relative href is %s", u)
	}
	for _, href := range []string{"http://h.example/a.html", `http://h.example\a.html`} {
		if u, err := Parse(nil, href); err != nil || Canonical(u) != "http://h.example/a.html" {
			t.Errorf("%s is %v, %v", href, u, err)
		}
	}
}

func TestAPageHasOneCanonicalURL(t *testing.T) {
	const sid = "0123456789abcdef0123456789ABCDEF"
	for in, want := range map[string]string{
		"HTTP://WWW.H.Example:80/":         "http://www.h.example/",
		"https://h.example:443":            "https://h.example/",
		"https://h.example:80/":            "https://h.example:80/",
		"http://h.example./a":              "http://h.example/a",
		"http://h.example.:8080/a":         "http://h.example:8080/a",
		"http://h/a/./b/../c":              "http://h/a/c",
		"http://h/a/%2e%2E/b/%2e":          "http://h/b/",
		"http://h/../../a":                 "http://h/a",
		"http://h/a//b":                    "http://h/a//b",
		"http://h/%61%7e%2f%e4":            "http://h/a~%2F%E4",
		"http://h/中":                       "http://h/%E4%B8%AD",
		"http://h/x?q=%b5%61":              "http://h/x?q=%B5a",
		"http://h/x?q=%u4e2d&p=100%":       "http://h/x?q=%u4e2d&p=100%",
		"http://h/x?q=%%361":               "http://h/x?q=%%361",
		"http://h/x?b=2&a=1&b=2":           "http://h/x?b=2&a=1&b=2",
		"http://h/x?":                      "http://h/x",
		"http://h/x?&a=1&&":                "http://h/x?a=1",
		"http://h/a;jsessionid=AB?id=1":    "http://h/a?id=1",
		"http://h/a;JSESSIONID=AB!1;v=2/b": "http://h/a;v=2/b",
		"http://h/(S(a1b2))/x.aspx":        "http://h/x.aspx",
		"http://h/(A(x)S(y))/x.aspx":       "http://h/x.aspx",
		"http://h/(S)/x.aspx":              "http://h/(S)/x.aspx",
		"http://h/x?PHPSESSID=1&id=2":      "http://h/x?id=2",
		"http://h/x?sid=" + sid:            "http://h/x",
		"http://h/x?sid=12":                "http://h/x?sid=12",
		"http://h/x?_=1700000000000&p=2":   "http://h/x?p=2",
		"http://h/x?_=12":                  "http://h/x?_=12",
		"http://h/x?utm_source=a&spm=1&from=singlemessage&isappinstalled=0&id=1": "http://h/x?id=1",
		"http://h/x?utm%5Fsource=a":                       "http://h/x",
		"http://h/x?from=index":                           "http://h/x?from=index",
		"http://h/list.php?tid=3&TotalResult=47&PageNo=2": "http://h/list.php?tid=3&PageNo=2",
	} {
		u, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := Canonical(u); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestAPageAskedForByPostHasAURLOfItsOwn(t *testing.T) {
	u := &url.URL{Scheme: "http", Host: "H.example", Path: "/List.aspx", RawQuery: "id=3"}
	form := url.Values{"__EVENTTARGET": {"ctl00$Pager"}, "__EVENTARGUMENT": {"Page$2"}, "名": {"a b&c#"}}
	once := CanonicalPost(u, form)
	back, err := url.Parse(once)
	if err != nil {
		t.Fatal(err)
	}
	if twice := Canonical(back); twice != once || twice == Canonical(u) {
		t.Errorf("%q, then %q", once, twice)
	}
	bare, got, ok := Post(back)
	if !ok || got.Encode() != form.Encode() || bare.String() != "http://h.example/List.aspx?id=3" {
		t.Errorf("%v %v %v", bare, got, ok)
	}
	for _, plain := range []string{"http://h/a", "http://h/a#top", "http://h/a#!/post", "http://h/a#!json"} {
		u, _ := url.Parse(plain)
		_, _, form := Post(u)
		if _, _, json := JSON(u); form || json || Canonical(u) != "http://h/a" {
			t.Errorf("%s is asked for by POST, as %s", plain, Canonical(u))
		}
	}
}

func TestAPageForWhichJSONIsPostedHasAURLOfItsOwn(t *testing.T) {
	u := &url.URL{Scheme: "http", Host: "H.example", Path: "/rest/list", Fragment: "top"}
	for _, text := range []string{`{"categorynum":"003006","pageIndex":0}`, `{"名":"a b+c&d#e%20","sort":"{\"webdate\":\"0\"}"}`, "{}"} {
		once := CanonicalJSON(u, text)
		back, err := url.Parse(once)
		if err != nil {
			t.Fatal(err)
		}
		if twice := Canonical(back); twice != once || twice == Canonical(u) {
			t.Errorf("%q, then %q", once, twice)
		}
		bare, got, ok := JSON(back)
		if !ok || got != text || bare.String() != "http://h.example/rest/list" {
			t.Errorf("%v %q %v", bare, got, ok)
		}
		if _, _, form := Post(back); form {
			t.Errorf("%s has a form", once)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, href := range []string{`\art\1.html?a=1&utm_source=2`, "http://::/", "http://h:0080/%2e%2e/%%361?%%361", "(S(a))/..;jsessionid=1", "?q=\xd1\xf8", "//h./a//../b"} {
		f.Add(href)
	}
	f.Fuzz(func(t *testing.T, href string) {
		u, err := Parse(base, href)
		if err != nil {
			return
		}
		once := Canonical(u)
		again, err := url.Parse(once)
		if err != nil {
			t.Fatalf("%q: %v", once, err)
		}
		if twice := Canonical(again); twice != once {
			t.Fatalf("%q, then %q", once, twice)
		}
		read, err := Parse(nil, once)
		if err != nil && len(once) <= MaxLength {
			t.Fatalf("%q: %v", once, err)
		}
		if err == nil && Canonical(read) != once {
			t.Fatalf("%q, read again %q", once, Canonical(read))
		}
	})
}

func FuzzParseIsWhatNetURLMakesOfPlainHrefs(f *testing.F) {
	for _, href := range []string{"a.html", "./a/b.html", "/x//y", "../a", "a/../b", "//h/x", ".a", "./.a", "a/.", "-", "a//b", "./", "./.", ".//a", "http://h/a", "https://h.i", "http://h/", "http:///a", "http://h//.", "http:a", "https://H_-./a//b", "a.jsp?id=1&x=/..", "?a", "a?", "http://h?a=b", "http://h/?a=b", "a?b?c", "../../x.html", "../", "../../../../a/b", "..//a", ".././a", "./../a", "..", "../a?b=c", "../?b=c"} {
		f.Add("/zwgk/index.html", href)
		f.Add("", href)
		f.Add("/a/./b/../c", href)
	}
	f.Fuzz(func(t *testing.T, at, href string) {
		from := &url.URL{Scheme: "http", Host: "h.example", Path: at}
		got := simple(from, href)
		if got == nil {
			return
		}
		want, err := from.Parse(href)
		if err != nil || Canonical(want) != Canonical(got) || want.String() != got.String() {
			t.Fatalf("%q from %q is %q, net/url says %q, %v", href, at, got, want, err)
		}
	})
}
