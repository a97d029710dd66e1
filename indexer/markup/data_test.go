package markup

import (
	"net/url"
	"strings"
	"testing"
)

func linksOf(t *testing.T, body string) (p *Page, links string) {
	t.Helper()
	u, _ := url.Parse("http://www.yunhe.example/search?page=1")
	p, err := Parse(u, []byte(body), "application/json; charset=utf-8", "")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range p.Links {
		out = append(out, l.URL.Path+" "+l.Text+" "+l.Date)
	}
	return p, strings.Join(out, "|")
}

func TestDataOfAListReadsAsThePageThatItsScriptMakes(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"rows":                      {`{"data":{"total":2,"results":[{"title":"甲","url":"/a.html","publishedTimeStr":"2026-01-02 10:00:00"},{"title":"乙","url":"/b.html","createTime":"2026-01-01"}]}}`, "/a.html 甲 2026-01-02|/b.html 乙 2026-01-01"},
		"seconds since 1970":        {`{"articles":[{"id":1,"title":"甲","url":"http://www.yunhe.example/a.html","date":1767283200}]}`, "/a.html 甲 2026-01-02"},
		"milliseconds":              {`[{"name":"甲","href":"/a.html","pubDate":1767283200000}]`, "/a.html 甲 2026-01-02"},
		"the address before others": {`[{"title":"甲","subtitle":"x","coverUrl":"/p.jpg","url":"/a.html"}]`, "/a.html 甲 "},
		"marks of a search":         {`[{"title":"<em>甲</em>乙","linkurl":"/a.html"}]`, "/a.html 甲乙 "},
		"a call":                    {`show({"list":[{"title":"甲","url":"/a.html"}]});`, "/a.html 甲 "},
		"a piece of a page":         {`{"success":true,"data":{"html":"<ul><li><a href=\"\/a.html\">甲<\/a>2026-01-02<\/li><\/ul>"}}`, "/a.html 甲 2026-01-02"},
		"rows in CDATA":             {`{"result":"<recordset><record><![CDATA[<li><a href='/a.html'>甲</a>2026-01-02</li>]]></record></recordset>"}`, "/a.html 甲 2026-01-02"},
	} {
		p, got := linksOf(t, c.body)
		if !p.Data || !strings.Contains(got, c.want) {
			t.Errorf("%s: %v %s", name, p.Data, got)
		}
	}
}

func TestATitleInDataIsNoMarkup(t *testing.T) {
	_, got := linksOf(t, `[{"title":"\"><a href=/x>乙</a>","url":"/b.html?a=\"&b"},{"title":"a\" onclick=\"x","url":"/c.html"}]`)
	if got != `/b.html ">乙 |/c.html a" onclick="x ` {
		t.Error(got)
	}
}

func TestWhatIsNoDataOfAListStaysAsItIs(t *testing.T) {
	for _, body := range []string{`{"code":200,"message":"ok"}`, `[1,2,3]`, `{"total":5}`, `{not json`, `[{"title":"甲"}]`, `(function(){ var a = [1]; })()`, `<p>{"url":"/a.html","title":"甲"}</p>`} {
		if p, _ := linksOf(t, body); p.Data || string(p.Source) != body {
			t.Errorf("%s: %v %s", body, p.Data, p.Source)
		}
	}
}

func TestALinkAroundAWholeRowIsNamedByItsHeadline(t *testing.T) {
	u, _ := url.Parse("http://www.yunhe.example/")
	p, err := Parse(u, []byte(`<ul><li><a href="1.html"><h4>询价公告</h4><p class="date">2025-04-23</p><p>我校有一批设备，现将有关事项说明...</p></a></li></ul>
		<a href="#" onclick="location.href=encodeURI('index_2.jhtml');">下一页</a><a href="#" onclick="location.href='index_' + n + '.html'">第几页</a>`), "", "utf-8")
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Links) != 2 || p.Links[0].Text != "询价公告" || p.Links[0].Date != "2025-04-23" || p.Links[1].URL.Path != "/index_2.jhtml" {
		t.Errorf("%+v", p.Links)
	}
}
