package markup

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

const address = "http://www.example.gov.cn/zwgk/tzgg/index.html"

func parse(t *testing.T, page string) *Page {
	t.Helper()
	return parseBytes(t, []byte(page), "")
}

func parseBytes(t *testing.T, page []byte, contentType string) *Page {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Parse(u, page, contentType, "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCharsetIsFoundInTheBytesBeforeTheDeclarations(t *testing.T) {
	const simplified = "关于印发《云河州住房公积金管理办法》的通知，各县（市）人民政府、州政府各部门："
	const traditional = "關於公佈臺北市政府組織規程的公告，依據地方制度法辦理，請查照。本府各機關應於期限內完成，並將結果報府備查。"
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String(simplified)
	gb18030, _ := simplifiedchinese.GB18030.NewEncoder().String(simplified + "䶮㙍𠮷")
	big5, _ := traditionalchinese.Big5.NewEncoder().String(traditional)
	utf16, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(simplified)
	const names, traditionalNames = "姓名,单位\n任强\n叶宁\n罗春", "姓名,單位\n謝麗鳳\n任靜"
	gbkNames, _ := simplifiedchinese.GBK.NewEncoder().String(names)
	big5Names, _ := traditionalchinese.Big5.NewEncoder().String(traditionalNames)

	for name, c := range map[string]struct {
		page, header, override string
		charset, text          string
	}{
		"undeclared GBK":                            {page: gbk, charset: "gb18030", text: simplified},
		"GBK declared as UTF-8 in the header":       {page: gbk, header: "text/html; charset=UTF-8", charset: "gb18030", text: simplified},
		"GBK declared as UTF-8 in the page":         {page: `<meta charset="utf-8">` + gbk, charset: "gb18030", text: simplified},
		"GBK under a server's default of Latin-1":   {page: gbk, header: "text/html; charset=ISO-8859-1", charset: "gb18030", text: simplified},
		"gb2312 with characters only GB18030 has":   {page: `<meta http-equiv="Content-Type" content="text/html; charset=gb2312">` + gb18030, charset: "gb18030", text: simplified + "䶮㙍𠮷"},
		"UTF-8 declared as gb2312":                  {page: `<meta charset="gb2312">` + simplified, header: "text/html;charset=GBK", charset: "utf-8", text: simplified},
		"UTF-8 with a byte order mark":              {page: "\xEF\xBB\xBF" + simplified, charset: "utf-8", text: simplified},
		"UTF-8 cut within its last character":       {page: simplified[:len(simplified)-1], charset: "utf-8", text: strings.TrimSuffix(simplified, "：")},
		"UTF-16 with a byte order mark":             {page: utf16, charset: "utf-16le", text: simplified},
		"Big5 declared":                             {page: big5, header: `text/html; charset="big5"`, charset: "big5", text: traditional},
		"undeclared Big5":                           {page: big5, charset: "big5", text: traditional},
		"a list of names in GBK":                    {page: gbkNames, charset: "gb18030", text: names},
		"a list of names in Big5":                   {page: big5Names, charset: "big5", text: traditionalNames},
		"a site's own setting against the header":   {page: gbk, header: "text/html; charset=big5", override: "gbk", charset: "gb18030", text: simplified},
		"a setting that names no charset is no use": {page: gbk, override: "chinese-ish", charset: "gb18030", text: simplified},
		"plain ASCII":                               {page: "<p>OK</p>", charset: "utf-8", text: "OK"},
	} {
		t.Run(name, func(t *testing.T) {
			text, charset := Decode([]byte(c.page), c.header, c.override)
			if charset != c.charset {
				t.Errorf("charset %q, want %q", charset, c.charset)
			}
			if !strings.Contains(string(text), c.text) {
				t.Errorf("read as %q", text)
			}
		})
	}
}

func TestWhatAPageSaysOfItself(t *testing.T) {
	p := parse(t, `<html><head><title>
	 通知公告 <!-- x -->_云河州</title><meta name="PubDate"`+"\u00a0"+`content="2024-01-31 10:00"><META NAME=SiteName CONTENT=" 云河州　人民政府 ">
	<meta property="og:title" content="标题"><meta name="robots" content="noindex, nofollow">
	<link rel="canonical" href="/zwgk/tzgg/index.html"></head><body><title>假标题</title></body></html>`)
	if p.Title != "通知公告 <!-- x -->_云河州" {
		t.Errorf("title %q", p.Title)
	}
	want := []Meta{{"pubdate", "2024-01-31 10:00"}, {"sitename", "云河州 人民政府"}, {"og:title", "标题"}, {"robots", "noindex, nofollow"}}
	if len(p.Meta) != len(want) {
		t.Fatalf("meta %q", p.Meta)
	}
	for i := range want {
		if p.Meta[i] != want[i] {
			t.Errorf("meta %q, want %q", p.Meta[i], want[i])
		}
	}
	if !p.NoIndex || !p.NoFollow {
		t.Error("robots not heard")
	}
	if p.Canonical != address {
		t.Errorf("canonical %q", p.Canonical)
	}
}

// links writes a page's links one a line: path, text, date, marks.
func links(p *Page) string {
	var b strings.Builder
	for _, l := range p.Links {
		b.WriteString(l.URL.RequestURI() + " " + l.Text)
		if l.Date != "" {
			b.WriteString(" " + l.Date)
		}
		if l.NoFollow {
			b.WriteString(" nofollow")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestLinksCarryTheirNamesAndTheDatesBesideThem(t *testing.T) {
	for name, c := range map[string]struct{ page, want string }{
		"a list item with its date": {
			`<ul><li><span>[2024-01-31]</span><a href="a.html">关于放假的通知</a></li><li><a href="b.html">第二条</a><i>2024年2月1日</i></li></ul>`,
			"/zwgk/tzgg/a.html 关于放假的通知 2024-01-31\n/zwgk/tzgg/b.html 第二条 2024-02-01\n"},
		"the title attribute has the words that the list cut off": {
			`<li><a href="a.html" title="关于开展2024年安全生产大检查的通知">关于开展2024年安全…</a></li>`,
			"/zwgk/tzgg/a.html 关于开展2024年安全生产大检查的通知\n"},
		"files that the page shows": {
			`<embed src="/f/1.pdf"><embed src="/f/play.swf"><object data="/f/2.ofd"><a href="/f/2.ofd">原文</a></object><iframe src="/pdfjs/web/viewer.html?file=..%2F3.pdf&amp;zoom=1"></iframe>
			<script>var a = "x.pdf"; showVsbpdfIframe("/__local/A/4.pdf","100%","600","0","");showVsbpdfIframe('/virtual_attach_file.vsb?afc=b&e=.pdf');PDFObject.embed('5.pdf', '#box'); pdf("x")</script>`,
			"/f/1.pdf \n/f/2.ofd \n/f/2.ofd 原文\n/pdfjs/3.pdf \n/__local/A/4.pdf \n/virtual_attach_file.vsb?afc=b&e=.pdf \n/zwgk/tzgg/5.pdf \n"},
		"a table row with a column's name before the title": {
			`<table><tr><td><a href="/gg/">公告</a></td><td><a href="/gg/1.html">标题一</a></td><td>2024/3/5</td></tr><tr><td><a href="/gg/2.html">标题二</a></td><td></td></tr></table>`,
			"/gg/ 公告 2024-03-05\n/gg/1.html 标题一 2024-03-05\n/gg/2.html 标题二\n"},
		"day above, year and month below": {
			`<li><div class="d"><b>15</b><span>2024-03</span></div><a href="a.html">标题</a></li>`,
			"/zwgk/tzgg/a.html 标题 2024-03-15\n"},
		"the date inside the link": {
			`<a href="a.html"><p>关于表彰先进的决定</p><span>2024-01-02</span></a>`,
			"/zwgk/tzgg/a.html 关于表彰先进的决定 2024-01-02\n"},
		"a date in a title is part of the title": {
			`<li><a href="a.html">关于2024年1月5日停水的通知</a></li>`, "/zwgk/tzgg/a.html 关于2024年1月5日停水的通知\n"},
		"no day of that month": {
			`<li><a href="a.html">标题</a> 2024-02-31</li>`, "/zwgk/tzgg/a.html 标题\n"},
		"a picture's name, an area, a frame": {
			`<a href="/a"><img alt="州长信箱"></a><map><area href="/b" title="地图"></map><iframe src="/c.html"></iframe>`,
			"/a 州长信箱\n/b 地图\n/c.html \n"},
		"handlers that open a page; links that lead nowhere": {
			`<a href="javascript:;" onclick="window.open('/art/1.html')">一</a><a href="javascript:void(0)">二</a><a href="#top">三</a><a href="mailto:a@b">四</a><a href="">五</a>`,
			"/art/1.html 一\n"},
		"rel nofollow": {`<a rel="external nofollow" href="/x">外</a>`, "/x 外 nofollow\n"},
		"base":         {`<base target="_blank"><base href="/other/"><a href="x.html">一</a>`, "/other/x.html 一\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := links(parse(t, c.page)); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestRowsOfAHanwebListInItsScriptAreLinks(t *testing.T) {
	p := parse(t, `<script type="text/xml"><datastore><nextgroup><![CDATA[<a href="/dataproxy.jsp?page=2&columnid=7"></a>]]></nextgroup><recordset>
		<record><![CDATA[<li><a href='/art/2024/1/9/art_7_1.html' title='全称全称'>全称…</a><b>2024-01-09</b></li>]]></record></recordset></datastore></script>`)
	if got, want := links(p), "/art/2024/1/9/art_7_1.html 全称全称 2024-01-09\n"; got != want {
		t.Errorf("links\n%swant\n%s", got, want)
	}
}

func TestHanwebAnswerReadAsAPage(t *testing.T) {
	p := parse(t, `<datastore><recordset><record><![CDATA[<li><a href="/art/1.html">一</a><b>2022-01-20</b></li>]]></record><record><![CDATA[<li><a href="/art/2.html">二</a></li>]]></record></recordset></datastore>`)
	if got := links(p); !strings.Contains(got, "/art/1.html 一 2022-01-20\n") || !strings.Contains(got, "/art/2.html 二\n") {
		t.Errorf("links\n%s", got)
	}
}

func TestRedirects(t *testing.T) {
	long := strings.Repeat("本页有正文。", 20)
	for name, c := range map[string]struct{ page, want string }{
		"refresh at once":             {`<meta http-equiv="Refresh" content="0;URL=./ywyw/">`, "http://www.example.gov.cn/zwgk/tzgg/ywyw/"},
		"refresh with quotes":         {`<meta http-equiv="refresh" content="3; url='/new.html'">页面跳转中`, "http://www.example.gov.cn/new.html"},
		"a page that reloads itself":  {`<meta http-equiv="refresh" content="300;url=/zwgk/tzgg/index.html">`, ""},
		"a refresh to itself":         {`<meta http-equiv="refresh" content="5;url=index.html">`, ""},
		"nothing but a script":        {`<script>window.location.href="/new/";</script>`, "http://www.example.gov.cn/new/"},
		"replace":                     {`<body>跳转中<script>location.replace('b.html')</script>`, "http://www.example.gov.cn/zwgk/tzgg/b.html"},
		"a refresh written by script": {`<script>if(lm=="政务公开"){document.write('<meta http-equiv="Refresh" content="0;URL=/zwgk/gsgg/" />');}</script>`, "http://www.example.gov.cn/zwgk/gsgg/"},
		"a script among text":         {long + `<script>location.href="/mobile/";</script>`, ""},
		"a computed address":          {`<script>location.href="/a?x="+screen.width;</script>`, ""},
		"a firewall's riddle":         {`<script>document.cookie="a=b";location.href="/x"</script>`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parse(t, c.page).Refresh; got != c.want {
				t.Errorf("leads to %q, want %q", got, c.want)
			}
		})
	}
}

func TestAFirewallsChallengeIsNoPage(t *testing.T) {
	for name, c := range map[string]struct {
		page string
		want bool
	}{
		"a cookie and the page again": {`<script>document.cookie=('_')+('j');location.href=location.pathname+location.search</script>`, true},
		"a packed script":             {`<noscript><h1>请开启JavaScript并刷新该页.</h1></noscript><script>eval('wzwschallenge')</script>`, true},
		"a refusal":                   {`<title>网站防火墙</title><p>您的访问请求被拦截</p>`, true},
		"an article about firewalls":  {`<h1>信息安全通报</h1><p>` + strings.Repeat("各单位应当检查网站防火墙，访问被拦截的情况要如实上报。", 10) + `</p><script>document.cookie="a=1";location.reload()</script>`, false},
		"an empty list":               {`<ul></ul><script>createPageHTML(1,0,"index","html")</script>`, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parse(t, c.page).Challenge; got != c.want {
				t.Errorf("challenge %v", got)
			}
		})
	}
}

func TestHostilePagesAreReadInMeasure(t *testing.T) {
	for name, page := range map[string]string{
		"boxes in boxes":         strings.Repeat("<div>", 50000) + "正文" + `<a href="/x">链接</a>`,
		"boxes and stray ends":   strings.Repeat("<div></ul>", 50000) + "正文" + `<a href="/x">链接</a>`,
		"tables in tables":       strings.Repeat("<table><tr><td>", 20000) + "正文" + `<a href="/x">链接</a>`,
		"unclosed fonts":         strings.Repeat("<p><font color=red>字", 3000) + "正文" + `<a href="/x">链接</a>`,
		"unclosed fonts in rows": strings.Repeat("<div><font><b>字</div>", 3000) + "正文" + `<a href="/x">链接</a>`,
	} {
		t.Run(name, func(t *testing.T) {
			if got := links(parse(t, page)); got != "/x 链接\n" {
				t.Errorf("links %q", got)
			}
		})
	}
	t.Run("links without end", func(t *testing.T) {
		p := parse(t, strings.Repeat(`<a href="/a">a</a>`, MaxLinks+70))
		if len(p.Links) != MaxLinks || p.LinksCut != 70 {
			t.Errorf("%d links, %d cut", len(p.Links), p.LinksCut)
		}
	})
	t.Run("a picture is no page", func(t *testing.T) {
		if _, err := Parse(&url.URL{Scheme: "http", Host: "h"}, []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00"), "image/png", ""); err == nil {
			t.Error("read as a page")
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`<a href="a.html" title="x">y</a> 2024-01-01<script>createPageHTML(4,0,"index","html")</script>`), "text/html")
	f.Add([]byte("<datastore><record><![CDATA[<li><a href=/x>"), "text/html; charset=gbk")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		u := &url.URL{Scheme: "http", Host: "www.example.gov.cn", Path: "/"}
		p, err := Parse(u, body, contentType, "")
		if err != nil {
			return
		}
		if len(p.Links) > MaxLinks {
			t.Errorf("%d links", len(p.Links))
		}
		for _, l := range p.Links {
			if l.URL == nil {
				t.Error("a link without an address")
			}
		}
	})
}

func TestBlanksOfAllKindsAreCollapsed(t *testing.T) {
	for in, want := range map[string]string{
		"": "", " ": "", "a": "a", "a b": "a b", "a  b": "a b", " a": "a", "a ": "a", "a\tb": "a b", "a\u3000b": "a b", "甲\u00a0乙": "甲 乙", "甲\u2003乙": "甲 乙",
		"甲\u200b乙": "甲乙", "\ufeff甲": "甲", "甲，乙：丙": "甲，乙：丙", "甲、乙〔2024〕": "甲、乙〔2024〕", "甲\u0085乙": "甲 乙", "“甲”": "“甲”",
	} {
		if got := collapse(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
