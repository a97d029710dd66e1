package relate

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"terrace/index"
)

func TestWhatSitesMakeOfOneTextFolds(t *testing.T) {
	text := prose(1, 6) + "云岭州人民政府\n2023年5月6日"
	lines := strings.Split(text, "\n")
	for name, other := range map[string]string{
		"the same":                        text,
		"blanks and line breaks":          strings.ReplaceAll(strings.ReplaceAll(text, "，", "， "), "。\n", "。　　"),
		"full width":                      strings.NewReplacer("2023", "２０２３", "5", "５", "6", "６").Replace(text),
		"traditional characters":          strings.NewReplacer("组织", "組織", "领导", "領導", "环境", "環境", "责任", "責任").Replace(text),
		"a line above":                    "云岭要闻\n" + text,
		"a line below":                    text + "\n云岭州融媒体中心 岩温",
		"a source line":                   "来源：云岭日报　发布时间：2023-05-08 10:20　浏览次数：1234\n" + text,
		"the headline again":              "云岭州推进重点工作\n" + text,
		"the last line lost":              strings.Join(lines[:len(lines)-1], "\n"),
		"a line above, the last two lost": "本网讯\n" + strings.Join(lines[:len(lines)-2], "\n"),
		"view counter below":              text + "\n阅读：77\n【打印】【关闭】",
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.put(page("a", "云岭州推进重点工作", text), page("b", "云岭州推进重点工作", other, site("x", "临江县人民政府", 2), dateOf(20230508)))
			l.wantOriginal("b", "a")
			r := l.of("a")
			if r.Original != "" || r.Copied != 1 || len(r.Copies) != 1 || r.Copies[0].Site != "x" {
				t.Errorf("of the original: %+v", r)
			}
		})
	}
}

func TestWhatOnlyLooksAlikeStaysApart(t *testing.T) {
	text := prose(1, 12)
	notice := func(what string) string { return text + what + "，现予公示。\n" + prose(2, 4) }
	short := "因线路检修，城区明日停电，请相互转告。谢谢大家的理解和支持。"
	for name, c := range map[string][2]Page{
		"another issue":           {page("a", "项目公示（第3期）", notice("")), page("b", "项目公示（第4期）", notice(""))},
		"another name":            {page("a", "任前公示", notice("拟任命岩温为局长")), page("b", "任前公示", notice("拟任命玉香为局长"))},
		"another month":           {page("a", "停水通知", notice("五月停水")), page("b", "停水通知", notice("六月停水"))},
		"another hour":            {page("a", "会议通知", text+"\n时间：上午\n"), page("b", "会议通知", text+"\n时间：下午\n")},
		"another amount":          {page("a", "补贴公示", notice("补贴3500元")), page("b", "补贴公示", notice("补贴4500元"))},
		"another date at the end": {page("a", "放假通知", text+"2022年5月1日"), page("b", "放假通知", text+"2023年5月1日")},
		"another word":            {page("a", "某条例", notice("报州政府批准")), page("b", "某条例", notice("报州政府备案"))},
		"another version":         {page("a", "某条例", text+prose(2, 4)), page("b", "某条例", text+"鼓励使用新技术，\n"+prose(2, 4))},
		"another number":          {page("a", "关于推进工作的通知", text, number("云政发〔2022〕3号")), page("b", "关于推进工作的通知", text, number("云政发〔2023〕3号"))},
		"another title":           {page("a", "云岭州推进重点工作", text), page("b", "临江县改善人居环境", text)},
		"a draft":                 {page("a", "云岭州机井管理办法", text), page("b", "云岭州机井管理办法（征求意见稿）", text)},
		"numbered title":          {page("a", "任前公示", text), page("b", "任前公示（二）", text)},
		"short, another month":    {page("a", "停电通知", short), page("b", "停电通知", short, dateOf(20230606))},
		"short, a line more":      {page("a", "停电通知", short), page("b", "停电通知", short+"\n云岭供电局")},
		"a file and no text":      {page("a", "考核结果公示", "附件：考核结果.docx"), page("b", "考核结果公示", "附件：考核结果.docx")},
		"no text":                 {page("a", "考核结果公示", ""), page("b", "考核结果公示", "")},
		"imported":                {page("a", "云岭州推进重点工作", text), page("b", "云岭州推进重点工作", text, func(p *Page) { p.Imported = true })},
		"much more":               {page("a", "云岭州推进重点工作", text), page("b", "云岭州推进重点工作", text+prose(3, 9))},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.put(c[0], c[1])
			l.wantOriginal("a", "")
			l.wantOriginal("b", "")
		})
	}
}

func TestEqualTextsMayHaveAnAdornedTitle(t *testing.T) {
	l := newLab(t)
	l.put(page("a", "云岭州推进重点工作", prose(1, 6)), page("b", "【转发】云岭州推进重点工作", prose(1, 6), dateOf(20230601)))
	l.wantOriginal("b", "a")
	l.put(page("c", "停电通知", "因线路检修，城区明日停电，请相互转告。谢谢大家的理解和支持。"), page("d", "停电通知", "因线路检修 城区明日停电 请相互转告 谢谢大家的理解和支持"))
	l.wantOriginal("d", "c")
}

