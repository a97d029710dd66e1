package weburl

import (
	"net/url"
	"testing"
)

func TestHrefsAreReadAsBrowsersReadThem(t *testing.T) {
	base, err := url.Parse("http://www.yunhe.example/zwgk/index.html")
	if err != nil {
		t.Fatal(err)
	}
	for href, want := range map[string]string{
		`\art\1.html`:                         "http://www.yunhe.example/art/1.html",
		" ../a b.html ":                       "http://www.yunhe.example/a%20b.html",
		"./202305/t1.html#top":                "http://www.yunhe.example/zwgk/202305/t1.html",
		"HTTP://WWW.Yunhe.Example:80/":        "http://www.yunhe.example/",
		"/a;jsessionid=ABC?utm_source=x&id=1": "http://www.yunhe.example/a?id=1",
		"?q=%d1%f8%c0%cf":                     "http://www.yunhe.example/zwgk/index.html?q=%D1%F8%C0%CF",
		"//www.other.example":                 "http://www.other.example/",
		"javascript:;":                        "",
		"mailto:a@b.c":                        "",
		"http://":                             "",
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

func FuzzCanonical(f *testing.F) {
	f.Add(`\art\1.html?a=1&utm_source=2`)
	base, err := url.Parse("http://www.yunhe.example/zwgk/index.html")
	if err != nil {
		f.Fatal(err)
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
	})
}
