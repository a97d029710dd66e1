package moves

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

func TestOldURLsAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]Old{
		" http://WWW.Old.example:80/a.html ":                       {"http://www.old.example/a.html", "old.example/a.html", false},
		"https://old.example/a.html?id=1&from=singlemessage#top":   {"https://old.example/a.html?id=1", "old.example/a.html?id=1", false},
		"old.example/a.html":                                       {"http://old.example/a.html", "old.example/a.html", false},
		"http%3A%2F%2Fold.example%2Fa.html":                        {"http://old.example/a.html", "old.example/a.html", false},
		"“http://old.example/a.html”":                              {"http://old.example/a.html", "old.example/a.html", false},
		"http://old.example/zw/":                                   {"http://old.example/zw/", "old.example/zw/", false},
		"http://old.example/":                                      {"http://old.example/", "old.example/", false},
		"http://old.example/#top":                                  {"http://old.example/", "old.example/", false},
		"old.example":                                              {"old.example/*", "old.example/*", true},
		"http://www.old.example":                                   {"www.old.example/*", "old.example/*", true},
		"old.example/zw/":                                          {"old.example/zw/*", "old.example/zw/*", true},
		"http://old.example/zw/*":                                  {"old.example/zw/*", "old.example/zw/*", true},
		"http://old.example:8080/中.html":                           {"http://old.example:8080/%E4%B8%AD.html", "old.example:8080/%E4%B8%AD.html", false},
		"http://old.example/%D6%D0.html":                           {"http://old.example/%D6%D0.html", "old.example/%D6%D0.html", false},
		"http://10.1.2.3/a.asp?id=5":                               {"http://10.1.2.3/a.asp?id=5", "10.1.2.3/a.asp?id=5", false},
		"http://old.example/a.aspx;jsessionid=1234?utm_source=x&b": {"http://old.example/a.aspx?b", "old.example/a.aspx?b", false},
	} {
		if got, err := ParseOld(text); err != nil || got != want {
			t.Errorf("%q is read as %+v (%v), want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "no url", "ftp://old.example/", "javascript:alert(1)", "http://", "/a.html", "http://old.example/a*", "http://old.example/a?b=/*", "localhost", "http://a.example/" + strings.Repeat("x", 2000)} {
		if got, err := ParseOld(text); !errors.Is(err, ErrURL) {
			t.Errorf("%.40q is read as %+v (%v)", text, got, err)
		}
	}
}

func TestNewURLsAreWrittenInFull(t *testing.T) {
	if got, err := ParseNew(" http://New.example/x/* "); err != nil || got != "http://new.example/x/" {
		t.Errorf("%q, %v", got, err)
	}
	for _, text := range []string{"new.example/a", "javascript://new.example/%0aalert(1)", "//new.example/a", "data:text/html,x"} {
		if got, err := ParseNew(text); !errors.Is(err, ErrURL) {
			t.Errorf("%q is taken as %q (%v)", text, got, err)
		}
	}
}

func TestOnePageHasOneKeyInEitherEncoding(t *testing.T) {
	gbk, utf8 := "old.example/%CD%A8%D6%AA/a%D2%BB.html?x=%B9%AB", "old.example/%E9%80%9A%E7%9F%A5/a%E4%B8%80.html?x=%E5%85%AC"
	if got := recoded(gbk); got != utf8 {
		t.Errorf("GBK as UTF-8: %q", got)
	}
	if got := recoded(utf8); got != gbk {
		t.Errorf("UTF-8 as GBK: %q", got)
	}
	for _, key := range []string{"old.example/a.html", "old.example/a%20b", "old.example/%FF%FF", "old.example/%"} {
		if got := recoded(key); got != "" {
			t.Errorf("%q is written %q in the other encoding", key, got)
		}
	}
}

func TestTwinsAreTheSchemesAndHostsOfOneKey(t *testing.T) {
	u, _ := url.Parse("https://www.old.example/a?b=1")
	got := strings.Join(Twins(u), " ")
	if got != "https://www.old.example/a?b=1 http://old.example/a?b=1 https://old.example/a?b=1 http://www.old.example/a?b=1" {
		t.Error(got)
	}
}

func FuzzParseOld(f *testing.F) {
	for _, s := range []string{"http://old.example/%D6%D0.html", "old.example/zw/*", "http%3A%2F%2Fa.example", "//a.b", "http://[::1]/x", "a.b?c#d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		o, err := ParseOld(text)
		if err != nil {
			return
		}
		again, err := ParseOld(o.Text)
		if err != nil || again != o {
			t.Errorf("%q is %+v, and that is %+v (%v)", text, o, again, err)
		}
		if strings.ContainsAny(o.Key, "\"\\ \n\r{}") || !strings.Contains(o.Key, "/") {
			t.Errorf("%q has the key %q", text, o.Key)
		}
	})
}