func TestTheOriginal(t *testing.T) {
	text := prose(1, 6)
	at := func(id, siteID, name string, level int, more ...func(*Page)) Page {
		return page(id, "云岭州推进重点工作", text, append([]func(*Page){site(siteID, name, level)}, more...)...)
	}
	for name, c := range map[string]struct {
		pages []Page
		want  string
	}{
		"is at the named source": {[]Page{at("a", "p", "云岭州人民政府", 0, dateOf(20230101), source("云岭州水务局")), at("b", "w", "云岭州水务局", 1, dateOf(20230601))}, "b"},
		"names itself":           {[]Page{at("a", "p", "云岭州人民政府", 0, dateOf(20230101)), at("b", "w", "云岭州水务局", 1, source("云岭州水务局办公室"))}, "b"},
		"else the earliest":      {[]Page{at("a", "p", "云岭州人民政府", 0), at("b", "w", "云岭州水务局", 1, dateOf(20230101))}, "b"},
		"dated before undated":   {[]Page{at("a", "p", "云岭州人民政府", 0, dateOf(0)), at("b", "w", "云岭州水务局", 1)}, "b"},
		"else the highest level": {[]Page{at("a", "x", "临江县人民政府", 2), at("b", "p", "云岭州人民政府", 0)}, "b"},
		"else the first URL":     {[]Page{at("b", "y", "临江县人民政府", 2), at("a", "x", "望江县人民政府", 2)}, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			for range 2 {
				l := newLab(t)
				l.put(c.pages[0])
				l.put(c.pages[1])
				l.wantOriginal(c.want, "")
				for _, p := range c.pages {
					if id := p.Document.ID; id != c.want {
						l.wantOriginal(id, c.want)
					}
				}
				slices.Reverse(c.pages)
			}
		})
	}
}

func TestAGroupFollowsItsPages(t *testing.T) {
	l := newLab(t)
	text := prose(1, 6)
	p := func(id string, d int) Page {
		return page(id, "云岭州推进重点工作", text, dateOf(index.Date(20230500+d)))
	}
	if got := l.put(p("b", 2)); !slices.Equal(got, []string{"b"}) {
		t.Errorf("first: %q", got)
	}
	if got := l.put(p("c", 3)); !slices.Equal(got, []string{"b", "c"}) {
		t.Errorf("a copy comes: %q", got)
	}
	if got := l.put(p("a", 1)); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("a better original comes: %q", got)
	}
	l.wantOriginal("b", "a")
	l.wantOriginal("c", "a")
	if got := l.remove("a"); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("the original goes: %q", got)
	}
	l.wantOriginal("b", "")
	l.wantOriginal("c", "b")
	if got := l.put(page("b", "云岭州推进重点工作", prose(2, 6))); !slices.Equal(got, []string{"b", "c"}) {
		t.Errorf("the original changes: %q", got)
	}
	l.wantOriginal("c", "")
	l.wantOriginal("b", "")
}

func TestCopiesDoNotDrift(t *testing.T) {
	// Each is like the next with a paragraph less; the last is not like the first.
	l := newLab(t)
	all := strings.SplitAfter(strings.TrimSpace(prose(1, 20)), "\n")
	for i := range 5 {
		l.put(page(fmt.Sprint(i), "云岭州推进重点工作", strings.Join(all[:20-2*i], ""), dateOf(index.Date(20230501+i))))
	}
	l.wantOriginal("1", "0")
	l.wantOriginal("2", "")
	l.wantOriginal("3", "2")
	l.wantOriginal("4", "")
}

func TestTheOrderOfComingDoesNotMatter(t *testing.T) {
	all := strings.SplitAfter(strings.TrimSpace(prose(1, 16)), "\n")
	var pages []Page
	for i := range 12 {
		pages = append(pages, page(fmt.Sprint(i), "云岭州推进重点工作", strings.Join(all[i%3:16-i%5], ""), dateOf(index.Date(20230500+i*7%12+1))))
	}
	want := ""
	for turn := range 12 {
		l := newLab(t)
		for _, p := range pages {
			l.put(p)
		}
		l.put(page("x", "云岭州推进重点工作", strings.Join(all, ""), dateOf(20230101)))
		l.remove("x")
		got := ""
		for i := range 12 {
			got += fmt.Sprint(i, "→", l.of(fmt.Sprint(i)).Original, " ")
		}
		if want == "" {
			want = got
		}
		if got != want {
			t.Fatalf("turn %d: %s, before %s", turn, got, want)
		}
		pages = append(pages[5:], pages[:5]...)
	}
}

func TestALargeGroupIsCutAndCounted(t *testing.T) {
	l := newLab(t)
	var pages []Page
	for _, id := range ids("p", MaxCopies+30) {
		pages = append(pages, page(id, "云岭州推进重点工作", prose(1, 6)))
	}
	l.put(pages...)
	if r := l.of("p0"); r.Copied != MaxCopies+29 || len(r.Copies) != MaxCopies {
		t.Errorf("%d copies of %d", len(r.Copies), r.Copied)
	}
}
