package relate

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"terrace/index"
	"terrace/segment"
)

// old is the policy that others do something to.
func old(change ...func(*Page)) Page {
	return page("old", "云岭州人民政府关于印发《云岭州农村住房管理办法》的通知", prose(1, 6),
		append([]func(*Page){policy, number("云政发〔2010〕5号"), dateOf(20100301)}, change...)...)
}

func TestWhatATextDoesToAnother(t *testing.T) {
	for text, want := range map[string]string{
		"本办法自2023年6月1日起施行。《云岭州农村住房管理办法》（云政发〔2010〕5号）同时废止。":                                         index.Repealed,
		"本办法自2023年6月1日起施行，云政发〔2010〕5号文件同时废止。":                                                      index.Repealed,
		"本办法自2023年6月1日起施行，2010年3月1日云岭州人民政府发布的《云岭州农村住房管理办法》即行废止。":                                   index.Repealed,
		"经研究，决定废止《云岭州农村住房管理办法》、《云岭州机井管理办法》。":                                                       index.Repealed,
		"经清理，下列文件予以废止：\n1. 云岭州机井管理办法（云政发〔2009〕7号）\n2. 云岭州农村住房管理办法（云政发[2010] 5 号）":                  index.Repealed,
		"以下规范性文件宣布失效:\n一、《云岭州人民政府关于印发〈云岭州农村住房管理办法〉的通知》\n二、《云岭州机井管理办法》":                             index.Repealed,
		"附件：废止的规范性文件目录（2件）\n序号 文件名称 文号\n1 云岭州机井管理办法 云政发〔2009〕7号\n2 关于印发云岭州农村住房管理办法的通知 云政发〔2010〕5号": index.Repealed,
		"下列文件停止执行：\n云岭州人民政府关于印发《云岭州农村住房管理办法》的通知":                                                   index.Repealed,
		"州人民政府决定对《云岭州农村住房管理办法》作如下修改：\n一、第三条修改为：“住房应当符合规划。”":                                        index.Amended,
		"《云岭州农村住房管理办法》（云政发〔2010〕5号）第五条同时废止。":                                                       index.Amended,
		"下列规章作如下修改：\n一、将《云岭州农村住房管理办法》第八条中的“房管局”改为“住建局”。":                                           index.Amended,

		"《云岭州农村住房管理办法》不得废止。":                                 "",
		"《云岭州农村住房管理办法》被废止前取得的证书继续有效。":                        "",
		"建议废止《云岭州农村住房管理办法》。":                                 "",
		"根据《云岭州农村住房管理办法》，《云岭州机井管理办法》同时废止。":                   "",
		"适时修订《云岭州农村住房管理办法》，完善配套制度。":                          "",
		"继续有效的文件目录\n1 云岭州农村住房管理办法 云政发〔2010〕5号":               "",
		"下列文件予以废止：\n1. 云岭州农村住房管理办法（云政发〔2011〕5号）":             "",
		"下列文件予以废止：\n1. 农村住房管理办法":                             "",
		"《住房办法》同时废止。":                                        "",
		"按照《云岭州农村住房管理办法》的规定办理，逾期的，许可自行失效。":                   "",
		"《云岭州农村住房管理办法》失效后，按新规定执行。":                           "",
		"拟废止的文件目录\n1 云岭州农村住房管理办法 云政发〔2010〕5号":                "",
		"各县市要认真执行《云岭州农村住房管理办法》。同时，对不符合规定的房屋进行整改，对失效的证书予以更换。": "",
	} {
		t.Run(text, func(t *testing.T) {
			l := newLab(t)
			l.put(old(), page("new", "云岭州住房保障办法", text, policy))
			if want == "" {
				l.wantLinks("old", "")
				return
			}
			l.wantLinks("old", want, fmt.Sprintf("%s_by:new", want))
			l.wantLinks("new", "")
		})
	}
}

