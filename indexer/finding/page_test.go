package finding

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"terrace/indexer/archive"
)

func TestLinksThatCannotBeOpenedAsWritten(t *testing.T) {
	l := newLab(t)
	cases := []struct{ href, why string }{
		{"http://http://www.a.example/", "协议写了两次"}, {"http:www.a.example", "协议写错"}, {"http：//www.a.example/", "协议写错"}, {"http//www.a.example/", "协议写错"},
		{"file:///C:/Users/x/表.doc", "指向某台电脑上的文件"}, {`C:\表.doc`, "指向某台电脑上的文件"}, {`\\server\share\x.doc`, "指向某台电脑上的文件"},
		{"http://localhost:8080/x", "指向本机"}, {"http://127.0.0.1/x", "指向内网地址"}, {"http://192.168.1.3/x", "指向内网地址"}, {"http://10.1.2.3/oa", "指向内网地址"},
		{"javascript:void(0)", ""}, {"#", ""}, {"#top", ""}, {`\art\1.html`, ""}, {"//www.a.example/", ""}, {"mailto:a@a.example", ""}, {"http://1.2.3.4/", ""},
		{"http://www.a.example/?u=http://b.example/", ""}, {"httpd.html", ""},
	}
	for i, c := range cases {
		l.page(fmt.Sprintf("/%d.html", i), text(i)+`<a href="`+c.href+`">某</a>`)
	}
	why := map[string]string{}
	for _, f := range l.list(BadLink) {
		why[f.Subject] = f.Group
	}
	for _, c := range cases {
		if why[c.href] != c.why {
			t.Errorf("of %s is said %q, want %q", c.href, why[c.href], c.why)
		}
	}
}

func TestHiddenLinksOutOfTheCluster(t *testing.T) {
	const bet = `<a href="http://bet.example/">某站</a>`
	for _, c := range []struct{ body, how string }{
		{`<div style="display:none">` + bet + `</div>`, "display:none"},
		{`<div style="position:absolute; left:-9999px">` + bet + `</div>`, "移出屏幕"},
		{`<p style="text-indent:-9999px">` + bet + `</p>`, "移出屏幕"},
		{`<span style="font-size:0px">` + bet + `</span>`, "字号为 0"},
		{`<marquee height="1" width="1">` + bet + `</marquee>`, "marquee"},
		{`<div style="height:1px;overflow:hidden">` + bet + `</div>`, "1 像素"},
		{`<font style="color:#fff;background:#fff">` + bet + `</font>`, "同色"},
		{`<script>document.write('<div style="display:none">')</script>` + bet + `<script>document.write('</div>')</script>`, "脚本写出"},
		{bet, ""},
		{`<ul id="menu" style="display:none"><li>` + bet + `</li></ul>`, ""},
		{`<ul id="menu" style="display:none"><li><a href="http://bet.example/">百家乐</a></li></ul>`, "display:none"},
		{`<div style="display:none"><a href="http://www.gov.cn/">中国政府网</a><a href="http://gjj.yunhe.example/">公积金</a></div>`, ""},
		{`<ul style="font-size:0"><li style="font-size:14px">` + bet + `</li></ul>`, ""},
	} {
		l := newLab(t)
		l.page("/a.html", text(1)+c.body)
		found := l.list(HiddenLink)
		switch {
		case c.how == "" && len(found) > 0:
			t.Errorf("%s is hidden: %+v", c.body, found[0])
		case c.how != "" && (len(found) != 1 || !strings.Contains(found[0].Subject, c.how) || found[0].Severity != Serious || !strings.Contains(found[0].Examples[0].Evidence, "bet.example")):
			t.Errorf("%s: found %+v, want %s", c.body, found, c.how)
		}
	}
}

