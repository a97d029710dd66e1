package server

import (
	"net"
	"slices"
	"strings"
	"testing"
)

func TestTheJSONHasTheAgreedShape(t *testing.T) {
	tn := build(t, nil)
	got := tn.get("/api/v1/search", "q", "公积金", "department", "公积金中心", "date_from", "2024-01-01", "sort", "date", "in", "all", "page", "1", "page_size", "5")
	if got.code != 200 || got.Get("Content-Type") != "application/json" {
		t.Fatalf("got %d %s", got.code, got.body)
	}
	r := got.json()
	hit := r["hits"].([]any)[0].(map[string]any)
	for name, want := range map[string]any{
		"id": "guide", "url": "http://gjj.yunhe.example/guide", "site": "gjj", "siteName": "云河州住房公积金中心", "department": "gjj", "county": "",
		"kind": "service", "column": "通知公告", "docNo": "云公积金〔2024〕3号", "date": "2024-03-05", "source": "云河日报", "copies": float64(1),
	} {
		if hit[name] != want {
			t.Errorf("hit.%s is %v, want %v", name, hit[name], want)
		}
	}
	if r["total"] != float64(1) || r["totalIsExact"] != true || r["relaxed"] != false {
		t.Errorf("total %v, totalIsExact %v, relaxed %v", r["total"], r["totalIsExact"], r["relaxed"])
	}
	if _, ok := r["tookMs"].(float64); !ok {
		t.Errorf("tookMs is %v, want a number", r["tookMs"])
	}
	title := ""
	marked := false
	for _, s := range hit["title"].([]any) {
		span := s.(map[string]any)
		title += span["text"].(string)
		marked = marked || span["text"] == "公积金" && span["match"] == true
	}
	if title != "住房公积金提取办事指南" || !marked {
		t.Errorf("title spans make %q, 公积金 marked: %v", title, marked)
	}
	department := r["facets"].(map[string]any)["department"].([]any)[0].(map[string]any)
	if department["value"] == "" || department["name"] == "" || department["count"].(float64) < 1 {
		t.Errorf("a facet value is %v", department)
	}
}

func TestNothingFoundIsSaidInFull(t *testing.T) {
	tn := build(t, nil)
	for name, q := range map[string]string{"no such words": "ゐゑ蛐蛐", "only punctuation": "？！……", "nothing typed": ""} {
		got := tn.get("/api/v1/search", "q", q)
		for _, want := range []string{`"total":0`, `"hits":[]`, `"site":[]`, `"department":[]`, `"county":[]`, `"kind":[]`, `"column":[]`, `"year":[]`} {
			if got.code != 200 || !strings.Contains(got.body, want) {
				t.Errorf("%s: %d without %s: %s", name, got.code, want, got.body)
			}
		}
	}
}

func TestListsRepeatTheirParameter(t *testing.T) {
	tn := build(t, nil)
	one := tn.get("/api/v1/search", "q", "公积金", "kind", "service").json()["total"].(float64)
	both := tn.get("/api/v1/search", "q", "公积金", "kind", "service", "kind", "news").json()["total"].(float64)
	if one != 1 || both != 3 {
		t.Errorf("one kind gives %v, two give %v; want 1 and 3", one, both)
	}
	if empty := tn.get("/api/v1/search", "q", "公积金", "kind", "", "page", "").json()["total"].(float64); empty != 3 {
		t.Errorf("parameters left empty give %v, want 3", empty)
	}
}

func TestAWrongRequestIsToldWhatIsWrong(t *testing.T) {
	tn := build(t, nil)
	for _, c := range []struct{ name, query, reason, parameter, says string }{
		{"an unknown parameter", "q=a&from=singlemessage", "UNKNOWN_PARAMETER", "from", "没有“from”这个参数"},
		{"a parameter twice", "q=a&q=b", "BAD_PARAMETER", "q", "只能出现一次"},
		{"a parameter under both its names", "q=a&page_size=5&pageSize=6", "BAD_PARAMETER", "page_size", "只能出现一次"},
		{"a page that is no number", "q=a&page=two", "BAD_PARAMETER", "page", "应是整数"},
		{"a page beyond 32 bits", "q=a&page=9999999999", "BAD_PARAMETER", "page", "应是整数"},
		{"a page below one", "q=a&page=-1", "BAD_PARAMETER", "page", "超出范围"},
		{"a page beyond rank 1,000", "q=a&page=101", "BAD_PARAMETER", "page", "请增加查询词"},
		{"a page too large", "q=a&page_size=101", "BAD_PARAMETER", "page_size", "应在 1 与 100 之间"},
		{"a day that is none", "q=a&date_from=2024-02-30", "BAD_PARAMETER", "date_from", "2024-01-31 这样的日期"},
		{"days in the wrong order", "q=a&date_from=2024-02-03&date_to=2024-01-01", "BAD_PARAMETER", "date_from", "请对调"},
		{"an unknown order", "q=a&sort=size", "BAD_PARAMETER", "sort", "date（时间）"},
		{"an unknown place to look in", "q=a&in=body", "BAD_PARAMETER", "in", "title（标题）"},
		{"an unknown kind", "q=a&kind=poem", "BAD_PARAMETER", "kind", "类别有 policy"},
		{"too many values", "q=a" + strings.Repeat("&site=x", 51), "BAD_PARAMETER", "site", "最多 50 个值"},
		{"201 characters", params("q", strings.Repeat("字", 201)), "BAD_PARAMETER", "q", "请缩短"},
		{"10 kB", params("q", strings.Repeat("a", 10<<10)), "BAD_PARAMETER", "q", "请缩短"},
		{"a query string that is none", "q=%zz", "BAD_QUERY_STRING", "", "无法解析"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := tn.get("/api/v1/search?" + c.query)
			got.isProblem(400, c.reason)
			p := got.json()
			if name, _ := p["parameter"].(string); name != c.parameter {
				t.Errorf("names the parameter %q, want %q", name, c.parameter)
			}
			if detail := p["detail"].(string); !strings.Contains(detail, c.says) || strings.Contains(detail, "\n") {
				t.Errorf("says %q, want one sentence with %q", detail, c.says)
			}
		})
	}
}