func TestWhoMayRepeal(t *testing.T) {
	const text = "本办法自2023年6月1日起施行。《云岭州农村住房管理办法》（云政发〔2010〕5号）同时废止。"
	repealed := []string{"repealed_by:new"}
	for name, c := range map[string]struct {
		new  Page
		want []string
	}{
		"a policy":               {page("new", "云岭州住房保障", text, policy), repealed},
		"a law by its title":     {page("new", "云岭州住房保障条例", text, kind(index.Other)), repealed},
		"a notice":               {page("new", "关于住房保障的通知", text, kind(index.Disclosure)), repealed},
		"by its title":           {page("new", "关于废止《云岭州农村住房管理办法》的决定", "全文", policy), repealed},
		"an article of a law":    {page("new", "云岭州住房保障条例第五十条", text, kind(""), func(p *Page) { p.Imported = true }), repealed},
		"undated":                {page("new", "云岭州住房保障条例", text, policy, dateOf(0)), repealed},
		"no news":                {page("new", "我州出台住房保障条例", text), nil},
		"no letter":              {page("new", "关于住房的通知", text, kind(index.Interaction)), nil},
		"no draft":               {page("new", "云岭州住房保障办法（征求意见稿）", text, policy), nil},
		"no earlier text":        {page("new", "云岭州住房保障办法", text, policy, dateOf(20090101)), nil},
		"no interpretation":      {page("new", "云岭州住房保障办法政策问答", text, kind(index.Interpretation)), []string{"explained_by:new"}},
		"not the text of itself": {page("new", "云岭州农村住房管理办法", "《云岭州农村住房管理办法》同时废止。", policy, dateOf(20100301)), nil},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.put(old(), c.new)
			v := ""
			if len(c.want) > 0 && c.want[0] == repealed[0] {
				v = index.Repealed
			}
			l.wantLinks("old", v, c.want...)
		})
	}
}

func TestTitlesThatManyBearNeedTheSameOwner(t *testing.T) {
	l := newLab(t)
	name := "关于切实加强森林防火工作的通知"
	l.put(page("ours", name, prose(1, 6), policy, site("a", "临江县人民政府", 2), dateOf(20100101)),
		page("theirs", name, prose(2, 6), policy, site("b", "望江县人民政府", 2), dateOf(20100101)),
		page("new", "临江县森林防火办法", "《"+name+"》同时废止。", policy, site("a", "临江县人民政府", 2)))
	l.wantLinks("ours", index.Repealed, "repealed_by:new")
	l.wantLinks("theirs", "")
}

func TestTheNumberDecides(t *testing.T) {
	l := newLab(t)
	l.put(page("untold", "云岭州农村住房管理办法", prose(1, 6), policy, dateOf(20100301)),
		page("new", "云岭州住房保障办法", "《云岭州农村住房管理办法》（云政发〔2010〕5号）同时废止。", policy))
	l.wantLinks("untold", index.Repealed, "repealed_by:new")
	got := l.put(old())
	if strings.Join(got, " ") != "new old untold" {
		t.Errorf("affected: %q", got)
	}
	l.wantLinks("untold", "")
	l.wantLinks("old", index.Repealed, "repealed_by:new")
}

func TestOwnWords(t *testing.T) {
	for name, c := range map[string]struct {
		p    Page
		want string
	}{
		"a label given":         {old(func(p *Page) { p.Status = "有效" }), index.Valid},
		"repealed, given":       {old(func(p *Page) { p.Status = "已废止" }), index.Repealed},
		"in part":               {old(func(p *Page) { p.Status = "部分失效" }), index.Amended},
		"a label in the text":   {old(func(p *Page) { p.Document.Body = "索引号：1\n有效性：有效\n" + p.Document.Body }), index.Valid},
		"with blanks":           {old(func(p *Page) { p.Document.Body = "文件状态： 失效 \n" + p.Document.Body }), index.Repealed},
		"a label below":         {old(func(p *Page) { p.Document.Body += "\n效力状态：现行有效" }), index.Valid},
		"in the title":          {old(func(p *Page) { p.Document.Title += "（已废止）" }), index.Repealed},
		"changed, in the title": {old(func(p *Page) { p.Document.Title += "【已修改】" }), index.Amended},
		"a notice above":        {old(func(p *Page) { p.Document.Body = "本文件已废止\n" + p.Document.Body }), index.Repealed},
		"ended on a day":        {old(func(p *Page) { p.Document.Body += "\n本办法自2020年1月1日起废止。" }), index.Repealed},
		"in force from a day":   {old(func(p *Page) { p.Document.Body += "\n本办法自2020年1月1日起施行。" }), ""},
		"a revised version":     {old(func(p *Page) { p.Document.Title += "（2020年修订）" }), ""},
		"words of the text": {old(func(p *Page) {
			p.Document.Body += "\n确保材料的真实性、有效性，提高工作的时效性 。"
		}), ""},
		"silent": {old(), ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.put(c.p)
			l.wantLinks("old", c.want)
		})
	}
}

