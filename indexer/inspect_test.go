package indexer

import (
	"os"
	"strings"
	"testing"
)

func TestReasonsAreToldInChinese(t *testing.T) {
	for reason, want := range map[string]string{
		"waits for its turn at the browser: 60 pages an hour":                                     "等待用浏览器打开，每站每小时页数：60",
		"2 of its parts forbidden by robots.txt; 1 of its requests over the limit of the browser": "2 个脚本或数据被 robots.txt 禁止；1 个请求超过浏览器的上限，没有发出",
		"not rendered: the page took too much memory":                                             "浏览器没有打开它：占用内存超过上限",
		"its scripts make its text, and no browser is to open it":                                 "不运行脚本就没有内容；该站没有写 browser，或网址不在其中",
		"":                      "",
		"robots.txt forbids it": "robots.txt 不许抓取",
		"robots.txt cannot be had: no answer: dial tcp 10.0.0.1:80: connect: connection refused": "取不到 robots.txt，等它恢复：没有答复：dial tcp 10.0.0.1:80: connect: 连接被拒绝",
		"robots.txt cannot be had: http://h/robots.txt answers with status 503":                  "取不到 robots.txt，等它恢复：http://h/robots.txt 答复 HTTP 503",
		"status 403":                                                 "HTTP 403",
		"status 404, once":                                           "HTTP 404 一次，会再核实",
		"status 302: leads to itself":                                "HTTP 302，转向自己",
		"address is private: 10.0.0.1":                               "解析到内网地址，没有允许：10.0.0.1",
		"status 301: leads out of the cluster, to a.example":         "HTTP 301，转到集群之外：a.example",
		"redirect loop: /1.html leads to /2.html and back":           "转向成环：/1.html 转到 /2.html 又转回来",
		"moved for good, not seen there yet":                         "永久转到了新址，新址还没有答复",
		"page is larger than the cap: more than 20971520 bytes":      "超过大小上限：多于 20971520 字节",
		"page is larger than the cap: 99 bytes declared, 20 allowed": "超过大小上限：99 字节，上限 20",
		"trap: /list?page=N goes on without end":                     "疑似陷阱：/list?page=N 没有尽头",
	} {
		if got := ReasonInChinese(reason); got != want {
			t.Errorf("%q is told as %q, want %q", reason, got, want)
		}
	}
}

func TestAPageIsNamedAsAPersonWritesItsURL(t *testing.T) {
	for written, want := range map[string]string{
		"http://测试.政务.cn/a.html":                                  "http://xn--0zwm56d.xn--zfr164b.cn/a.html",
		"http://www.yunhe.example/公告/1.html#x":                    "http://www.yunhe.example/%E5%85%AC%E5%91%8A/1.html",
		"HTTP://WWW.yunhe.example:80":                             "http://www.yunhe.example/",
		"http://www.yunhe.example/l.aspx#!post:__EVENTARGUMENT=2": "http://www.yunhe.example/l.aspx#!post:__EVENTARGUMENT=2",
		"fbic7jyd6wbjskjt":                                        "fbic7jyd6wbjskjt",
	} {
		if got := canonical(written); got != want {
			t.Errorf("%q is %q, want %q", written, got, want)
		}
	}
}

// What the crawl of package crawl comes to on hostile servers stands in its testdata with what is told of it.
func TestWhatHostileServersComeToIsToldInChinese(t *testing.T) {
	text, err := os.ReadFile("crawl/testdata/hostile.tsv")
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 3 {
			continue
		}
		told++
		state, reason, _ := strings.Cut(f[1], " ")
		if got := strings.TrimSpace(inChinese(state) + " " + ReasonInChinese(reason)); got != f[2] {
			t.Errorf("%s: %q is told as %q, want %q", f[0], f[1], got, f[2])
		}
	}
	if told == 0 {
		t.Error("nothing is told")
	}
}
