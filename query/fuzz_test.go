package query

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"terrace/analysis"
	"terrace/index"
	"terrace/index/indextest"
	"terrace/lexicon"
	"terrace/segment"
	"terrace/site"
)

// strange are queries as they come where nobody means one.
var strange = []string{
	"的 了 和 是", "🏠💰👨‍👩‍👧‍👦", `.*(公积金|住房)+?$^[a-z]\d{3,}\\`, "' OR 1=1; DROP TABLE pages; --", "〔〕", "〔2023〕", "红政发〔2023〕", "\xed\xa0\xbd", "\xb9\xab\xbb\xfd\xbd\xf0",
	"བོད་ཡིག", "ꆈꌠꁱꂷ", "ئۇيغۇرچە", "ᠮᠣᠩᠭᠣᠯ", "site:nowhere 公积金", "site:", "site: 公积金", "site:[::1", "site:%zz 公积金", "-公积金", "--", `"`, `""""`, "“”“", "「」", "\x00公积金\x1b[31m",
	"\u202e公积金\u200b", "\ufeff\ufffd\ue000", "Z̸̡̢公", "𠀀𠀁𠮷野家", "2023年2月30日", "近999年通知", "近零月 过去半周", "2022年和2023年 去年", "第99999999999999999999条", "二〇二三年十三月四十日",
	strings.Repeat("公", 200), strings.Repeat("第1条", 60), strings.Repeat("一二三四五", 40), strings.Repeat(`"公 `, 60), strings.Repeat("-公", 90), strings.Repeat("9", 200), strings.Repeat("a", 200),
	"公积金中心 云河县 去年 怎么办 site:gjj -贷款 “公积金提取”",
}

// fuzzTown is a searcher over a few documents whose cluster has names of every sort and the shipped synonyms.
func fuzzTown(f *testing.F) *Searcher {
	f.Helper()
	dict, err := segment.LoadDictionary(strings.NewReader(words))
	if err != nil {
		f.Fatal(err)
	}
	seg := segment.New(dict)
	reg, err := site.New(site.Cluster{
		Name: "云河州", Portal: "portal", Region: []string{"红河哈尼族彝族自治州", "红河"},
		Sites: []site.Site{
			{ID: "portal", Name: "云河州人民政府", Hosts: []string{"www.yunhe.example"}}, {ID: "gjj", Name: "公积金网站", Hosts: []string{"gjj.yunhe.example"}, Department: "gjj"},
		},
		Departments: []site.Department{{ID: "gjj", Name: "住房公积金中心", Names: []string{"公积金中心", "中心GJJ"}}},
		Places:      []site.Place{{ID: "yh", Name: "云河县"}, {ID: "qx", Name: "青溪县", Names: []string{"青溪"}}},
	})
	if err != nil {
		f.Fatal(err)
	}
	ix := indextest.NewMemory(analysis.Index(seg))
	g, err := ix.Create(f.Context(), index.Fingerprints{})
	if err != nil {
		f.Fatal(err)
	}
	put := func(id, title, body, county string, date index.Date) index.Document {
		return index.Document{ID: id, Title: title, Body: body, Kind: index.News, Copies: []index.Copy{
			{URL: "http://x/" + id, Site: "gjj", Department: "gjj", County: county, Column: "通知公告", Date: date}}}
	}
	docs := []index.Document{
		put("guide", "住房公积金提取办事指南", "购买自住住房的，凭合同提取公积金。\n电话13812345678。第1条见二〇二三年通知。", "", 20240305),
		put("odd", "🏠公积金\u200b提取<b>〔2023〕</b>", "\x00公积金\ufffd𠀀 a1 ꆈꌠ 的", "yh", 20230101), put("empty", "", "公", "qx", 0), put("bare", "公积金贷款", "", "qx", 20230601),
	}
	if err := g.Put(f.Context(), docs...); err != nil {
		f.Fatal(err)
	}
	if err := ix.Promote(f.Context(), g.Name()); err != nil {
		f.Fatal(err)
	}
	s := New(ix, seg, reg, Options{Synonyms: lexicon.With(), Now: func() time.Time { return today }})
	if err := s.Learn(f.Context()); err != nil {
		f.Fatal(err)
	}
	for _, text := range strange {
		f.Add(text)
	}
	return s
}