func TestTagsOfTheGuidelineWithTheirCorrection(t *testing.T) {
	const good = `<meta name="SiteName" content="云河州人民政府"><meta name="SiteDomain" content="www.yunhe.example"><meta name="SiteIDCode" content="5399000001">` +
		`<meta name="ArticleTitle" content="关于提取的通知"><meta name="PubDate" content="2026-06-01 09:00"><meta name="ContentSource" content="州政府">`
	for _, c := range []struct{ name, from, to, subject, fix string }{
		{"all is well", "", "", "", ""},
		{"a code of another site", `"5399000001"`, `"5399000002"`, "SiteIDCode 是别的网站的标识码", `<meta name="SiteIDCode" content="5399000001">`},
		{"a domain of another city", "www.yunhe.example", "www.other.example", "SiteDomain 是别的网站的域名", `<meta name="SiteDomain" content="www.yunhe.example">`},
		{"a date in words", "2026-06-01 09:00", "2026年6月1日", "PubDate 日期格式不是 YYYY-MM-DD HH:MM", `<meta name="PubDate" content="2026-06-01 00:00">`},
		{"null", `"州政府"`, `"null"`, "ContentSource 内容是 null", ""},
		{"markup in the title", "关于提取的通知", "关于<br/>提取的通知", "ArticleTitle 内容里有 HTML 代码", `<meta name="ArticleTitle" content="关于提取的通知">`},
		{"a no-break space", `"PubDate" content`, "\"PubDate\"\u00a0content", "PubDate content 前是不间断空格（U+00A0），浏览器和检索程序读不到", `<meta name="PubDate" content="2026-06-01 09:00">`},
		{"one that is missing", `<meta name="SiteName" content="云河州人民政府">`, "", "SiteName 缺失", `<meta name="SiteName" content="云河州人民政府">`},
		{"a relative address", `<meta name="Pub`, `<meta name="Url" content="/a.html"><meta name="Pub`, "Url 不是完整的网址", `<meta name="Url" content="http://www.yunhe.example/a.html">`},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t)
			body := "<html><head><title>关于提取的通知</title>" + strings.Replace(good, c.from, c.to, 1) + "</head><body><h1>关于提取的通知</h1>" + text(1) + "</body></html>"
			l.visit("/a.html", archive.Visit{Body: []byte(body)})
			found := l.list(GovTag)
			switch {
			case c.subject == "" && len(found) > 0:
				t.Errorf("found %+v", found)
			case c.subject != "" && (len(found) != 1 || found[0].Subject != c.subject || found[0].Examples[0].Fix != c.fix):
				t.Errorf("found %+v, want %s, %s", found, c.subject, c.fix)
			}
		})
	}
}

func TestATagToBePastedIsEscaped(t *testing.T) {
	if got, want := written("ArticleTitle", `关于"A&B"的<通知>`), `<meta name="ArticleTitle" content="关于&#34;A&amp;B&#34;的&lt;通知&gt;">`; got != want {
		t.Errorf("written %s, want %s", got, want)
	}
}

func TestAFaultOfATemplateIsOneFindingWithThreeExamples(t *testing.T) {
	l := newLab(t)
	for i := range 30 {
		l.page(fmt.Sprintf("/a/%d.html", i), "<h1>通知</h1>"+text(i))
	}
	f := l.one(GovTag)
	shown := 0
	for _, e := range f.Examples {
		if e.Evidence != "" {
			shown++
		}
	}
	if f.Pages != 30 || shown != sharedKept {
		t.Errorf("%d pages, %d examples with evidence, want 30 and %d", f.Pages, shown, sharedKept)
	}
}

