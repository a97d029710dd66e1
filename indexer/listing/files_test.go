package listing

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

const site = `var siteInfo = {"siteGuid":"3f2a","projectName":"/EWB-FRONT"}`

// search is the script of a list whose rows a search finds.
const search = `var ask = {"token":"", // who asks
	"pn":0, /* the first row */ rn:'12', "wd":"", 'fields':"title", "sort":'{"showdate":"0"}',
	"condition":null, // '[{"equal":"x","fieldName":"categorynum"}]'
	"time":when(), "range":[{"a":1},2], "cl":200};
	ask.isBusiness = 1; $.ajax({url: "/inteligentsearch/rest/esinteligentsearch/getFullTextDataNew", data: JSON.stringify(ask)});`

func sample(t *testing.T, file, address string) *markup.Page {
	t.Helper()
	body, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p, err := markup.Parse(u, body, "", "utf-8")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPageWhoseRequestStandsInScriptFilesWantsThem(t *testing.T) {
	p := sample(t, "ewb.html", "http://www.yunhe.example/jyxx/003001/003001002/list.html")
	var wants []string
	for _, u := range Read(p).Wants {
		wants = append(wants, u.String())
	}
	want := "http://www.yunhe.example/js/webBuilderCommon.js?v=5 http://www.yunhe.example/js/list.js http://www.yunhe.example/js/tab.js"
	if got := strings.Join(wants, " "); got != want {
		t.Errorf("wants %s\nwant  %s", got, want)
	}
	p.Files = []string{}
	if l := Read(p); len(l.Wants) > 0 || l.Adapter != "" {
		t.Errorf("without the files it is %s and wants %v", brief(l), l.Wants)
	}
}

func TestPagesThatNameNoColumnWantNoScriptFiles(t *testing.T) {
	for _, address := range []string{"http://www.yunhe.example/", "http://www.yunhe.example/jyxx/20260105/7c1e.html", "http://www.yunhe.example/jyxx/003001/003001002/20260105/7c1e.html", "http://www.yunhe.example/202601/a.html"} {
		if l := Read(sample(t, "ewb.html", address)); len(l.Wants) > 0 {
			t.Errorf("%s wants %v", address, l.Wants)
		}
	}
}

func TestArticlesAndListsThatShowTheirRowsWantNoScriptFiles(t *testing.T) {
	const rows = `<li><a href="/n/%d.html">关于修桥的公告</a>2026-01-05</li>`
	for name, more := range map[string]string{
		"rows":       fmt.Sprintf(rows+rows+rows, 1, 2, 3),
		"a sentence": "<p>为做好今年防汛工作，现将有关事项通知如下，请各单位认真贯彻落实，确保群众生命财产安全。</p>",
		"an article": "<p>发布时间：2026-01-05 来源：云河州水利局</p><p>详见附件。</p>",
	} {
		for file, address := range map[string]string{"ewb.html": "http://www.yunhe.example/jyxx/003001/list.html", "channel.html": "http://www.yunhe.example/c1/list.shtml"} {
			body, err := os.ReadFile("testdata/" + file)
			if err != nil {
				t.Fatal(err)
			}
			if l := readPage(t, address, string(body)+more); len(l.Wants) > 0 || len(l.Next) > 0 {
				t.Errorf("%s with %s wants %v", file, name, l.Wants)
			}
		}
	}
}

func TestWhatScriptFilesAskForIsAskedFor(t *testing.T) {
	const list = "http://www.yunhe.example/jyxx/003001/003001002/list.html"
	for _, c := range []struct{ address, script, want string }{
		{"http://www.yunhe.example/dynamic/zwgk/govInfoPub.html?categorynum=003006&deptcode=001", "load()",
			`/EWB-FRONT/rest/lightfrontaction/getgovinfolist {"categorynum":"003006","deptcode":"001","pageIndex":0,"pageSize":15,"siteGuid":"3f2a"}`},
		{list, `url: siteInfo.projectName + "/rest/lightfrontaction/getgovinfolist"`,
			`/EWB-FRONT/rest/lightfrontaction/getgovinfolist {"categorynum":"003001002","deptcode":"","pageIndex":0,"pageSize":15,"siteGuid":"3f2a"}`},
		{list, `url: '/EpointWebBuilder/rest/frontAppCustomAction/getPageInfoListNew2'`,
			`/EpointWebBuilder/rest/frontAppCustomAction/getPageInfoListNew2 params={"categoryNum":"003001002","endDate":"","kw":"","pageIndex":0,"pageSize":15,"siteGuid":"3f2a","startDate":""}`},
		{list, `url: siteInfo.projectName+"/rest/frontAppCustomAction/getPageInfoListNewYzm"`,
			`/EWB-FRONT/rest/frontAppCustomAction/getPageInfoListNewYzm categoryNum=003001002&endDate=&kw=&pageIndex=0&pageSize=15&siteGuid=3f2a&startDate=`},
		{list, `url: siteInfo.projectName+"/rest/secaction/getSecInfoListYzm"`,
			`/EWB-FRONT/rest/secaction/getSecInfoListYzm categoryNum=003001002&content=&enddate=&pageIndex=0&pageSize=15&siteGuid=3f2a&startdate=`},
		{list, search, `/inteligentsearch/rest/esinteligentsearch/getFullTextDataNew {"cl":200,"condition":[{"equal":"003001002","fieldName":"categorynum","isLike":true,"likeType":2}],` +
			`"fields":"title","isBusiness":1,"pn":0,"rn":12,"sort":"{\"showdate\":\"0\"}","token":"","wd":""}`},
		{list, `url: siteInfo.projectName + "/rest/frontAppNotNeedLoginAction/onlineVote"`, ""},
		{list, `url: "/inteligentsearch/rest/esinteligentsearch/getFullTextDataNew", data: ask(pn, rn, condition)`, ""},
	} {
		p := sample(t, "ewb.html", c.address)
		p.Files = []string{site, c.script}
		got := ""
		for _, r := range Read(p).Next {
			sent := r.JSON
			if r.Form != nil {
				sent, _ = url.QueryUnescape(r.Form.Encode())
			}
			got += r.URL.Path + " " + sent
		}
		if got != c.want {
			t.Errorf("%.60s: asked for\n%s\nwant\n%s", c.script, got, c.want)
		}
	}
}

func TestAnAnswerToAPostLeadsToTheOtherPages(t *testing.T) {
	const rows = `[{"title":"关于修桥的公告","infourl":"/n/1.html","infodate":"2026-01-05"},{"title":"关于渡船的公告","infourl":"/n/2.html","infodate":"2026-01-04"}]`
	const at = "http://www.yunhe.example/EWB-FRONT/rest/lightfrontaction/list"
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, body string
		asked      Request
		want       string
	}{
		{"the first of four", `{"custom":{"total":7,"data":` + rows + `}}`, Request{JSON: `{"pageIndex":0,"pageSize":2}`}, `7/2/4 2:{"pageIndex":1,"pageSize":2} 3:{"pageIndex":2,"pageSize":2} 4:{"pageIndex":3,"pageSize":2}`},
		{"all rows", `{"custom":{"total":2,"data":` + rows + `}}`, Request{JSON: `{"pageIndex":0,"pageSize":15}`}, `2/15/1`},
		{"the third", `{"custom":{"total":7,"data":` + rows + `}}`, Request{JSON: `{"pageIndex":2,"pageSize":2}`}, `7/2/4 4:{"pageIndex":3,"pageSize":2}`},
		{"the last", `{"custom":{"total":7,"data":` + rows + `}}`, Request{JSON: `{"pageIndex":3,"pageSize":2}`}, `7/2/4`},
		{"without a total", `{"custom":{"data":` + rows + `}}`, Request{JSON: `{"pageIndex":"4","pageSize":"2"}`}, `0/2/0 6:{"pageIndex":"5","pageSize":"2"}`},
		{"with the number of its own rows", `{"custom":{"count":2,"infodata":` + rows + `}}`, Request{JSON: `{"pageIndex":0,"pageSize":2}`}, `0/2/0 2:{"pageIndex":1,"pageSize":2}`},
		{"a search", `{"result":{"totalcount":5,"records":` + rows + `}}`, Request{JSON: `{"pn":2,"rn":2,"wd":""}`}, `5/2/3 3:{"pn":4,"rn":2,"wd":""}`},
		{"a search in a text", `{"code":200,"content":"{\"result\":{\"totalcount\":5,\"records\":[{\"title\":\"关于修桥的公告\",\"linkurl\":\"/n/1.html\"}]}}"}`, Request{JSON: `{"pn":0,"rn":2}`}, `5/2/3 2:{"pn":2,"rn":2} 3:{"pn":4,"rn":2}`},
		{"JSON in a form", `{"custom":{"count":3,"infodata":` + rows + `}}`, Request{Form: url.Values{"params": {`{"pageIndex":0,"pageSize":2}`}}}, `3/2/2 2:params={"pageIndex":1,"pageSize":2}`},
		{"a form", `{"custom":{"count":3,"infodata":` + rows + `}}`, Request{Form: url.Values{"categoryNum": {"003"}, "pageIndex": {"0"}, "pageSize": {"2"}}}, `3/2/2 2:categoryNum=003&pageIndex=1&pageSize=2`},
	} {
		p, err := markup.Parse(u, []byte(c.body), "application/json", "")
		if err != nil {
			t.Fatal(err)
		}
		c.asked.URL = u
		back, err := url.Parse(c.asked.Canonical())
		if err != nil {
			t.Fatal(err)
		}
		l := ReadAnswer(p, Asked(back))
		got := brief(Listing{Items: l.Items, PerPage: l.PerPage, Pages: l.Pages})
		for _, r := range l.Next {
			sent := r.JSON
			if r.Form != nil {
				sent, _ = url.QueryUnescape(r.Form.Encode())
			}
			if r.URL.String() != weburl.Canonical(u) {
				t.Errorf("%s: leads to %s", c.name, r.URL)
			}
			got += " " + itoa(r.Number) + ":" + sent
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestRowsOfAChannelAreAskedForWhereAScriptFileAsks(t *testing.T) {
	const id, at = "a1a078ee0bc54721ab6b148884c784a8", "http://www.yunhe.example/yhgd/c109213/list.shtml"
	for script, want := range map[string]string{
		`url: '/common/search/' + this.channelId + '?_isAgg=true'`: "/common/search/" + id + "?_channelName=&_isAgg=true&_isJson=true&_pageSize=20&_rangeTimeGte=&_template=index&page=1",
		`$.get("/searchList/"+id, { page: n })`:                    "/searchList/" + id + "?_channelName=&_isAgg=true&_isJson=true&_pageSize=20&_rangeTimeGte=&_template=index&page=1",
		`location.href = "/search/?q=" + word`:                     "",
	} {
		p := sample(t, "channel.html", at)
		wants := Read(p).Wants
		if len(wants) != 1 || wants[0].Path != "/yhgd/xhtml/js/listPage.js" {
			t.Fatalf("wants %v", wants)
		}
		p.Files = []string{script}
		got := ""
		for _, r := range Read(p).Next {
			got += strings.TrimPrefix(r.Canonical(), "http://www.yunhe.example")
		}
		if got != want {
			t.Errorf("%s: asked for %q, want %q", script, got, want)
		}
	}
}