// FuzzUnderstand holds that what is understood of a query stands in it.
func FuzzUnderstand(f *testing.F) {
	s := fuzzTown(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, plainDays := range []bool{false, true} {
			p := s.active.Load().parse(text, plainDays)
			if len(p.text) != len(text) || plainDays && p.days != nil {
				t.Fatalf("%q: text %q, days %+v", text, p.text, p.days)
			}
			stands := func(what string, start, end int) {
				if start < 0 || start >= end || end > len(text) || utf8.ValidString(text) && !utf8.ValidString(p.text[start:end]) {
					t.Fatalf("%q: %s is bytes %d to %d", text, what, start, end)
				}
			}
			for _, n := range p.numbers {
				stands("a number", n.Start, n.End)
			}
			for _, n := range p.names {
				stands("a name", n.Start, n.End)
			}
			for _, m := range p.matches {
				stands("a synonym", m.Start, m.End)
			}
			for _, g := range s.active.Load().describe(&p).Groups {
				stands("a word", g.Start, g.End)
			}
			if d := p.days; d != nil {
				if stands("a time", d.Start, d.End); d.Text != p.text[d.Start:d.End] || d.From > d.To {
					t.Fatalf("%q: days %+v", text, d)
				}
			}
			for _, k := range p.keys {
				if k == "" {
					t.Fatalf("%q has an empty key", text)
				}
			}
		}
	})
}

// FuzzDays holds that a time is a span of days of the calendar.
func FuzzDays(f *testing.F) {
	for _, text := range append([]string{"2023年3月", "2000年2月29日", "近三个月", "最近半个月", "过去12个月内", "1999年度 去年", "上上周", "近１０年", "今天昨天"}, strange...) {
		f.Add(text, int64(1718409600))
	}
	f.Fuzz(func(t *testing.T, text string, now int64) {
		moment := time.Unix(now%(1<<35), 0) // up to the year 3058
		text = segment.Normalize(text)
		d, ok := findDays(text, moment)
		if !ok {
			return
		}
		for _, day := range []index.Date{d.From, d.To} {
			if back, err := index.ParseDate(day.String()); day != 0 && moment.Year() > 1000 && (err != nil || back != day) {
				t.Fatalf("%q on %s: %d is no day: %v", text, moment, day, err)
			}
		}
		if d.From > d.To && moment.Year() > 1000 || d.Start < 0 || d.Start >= d.End || d.End > len(text) || len(d.title) == 0 && !d.Relative {
			t.Fatalf("%q on %s: %+v", text, moment, d)
		}
	})
}

// FuzzSearch holds that every text of a reader is answered, or refused in words.
func FuzzSearch(f *testing.F) {
	s := fuzzTown(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range []Request{{Text: text, Explain: true}, {Text: text, Sort: index.ByDate, PlainDays: true}, {Text: text, TitleOnly: true, Literal: true}} {
			res, err := s.Search(t.Context(), r)
			if wrong := (*RequestError)(nil); errors.As(err, &wrong) {
				if utf8.ValidString(text) && utf8.RuneCountInString(text) <= MaxText {
					t.Fatalf("%q is refused: %v", text, err)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			for _, h := range res.Hits {
				checkShown(t, text, h)
			}
		}
	})
}

// checkShown holds that spans are whole characters and that the parts of a score are its sum.
func checkShown(t *testing.T, text string, h Hit) {
	t.Helper()
	for _, span := range append(h.Title, h.Snippet...) {
		if span.Text == "" || !utf8.ValidString(span.Text) {
			t.Fatalf("%q shows %q of %s", text, span.Text, h.ID)
		}
	}
	if len(h.Parts) == 0 {
		return
	}
	sum := 0.0
	for _, p := range h.Parts {
		if sum += p.Value; p.Text == "" {
			t.Fatalf("%q: %+v", text, h.Parts)
		}
	}
	if math.IsNaN(sum) || math.Abs(sum-float64(h.Score)) > 1e-3*max(math.Abs(sum), 1) {
		t.Fatalf("%q: the parts of %s are %.4f, its score %.4f", text, h.ID, sum, h.Score)
	}
}