func TestNumbersOfPersons(t *testing.T) {
	l := newLab(t)
	cases := []struct{ text, kind, masked string }{
		{"张三，532501199001011239，汉族", "身份证号", "532501********1239"},
		{"张三，532501199001011238，汉族", "", ""}, // a wrong check digit
		{"张三，13812345678，补助 500 元", "手机号", "138****5678"},
		{"姓名：张三，身份证号：532501199001011239，手机号：13812345678", "身份证号 手机号", "138****5678"},
		{"联系人：李四，联系电话：13812345678", "", ""},
		{"咨询电话 13812345678", "", ""},
		{"监督举报：13812345678、13912345678", "", ""},
		{"卡号 6222021234567890128", "银行卡号", "6222***********0128"},
		{"缴款账号：6222021234567890128", "", ""},
		{"索引号：532501199001011239", "", ""},
	}
	for i, c := range cases {
		l.page(fmt.Sprintf("/%d.html", i), "<h1>公示</h1>"+text(i)+"<p>"+c.text+"</p>")
	}
	kinds, evidence := map[string]string{}, map[string]string{}
	for _, f := range l.list(Personal) {
		at := f.Examples[0].URL
		kinds[at] = strings.TrimSpace(kinds[at] + " " + f.Subject)
		evidence[at] += f.Examples[0].Evidence
	}
	for i, c := range cases {
		at := fmt.Sprintf("%s/%d.html", town, i)
		if e := evidence[at]; kinds[at] != c.kind || !strings.Contains(e, c.masked) || strings.Contains(e, "19900101") || strings.Contains(e, "12345678") {
			t.Errorf("%s: found %q, %q, want %q", c.text, kinds[at], e, c.kind)
		}
	}
}

func TestWordsOfGamblingInATitleButNotInAReport(t *testing.T) {
	for title, bad := range map[string]bool{"百家乐真人娱乐开户": true, "云河警方破获一起百家乐网络赌博案": false, "关于提取的通知": false} {
		l := newLab(t)
		l.visit("/a.html", archive.Visit{Body: []byte("<html><head><title>" + title + "</title></head><body>" + text(1) + "</body></html>")})
		if found := l.list(BadWord); (len(found) == 1) != bad {
			t.Errorf("%s: found %+v", title, found)
		}
	}
}

func TestAPageThatShowsOneFaultTwiceIsLookedAtLikeAnyOther(t *testing.T) {
	long := strings.Repeat("x", 400)
	for _, c := range []struct{ rule, head, body string }{
		{BadWord, `<meta name="keywords" content="百家乐"><meta name="keywords" content="老虎机">`, ""},
		{BadLink, "", `<a href="file:///` + long + `1">甲</a><a href="file:///` + long + `2">乙</a>`},
	} {
		l := newLab(t)
		l.visit("/a.html", archive.Visit{Body: []byte("<html><head><title>通知</title>" + c.head + "</head><body>" + text(1) + c.body + "</body></html>")})
		if f := l.one(c.rule); f.Pages != 1 || len(f.Examples) != 1 {
			t.Errorf("%+v", f)
		}
		l.page("/a.html", text(1))
		if found := l.list(c.rule); len(found) > 0 {
			t.Errorf("once it is mended: %+v", found)
		}
	}
}

func TestAFindingIsConfirmedByAVisitThatFindsItsPageUnchanged(t *testing.T) {
	l := newLab(t)
	l.page("/1.html", `<h1>某通知</h1>`+text(1)+`<p>张某 530102199001011231</p>`)
	since := l.one(Personal).Since
	l.clock = l.clock.Add(240 * time.Hour)
	l.visit("/1.html", archive.Visit{State: archive.OK, Status: 304, Unchanged: true})
	if f := l.one(Personal); !f.Seen.Equal(l.clock) || !f.Since.Equal(since) {
		t.Errorf("seen %v since %v, want %v since %v", f.Seen, f.Since, l.clock, since)
	}
	l.clock = l.clock.Add(time.Hour)
	l.visit("/1.html", archive.Visit{State: archive.Retry, Status: 500, Reason: "status 500"})
	if f := l.one(Personal); !f.Seen.Equal(l.clock.Add(-time.Hour)) {
		t.Errorf("a visit that failed confirms it at %v", f.Seen)
	}
}