func TestAValueThatNobodyKnowsFindsNothing(t *testing.T) {
	tn := build(t, nil)
	for _, name := range []string{"site", "department", "county", "column"} {
		for _, q := range []string{"公积金", ""} {
			got := tn.get("/api/v1/search", "q", q, name, "不存在的")
			if got.code != 200 || got.json()["total"] != float64(0) || !strings.Contains(got.body, `"hits":[]`) {
				t.Errorf("%q with %s: %d %s", q, name, got.code, got.body)
			}
		}
	}
}

func TestWithoutWordsTheAPIGivesWhatTheFiltersAllow(t *testing.T) {
	got := build(t, nil).get("/api/v1/search", "site", "gjj", "kind", "service", "kind", "news").json()
	var ids []any
	for _, h := range got["hits"].([]any) {
		ids = append(ids, h.(map[string]any)["id"])
	}
	if got["total"] != float64(4) || !slices.Equal(ids, []any{"guide", "script", "hostile", "zeng"}) {
		t.Errorf("found %v: %v", got["total"], ids)
	}
}

func TestOtherWrongRequestsAreProblemsToo(t *testing.T) {
	tn := build(t, nil)
	auth := []string{"Authorization", "Bearer " + token}
	tn.get("/api/v1/nothing").isProblem(404, "NOT_FOUND")
	tn.get("/api").isProblem(404, "NOT_FOUND")
	tn.do("DELETE", "/api/v1/search", "").isProblem(405, "METHOD_NOT_ALLOWED")
	tn.do("POST", "/api/v1/search", "q=a", "Content-Type", "application/x-www-form-urlencoded").isProblem(405, "METHOD_NOT_ALLOWED")
	tn.do("POST", "/api/v1/reindex", "{", auth...).isProblem(400, "BAD_REQUEST")
	tn.do("POST", "/api/v1/reindex", `{"colour":"red"}`, auth...).isProblem(400, "BAD_REQUEST")
	tn.do("POST", "/api/v1/reindex", strings.Repeat(" ", MaxMessage+1), auth...).isProblem(413, "TOO_LARGE")
	tn.do("POST", "/api/v1/reindex?site=gjj", "{}", auth...).isProblem(400, "UNKNOWN_PARAMETER")
	tn.do("POST", "/api/v1/reindex", `{"site":"nowhere"}`, auth...).isProblem(400, "BAD_ORDER")
	tn.do("GET", "/api/v1/pages:inspect", "", auth...).isProblem(400, "BAD_PARAMETER")
}

func TestAFailureInsideIsNotToldToTheWorld(t *testing.T) {
	tn := build(t, nil)
	for _, site := range []string{"broken", "panic"} {
		got := tn.do("POST", "/api/v1/reindex", `{"site":"`+site+`"}`, "Authorization", "Bearer "+token)
		got.isProblem(500, "INTERNAL")
		if strings.Contains(got.body, "secret") || strings.Contains(got.body, "bug") {
			t.Errorf("tells %s", got.body)
		}
	}
}

func TestAJobIsStartedWatchedAndCancelled(t *testing.T) {
	tn := build(t, nil)
	auth := []string{"Authorization", "Bearer " + token}
	started := tn.do("POST", "/api/v1/reindex", `{"site":"gjj","mode":"rebuild"}`, auth...).json()
	if started["state"] != "running" || started["mode"] != "rebuild" || started["site"] != "gjj" || started["created"] != "2023-11-14T22:13:20Z" {
		t.Errorf("started: %v", started)
	}
	tn.do("POST", "/api/v1/reindex", `{}`, auth...).isProblem(409, "BUSY")
	if got := tn.do("GET", "/api/v1/jobs/job-1", "", auth...).json(); got["id"] != "job-1" || got["done"] != float64(0) {
		t.Errorf("job: %v", got)
	}
	if got := tn.do("POST", "/api/v1/jobs/job-1:cancel", "", auth...).json(); got["state"] != "cancelled" {
		t.Errorf("cancelled: %v", got)
	}
	if got := tn.do("GET", "/api/v1/jobs", "", auth...).json(); len(got["jobs"].([]any)) != 1 {
		t.Errorf("jobs: %v", got)
	}
	tn.do("GET", "/api/v1/jobs/job-9", "", auth...).isProblem(404, "UNKNOWN_JOB")
	if got := tn.do("GET", "/api/v1/pages:inspect?page=abc", "", auth...).json(); got["text"] != "网页 abc" {
		t.Errorf("inspected: %v", got)
	}
}

