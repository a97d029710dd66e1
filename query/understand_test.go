package query

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"terrace/index"
	"terrace/lexicon"
	"terrace/segment"
	"terrace/site"
)

// yunhe is a prefecture with a county of its own name.
func yunhe(t *testing.T) *understander {
	t.Helper()
	r, err := site.New(site.Cluster{
		Portal:      "portal",
		Sites:       []site.Site{{ID: "portal", Name: "云河州人民政府", Hosts: []string{"www.yunhe.example"}}},
		Departments: []site.Department{{ID: "gjj", Name: "云河州住房公积金管理中心", Names: []string{"公积金中心"}}, {ID: "jtj", Name: "教育体育局", Names: []string{"教育局"}}},
		Places:      []site.Place{{ID: "yunhexian", Name: "云河县"}, {ID: "qingxi", Name: "青溪县"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return newUnderstander(r, lexicon.With(), func() time.Time { return today })
}

func TestNamesAreUnderstood(t *testing.T) {
	u := yunhe(t)
	for text, want := range map[string]string{
		"云河公积金":        "county= ",
		"云河州公积金":       "county= ",
		"云河县公积金":       "county=yunhexian ",
		"青溪县教育局":       "county=qingxi department=jtj ",
		"青溪教育":         "",
		"公积金中心在哪":      "department=gjj ",
		"公积金怎么提取":      "kind=service ",
		"低保是什么意思":      "kind=interpretation ",
		"我要投诉":         "kind=interaction ",
		"政策解读":         "kind=interpretation ",
		"雲河縣公積金":       "county=yunhexian ",
		"红政发〔2023〕5号":  "",
		"ＧＪＪ\u200b":    "",
		"":             "",
		"\xff云河县\xff":  "county=yunhexian ",
		"🙂〔〕site:none": "",
	} {
		got := ""
		for _, n := range u.understand(text).names {
			got += fmt.Sprintf("%s=%s ", n.Field, n.Value)
			if n.Start < 0 || n.End > len(text) || n.Start >= n.End {
				t.Errorf("%q: range %d to %d", text, n.Start, n.End)
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTimesAreConditions(t *testing.T) {
	u := yunhe(t) // asked on 2024-06-15, a Saturday
	for text, want := range map[string]string{
		"2023年公积金年报":  "2023年 2023-01-01/2023-12-31",
		"2023年3月通知":   "2023年3月 2023-03-01/2023-03-31",
		"2024年2月29日":  "2024年2月29日 2024-02-29/2024-02-29",
		"２０２３年２月公告":   "２０２３年２月 2023-02-01/2023-02-28",
		"去年 招聘":       "去年 2023-01-01/2023-12-31",
		"今年公务员招考":     "今年 2024-01-01/2024-06-15",
		"近三个月 公示":     "近三个月 2024-03-15/2024-06-15",
		"最近一周通知":      "最近一周 2024-06-08/2024-06-15",
		"近半年招聘":       "近半年 2023-12-15/2024-06-15",
		"上个月公告":       "上个月 2024-05-01/2024-05-31",
		"上周会议":        "上周 2024-06-03/2024-06-09",
		"2023年2月30日":  "",
		"2022年和2023年": "",
		"B2024年":      "",
		"公积金":         "",
		"去年忘记交医保，现在还能补缴吗": "",
		"红政发〔2023〕5号":     "",
		"红政发2023 5":       "",
		"2023":            "",
		"去年\xff公告":        "去年 2023-01-01/2023-12-31",
	} {
		got := ""
		if d := u.understand(text).days; d != nil {
			got = d.Text + " " + d.From.String() + "/" + d.To.String()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestATimeThatWasTypedLosesNoTitle(t *testing.T) {
	seg := town(t).active.Load().seg
	s := over(t, seg,
		doc("report", "2023年住房公积金年度报告", "公积金缴存", 20240301),
		doc("old", "住房公积金年度报告", "公积金缴存 2022年", 20220301),
		doc("new", "住房公积金提取", "公积金提取", 20230601))
	res, err := s.Search(t.Context(), Request{Text: "2023年公积金"})
	if err != nil {
		t.Fatal(err)
	}
	if found(res) != "report new" || res.Days == nil {
		t.Errorf("found %q with %+v", found(res), res.Days)
	}
	if res, err = s.Search(t.Context(), Request{Text: "2023年公积金", PlainDays: true}); err != nil || res.Total != 3 || res.Days != nil {
		t.Errorf("as words: %d found, %v", res.Total, err)
	}
	if res, err = s.Search(t.Context(), Request{Text: "前年公积金提取"}); err != nil || res.Total == 0 {
		t.Errorf("nothing of that year: %d found, %v", res.Total, err)
	}
}

func TestLayWordsFindOfficialTermsAndThemselves(t *testing.T) {
	res := ask(t, "房产证过户")
	ids := found(res)
	if !strings.Contains(ids, "land-guide") {
		t.Errorf("found %q", ids)
	}
}

func TestPartsAddUpToTheScore(t *testing.T) {
	s, err := prefecture()
	if err != nil {
		t.Fatal(err)
	}
	explained := 0
	for _, text := range []string{"公积金提取", "怎么提取公积金", "房产证过户", "青溪县 招聘", "2024年招聘公告", "关于调整个人住房公积金贷款利率的通知", "云河州人社局 社保", "贷款"} {
		res, err := s.Search(t.Context(), Request{Text: text, Explain: true})
		if err != nil {
			t.Fatal(err)
		}
		if res.Plan == nil {
			t.Fatalf("%q: no plan", text)
		}
		for _, h := range res.Hits {
			sum := 0.0
			for _, p := range h.Parts {
				if p.Text == "" {
					t.Errorf("%q: a part without words", text)
				}
				sum += p.Value
			}
			if explained++; math.Abs(sum-float64(h.Score)) > 1e-4*math.Max(1, math.Abs(sum)) {
				t.Errorf("%q, %s: parts %v add up to %v, the score is %v", text, h.ID, h.Parts, sum, h.Score)
			}
		}
	}
	if explained < 20 {
		t.Errorf("only %d hits explained", explained)
	}
}

func ask(t *testing.T, text string) *Response {
	t.Helper()
	s, err := prefecture()
	if err != nil {
		t.Fatal(err)
	}
	res, err := s.Search(t.Context(), Request{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestADocumentIsFirstByItsNumberHoweverThatIsTyped(t *testing.T) {
	s := over(t, town(t).active.Load().seg,
		numbered(doc("five", "关于公积金的通知", "公积金提取", 20230301), "云政发〔2023〕5号"),
		numbered(doc("six", "关于公积金贷款的通知", "根据云政发〔2023〕5号，云政发〔2023〕5号的公积金提取", 20230401), "云政发〔2023〕6号"))
	for _, text := range []string{"云政发〔2023〕5号", "云政发[2023]5号", "云政发（2023） 5 号", "云政发2023 5", "雲政發【２０２３】５", "云政发2023年5号 公积金"} {
		res, err := s.Search(t.Context(), Request{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Hits) == 0 || res.Hits[0].ID != "five" {
			t.Errorf("%q finds %q", text, found(res))
		}
	}
}

func over(t *testing.T, seg *segment.Segmenter, docs ...index.Document) *Searcher {
	t.Helper()
	r, err := site.New(site.Cluster{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := searcherOver(docs, seg, r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func doc(id, title, body string, day index.Date) index.Document {
	return index.Document{ID: id, Title: title, Body: body, Kind: index.News, Copies: []index.Copy{{URL: "http://x/" + id, Site: "portal", Date: day}}}
}

func numbered(d index.Document, number string) index.Document {
	d.DocNo = number
	return d
}

func TestPinyinAndInitialsFindWhatTheyStandFor(t *testing.T) {
	s, err := prefecture()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"gongjijin": "公积金", "gongjijintiqu": "公积金提取", "GJJ": "公积金", "zhufanggongjijin": "住房公积金", "gongjijin 提取": "公积金 提取",
		"5G": "", "公积金": "", "xyzzyq": "",
	} {
		res, err := s.Search(t.Context(), Request{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if res.Rewriting != nil {
			got = res.Rewriting.Text
		}
		if got != want || want != "" && (len(res.Hits) == 0 || !strings.Contains(plain(res.Hits[0].Title), "公积金")) {
			t.Errorf("%q is read as %q, want %q; found %s", text, got, want, found(res))
		}
		if res, err = s.Search(t.Context(), Request{Text: text, Literal: true}); err != nil || res.Rewriting != nil {
			t.Errorf("%q as it is: %v, %v", text, res.Rewriting, err)
		}
	}
}

func TestExplainNamesTheWordsOfATitleAndNoScrapsOfThem(t *testing.T) {
	s := over(t, town(t).active.Load().seg, doc("a", "职工住房公积金提取办法", "住房公积金由本人提取。", 20240101))
	for text, want := range map[string]string{"公积金提取": "标题含“提取”“住房公积金”", "积金": "标题含“积金”"} {
		res, err := s.Search(t.Context(), Request{Text: text, Explain: true})
		if err != nil || len(res.Hits) != 1 {
			t.Fatalf("%s: %v, %v", text, res, err)
		}
		if !slices.ContainsFunc(res.Hits[0].Parts, func(p Part) bool { return strings.HasSuffix(p.Text, want) }) {
			t.Errorf("%s is explained by %v, want %s", text, res.Hits[0].Parts, want)
		}
	}
}

func TestASlipIsMendedWhereNothingIsFoundAndElseOffered(t *testing.T) {
	var docs []index.Document
	for i := range 40 {
		docs = append(docs, doc(fmt.Sprint("id", i), "居民身份证补办指南", "补办居民身份证，应当到户籍所在地派出所申请。", 20240101))
	}
	s := over(t, town(t).active.Load().seg, append(docs, doc("other", "正月十五放假通知", "正月十五放假。", 20240101))...)
	if err := s.Learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"身份正": "身份证", "身份证": "", "身份证补办": ""} {
		res, err := s.Search(t.Context(), Request{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if res.Rewriting != nil {
			got = res.Rewriting.Text
		}
		if got != want || len(res.Hits) == 0 {
			t.Errorf("%q: %q is proposed, want %q; %d found", text, got, want, res.Total)
		}
		if res, err = s.Search(t.Context(), Request{Text: text, Literal: true}); err != nil || res.Rewriting != nil {
			t.Errorf("%q as it is: %v, %v", text, res.Rewriting, err)
		}
	}
}
