package markup

import (
	"net/url"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"terrace/indexer/weburl"
)

func TestAQueryIsWrittenInThePagesOwnCharset(t *testing.T) {
	const links = `<a href="list.asp?class=通知&id=3">通知公告</a><a href="/公告/1.html">公告一</a><a href="s.asp?t=%E9%80%9A">已转义</a>`
	at, _ := url.Parse("http://www.yunhe.example/zw/")
	gbk, _ := simplifiedchinese.GB18030.NewEncoder().String("<meta charset=gbk><title>州政府公告</title>" + links)
	for name, c := range map[string]struct {
		body, charset string
		want          []string
	}{
		"GBK":   {gbk, "", []string{"zw/list.asp?class=%CD%A8%D6%AA&id=3", "%E5%85%AC%E5%91%8A/1.html", "zw/s.asp?t=%E9%80%9A"}},
		"UTF-8": {links, "", []string{"zw/list.asp?class=%E9%80%9A%E7%9F%A5&id=3", "%E5%85%AC%E5%91%8A/1.html", "zw/s.asp?t=%E9%80%9A"}},
		"Big5":  {"<title>x</title><a href=\"?q=\xa4\xa4\">x</a>", "big5", []string{"zw/?q=%A4%A4"}},
	} {
		p, err := Parse(at, []byte(c.body), "text/html", c.charset)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range c.want {
			if got := weburl.Canonical(p.Links[i].URL); got != "http://www.yunhe.example/"+want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
}