func TestSitesAreListedWithTheirDocuments(t *testing.T) {
	sites := build(t, nil).get("/api/v1/sites").json()["sites"].([]any)
	if len(sites) != 3 {
		t.Fatalf("%d sites, want 3", len(sites))
	}
	gjj := sites[1].(map[string]any)
	if gjj["name"] != "云河州住房公积金中心" || gjj["url"] != "http://gjj.yunhe.example/" || gjj["documents"] != float64(1204) || gjj["department"] != "gjj" {
		t.Errorf("site: %v", gjj)
	}
}

func TestQueriesFromOldPagesAreReadAsGB18030(t *testing.T) {
	tn := build(t, nil)
	for name, query := range map[string]string{
		"GBK": "q=%D4%F8%C0%CF", "UTF-8": "q=%E6%9B%BE%E8%80%81", "raw GBK": "q=\xd4\xf8\xc0\xcf", "GBK with a name in UTF-8 beside": "q=%D4%F8%C0%CF&site=%E4%BA%91%E6%B2%B3%E5%B7%9E%E4%BD%8F%E6%88%BF%E5%85%AC%E7%A7%AF%E9%87%91%E4%B8%AD%E5%BF%83",
	} {
		if got := utf8Query(query); !strings.Contains(got, "%E6%9B%BE%E8%80%81") {
			t.Errorf("%s: %s becomes %s", name, query, got)
		}
	}
	if got := tn.get("/api/v1/search?q=%D4%F8%C0%CF").json()["total"]; got != float64(1) {
		t.Errorf("the API finds %v, want 1", got)
	}
	if got := tn.get("/?q=%D4%F8%C0%CF").page(); got.total() != 1 || attr(got.all("input", "box")[0], "value") != "曾老" {
		t.Errorf("the page finds %d for %q", got.total(), attr(got.all("input", "box")[0], "value"))
	}
}

func TestHealth(t *testing.T) {
	var sick error
	tn := build(t, func(o *Options) { o.Ready = func() error { return sick } })
	if a, b := tn.get("/healthz").code, tn.get("/readyz").code; a != 200 || b != 200 {
		t.Errorf("healthz %d, readyz %d; want 200", a, b)
	}
	sick = errInternal
	if a, b := tn.get("/healthz").code, tn.get("/readyz").code; a != 200 || b != 503 {
		t.Errorf("not ready: healthz %d, readyz %d; want 200, 503", a, b)
	}
}

func TestASemicolonIsText(t *testing.T) {
	tn := build(t, nil)
	if got := tn.get("/api/v1/search?q=曾老;"); got.code != 200 || got.json()["total"] != float64(1) {
		t.Errorf("the API: %d %s", got.code, got.body)
	}
	if got := tn.get("/?q=曾老;&kind=news").page(); got.total() != 1 || attr(got.all("input", "box")[0], "value") != "曾老;" {
		t.Errorf("the page finds %d", got.total())
	}
}

func TestHeadersHaveALimit(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tn := build(t, func(o *Options) { o.HTTP = listener })
	tn.http.URL = "http://" + listener.Addr().String()
	if got := tn.do("GET", "/healthz", "", "X-Long", strings.Repeat("a", 32<<10)); got.code != 200 {
		t.Errorf("32 kB of headers: %d", got.code)
	}
	if got := tn.do("GET", "/healthz", "", "X-Long", strings.Repeat("a", 128<<10)); got.code != 431 {
		t.Errorf("128 kB of headers: %d, want 431", got.code)
	}
}

func TestAnswersCarrySecurityHeadersAndAreCompressed(t *testing.T) {
	tn := build(t, nil)
	for _, path := range []string{"/", "/?q=a", "/api/v1/search?q=a", "/api/v1/none", "/none", "/healthz"} {
		got := tn.get(path)
		if csp := got.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'self';") || !strings.Contains(csp, "frame-ancestors 'self'") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if got.Get("X-Content-Type-Options") != "nosniff" || got.Get("Referrer-Policy") == "" {
			t.Errorf("%s: headers %v", path, got.Header)
		}
	}
	if got := tn.do("GET", "/?q="+"%E5%85%AC", "", "Accept-Encoding", "gzip"); got.Get("Content-Encoding") != "gzip" {
		t.Errorf("encoding %q, want gzip", got.Get("Content-Encoding"))
	}
}
