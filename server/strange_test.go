package server

import (
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// strange are queries, escaped as they come in an address, and what the page says of each; where it only has to say something, nothing.
var strange = []struct{ name, query, says string }{
	{"stop words alone", url.QueryEscape("的 了 和 是"), ""},
	{"a question word alone", url.QueryEscape("怎么"), ""},
	{"emoji", url.QueryEscape("🏠💰👨‍👩‍👧‍👦"), ""},
	{"emoji beside a word", url.QueryEscape("🏠公积金💰"), "3 条结果"},
	{"a regular expression", url.QueryEscape(`.*(公积金|住房)+?$^[a-z]\d{3,}\\`), ""},
	{"SQL", url.QueryEscape("' OR 1=1; DROP TABLE pages; --"), ""},
	{"SQL in full width", url.QueryEscape("＇；ｄｒｏｐ　ｔａｂｌｅ　公积金"), ""},
	{"brackets alone", url.QueryEscape("〔〕"), "没有可以查找的文字"},
	{"a year in brackets", url.QueryEscape("〔2023〕"), ""},
	{"a number without its serial", url.QueryEscape("云公积金〔2024〕"), ""},
	{"half a surrogate", "%ED%A0%BD", ""},
	{"half a surrogate beside a word", "%ED%A0%BD" + url.QueryEscape("公积金"), ""},
	{"GBK", "%B9%AB%BB%FD%BD%F0", "3 条结果"},
	{"GBK that breaks off", "%B9%AB%BB%FD%BD", ""},
	{"UTF-8 that breaks off", "%E5%85%AC%E7%A7", ""},
	{"UTF-16", "%FF%FE%6C%51%EF%79", ""},
	{"Tibetan", url.QueryEscape("བོད་ཡིག"), ""},
	{"Yi", url.QueryEscape("ꆈꌠꁱꂷ"), ""},
	{"Uyghur", url.QueryEscape("ئۇيغۇرچە يېزىق"), ""},
	{"Mongolian", url.QueryEscape("ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ"), ""},
	{"rare characters", url.QueryEscape("𠀀𠀁𠮷野家"), ""},
	{"site: of no site", url.QueryEscape("公积金 site:nowhere"), "没有找到结果"},
	{"site: without a name", url.QueryEscape("site:"), ""},
	{"site: and a blank", url.QueryEscape("site: 公积金"), ""},
	{"site: of what is no host", url.QueryEscape("公积金 site:[::1"), "没有找到结果"},
	{"site: with a broken escape", url.QueryEscape("公积金 site:%zz"), "没有找到结果"},
	{"only what is not wanted", url.QueryEscape("-公积金"), ""},
	{"dashes", url.QueryEscape("-- - ——"), "没有可以查找的文字"},
	{"quotes", url.QueryEscape(`"" "“”「`), "没有可以查找的文字"},
	{"a quote that does not close", url.QueryEscape(`"公积金`), "3 条结果"},
	{"NUL and a terminal's orders", url.QueryEscape("\x00公积金\x1b[31m\x07"), ""},
	{"line breaks", url.QueryEscape("公积金\r\n提取\t"), ""},
	{"characters of no width", url.QueryEscape("\u200b\u200d\ufeff"), "没有可以查找的文字"},
	{"text from right to left", url.QueryEscape("\u202e公积金"), "3 条结果"},
	{"private characters", url.QueryEscape("\ue000\uffff\ufffd"), ""},
	{"a tower of marks", url.QueryEscape("公" + strings.Repeat("\u0317\u0489", 90)), ""},
	{"a format", url.QueryEscape("%s%n%d{{.}}${jndi:ldap://x}"), ""},
	{"a path", url.QueryEscape("../../../etc/passwd"), ""},
	{"no day of the calendar", url.QueryEscape("2023年2月30日公积金"), ""},
	{"a number beyond all", url.QueryEscape("第99999999999999999999条"), ""},
	{"200 of one character", url.QueryEscape(strings.Repeat("公", 200)), ""},
	{"200 digits", strings.Repeat("9", 200), ""},
	{"articles", url.QueryEscape(strings.Repeat("第1条", 60)), ""},
	{"numerals", url.QueryEscape(strings.Repeat("一二三四五六七八九〇", 20)), ""},
	{"a hundred exclusions", url.QueryEscape("公" + strings.Repeat(" -", 60) + strings.Repeat("-公 ", 26)), ""},
	{"sixty phrases", url.QueryEscape(strings.Repeat(`"公积" `, 40)), ""},
	{"201 characters", url.QueryEscape(strings.Repeat("公", 201)), "最多 200 个字"},
	{"10 kB", strings.Repeat("a", 10<<10), "最多 200 个字"},
	{"10 kB that are no text", strings.Repeat("%FF", 10<<10), ""},
}

func TestAStrangeQueryIsAnsweredInWords(t *testing.T) {
	tn := build(t, nil)
	for _, c := range strange {
		t.Run(c.name, func(t *testing.T) {
			tn.t = t
			for _, more := range []string{"", "&sort=date", "&in=title", "&kind=news&spelling=literal", "&dates=words&match=any&page=2"} {
				isAnswered(t, tn.get("/?q="+c.query+more))
				isToldToPrograms(t, tn.get("/api/v1/search?q="+c.query+more))
			}
			if p := tn.get("/?q=" + c.query).page(); !strings.Contains(text(p.all("main", "")[0])+text(p.all("h1", "")[0]), c.says) {
				t.Errorf("the page says %s, want %s", text(p.all("main", "")[0]), c.says)
			}
			if got := tn.get("/api/v1/suggest?q=" + c.query); got.code >= 500 {
				t.Errorf("suggestions: %d %s", got.code, got.body)
			}
		})
	}
}

func TestAStrangeFilterIsAnsweredInWords(t *testing.T) {
	tn := build(t, nil)
	for _, c := range strange {
		t.Run(c.name, func(t *testing.T) {
			tn.t = t
			for _, filter := range []string{"site", "department", "county", "kind", "column", "date_from", "date_to", "sort", "in", "page", "page_size", "none"} {
				isAnswered(t, tn.get("/?q=a&"+filter+"="+c.query))
				isToldToPrograms(t, tn.get("/api/v1/search?q=a&"+filter+"="+c.query))
			}
		})
	}
}

// isAnswered holds that a page is whole and says something: what was found, that nothing was, or what is wrong.
func isAnswered(t *testing.T, a answer) {
	t.Helper()
	if a.code != 200 && a.code != 400 || a.Get("Content-Type") != "text/html; charset=utf-8" || !utf8.ValidString(a.body) {
		t.Errorf("the page: %d %s %.200s", a.code, a.Get("Content-Type"), a.body)
		return
	}
	p := a.page()
	main := p.all("main", "")
	if len(main) != 1 || len(p.all("input", "box")) != 1 || len(p.all("footer", "")) != 1 {
		t.Errorf("the page breaks off: %.2000s", a.body)
		return
	}
	if words := text(main[0]); !saysSomething(words) {
		t.Errorf("the page says %q", words)
	}
	if len(p.all("li", "hits")) == 0 && a.code == 200 && len(p.all("div", "nothing")) == 0 {
		t.Errorf("the page shows no hits and does not say so: %s", text(main[0]))
	}
}

// isToldToPrograms holds that the API answers in full, or says in Chinese which parameter is wrong.
func isToldToPrograms(t *testing.T, a answer) {
	t.Helper()
	switch r := a.json(); {
	case a.code == 200:
		if _, ok := r["hits"].([]any); !ok || r["total"] == nil || r["facets"] == nil {
			t.Errorf("the API: %.300s", a.body)
		}
	case a.code == 400:
		if detail, _ := r["detail"].(string); a.Get("Content-Type") != "application/problem+json" || r["reason"] == "" || !saysSomething(detail) {
			t.Errorf("the API: %.300s", a.body)
		}
	default:
		t.Errorf("the API: %d %.300s", a.code, a.body)
	}
}

// saysSomething reports whether a text holds four Chinese characters or more.
func saysSomething(text string) bool {
	n := 0
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			n++
		}
	}
	return n >= 4
}