func TestAPolicyAndItsInterpretation(t *testing.T) {
	interp := func(title, body string, links ...string) Page {
		return page("int", title, body, kind(index.Interpretation), func(p *Page) { p.Links = links })
	}
	other := page("other", "云岭州人民政府关于推进机井管理的意见", prose(4, 6), policy, number("云政发〔2009〕7号"), dateOf(20090101))
	for name, p := range map[string]Page{
		"by a link":                  interp("住房新规一图读懂", "点此看原文", "https://s.example/old"),
		"by the title":               interp("《云岭州农村住房管理办法》政策解读", "根据云政发〔2009〕7号文件，制定本办法。"),
		"by the title without signs": interp("云岭州农村住房管理办法解读", "一问一答"),
		"by a picture":               interp("图解|云岭州农村住房管理办法", "（图）"),
		"by the number":              interp("住房政策解读", "近日印发了云政发〔2010〕5号文件。"),
		"by its first lines":         interp("住房政策解读", "近日，州政府印发《云岭州农村住房管理办法》。\n"+prose(3, 9)+"根据云政发〔2009〕7号文件"),
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.put(p)
			l.wantLinks("int", "")
			if got := l.put(old(), other); strings.Join(got, " ") != "int old other" && strings.Join(got, " ") != "int old" {
				t.Errorf("affected: %q", got)
			}
			l.wantLinks("int", "", "explains:old")
			l.wantLinks("old", "", "explained_by:int")
			l.wantLinks("other", "")
			l.remove("int")
			l.wantLinks("old", "")
		})
	}
}

func TestLinksLeadToOriginals(t *testing.T) {
	l := newLab(t)
	decision := "《云岭州农村住房管理办法》（云政发〔2010〕5号）同时废止。" + prose(5, 3)
	l.put(old(), old(site("x", "临江县人民政府", 2), func(p *Page) { p.Document.ID = "oldcopy"; p.Document.DocNo = "" }))
	l.wantOriginal("oldcopy", "old")
	l.put(page("newcopy", "云岭州住房保障办法", decision, policy, site("x", "临江县人民政府", 2)))
	l.wantLinks("old", index.Repealed, "repealed_by:newcopy")
	got := l.put(page("new", "云岭州住房保障办法", decision, policy, dateOf(20230101)))
	if !strings.Contains(strings.Join(got, " "), "old") {
		t.Errorf("the link of old moves, affected are %q", got)
	}
	l.wantLinks("old", index.Repealed, "repealed_by:new")
	l.remove("new", "newcopy")
	l.wantLinks("old", "")
}

func TestLinksAreCutAndCounted(t *testing.T) {
	l := newLab(t)
	pages := []Page{old()}
	for i := range 20 {
		pages = append(pages, page(fmt.Sprint("int", i), "《云岭州农村住房管理办法》解读之"+strings.Repeat("又", i), prose(i, 3), kind(index.Interpretation)))
	}
	l.put(pages...)
	if r := l.of("old"); len(r.Links) != MaxLinks || r.Linked != 20 {
		t.Errorf("%d links of %d", len(r.Links), r.Linked)
	}
}

func TestALongListIsReadUpToABound(t *testing.T) {
	var b strings.Builder
	b.WriteString("下列文件予以废止：\n")
	for i := range 2 * MaxCitations {
		fmt.Fprintf(&b, "%d. 关于第%d项工作的通知（云政发〔2001〕%d号）\n", i+1, i+1, i+1)
	}
	if got := len(readActs("g", "关于废止文件的通知", segment.Normalize(b.String()))); got != MaxCitations {
		t.Errorf("%d citations", got)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"《A》同时废止", "下列文件予以废止：\n1. 云政发〔2009〕7号", "《《〈》》〉》第五条同时废止", "对《某办法》作如下修改：", "\xff《\xfe》废止", "有效性：有效", strings.Repeat("《", 300) + "同时废止"} {
		f.Add("关于修改《某某某管理办法》的决定", s)
	}
	f.Fuzz(func(t *testing.T, title, text string) {
		for _, k := range []string{index.Policy, index.Interpretation} {
			p := read("g", Page{Document: index.Document{ID: "a", Title: title, Body: text, Kind: k}, Links: []string{text}})
			if len(p.cites) > MaxCitations {
				t.Fatalf("%d citations", len(p.cites))
			}
			for _, c := range p.cites {
				if len(c.keys()) == 0 {
					t.Fatal("a citation of nothing")
				}
			}
			if back := unpackCitations(packCitations(p.cites)); len(back) != len(p.cites) {
				t.Fatal("citations do not come back")
			}
		}
		for _, q := range quoted(text) {
			if q.start < 0 || q.end > len(text) || utf8.ValidString(text) && !utf8.ValidString(q.title) {
				t.Fatalf("%q: %+v", text, q)
			}
		}
	})
}
