package demo

import (
	"strings"
	"time"

	"terrace/index/detail"
)

// A guideLayout is a system's way to write what a service needs: a table, headed sections, lines that begin with a label, blocks of elements, a list of definitions, or tabs of
// which all but the first are hidden.
type guideLayout string

// guides is the layout of a site's guides.
func (s *website) guides() guideLayout {
	switch s.style.(type) {
	case tagged:
		return "headed"
	case ucap:
		return "lines"
	case webber:
		return "blocks"
	case clean, epoint, jpaas, ewb:
		return "list"
	case hanweb:
		return "tabs"
	}
	return "table"
}

// facts are what a guide says.
type facts struct {
	name, office, steps, limit, place, fee, phone, complaints, tip string
	conditions, materials                                          []string
}

const hours = "工作日9:00—12:00、13:30—17:00"

// A guideText is a guide as its system writes it.
type guideText struct {
	Layout guideLayout
	Parts  []part
	Tip    string
}

// A part is one fact under the label that the system has for it. Name is the standard one.
type part struct {
	Label, Name string
	Lines       []string
}

// Several reports a part of more than one line.
func (p part) Several() bool { return len(p.Lines) > 1 }

// synonyms are labels beside the standard ones.
var synonyms = map[guideLayout]map[string]string{
	"table": {detail.Place: "受理地点", detail.Hours: "办公时间", detail.Phone: "联系电话", detail.Materials: "所需材料", detail.Procedure: "办事程序", detail.Office: "受理单位", detail.Complaints: "投诉电话"},
	"lines": {detail.Place: "办理地址", detail.Phone: "咨询热线", detail.Materials: "提交材料", detail.Conditions: "申请条件", detail.Office: "办理机构"},
	"tabs":  {detail.Materials: "申报材料", detail.Conditions: "申报条件", detail.Procedure: "办理程序", detail.PromisedLimit: "承诺办结时限"},
}

func layGuide(l guideLayout, f facts) *guideText {
	if l == "headed" {
		return headedGuide(f)
	}
	g := &guideText{Layout: l, Tip: f.tip}
	add := func(name string, lines ...string) {
		label := synonyms[l][name]
		if label == "" {
			label = name
		}
		g.Parts = append(g.Parts, part{label, name, lines})
	}
	add(detail.ServiceName, f.name)
	add(detail.Office, f.office)
	add(detail.Place, f.place)
	add(detail.Hours, hours)
	add(detail.Phone, f.phone)
	add(detail.PromisedLimit, f.limit)
	add(detail.Fee, f.fee)
	add(detail.Conditions, f.conditions...)
	add(detail.Materials, f.materials...)
	add(detail.Procedure, f.steps)
	add(detail.Complaints, f.complaints)
	return g
}

// headedGuide numbers its sections and tells hours behind the address.
func headedGuide(f facts) *guideText {
	return &guideText{Layout: "headed", Tip: f.tip, Parts: []part{
		{"一、受理条件", detail.Conditions, f.conditions},
		{"二、申请材料", detail.Materials, f.materials},
		{"三、办理流程", detail.Procedure, []string{f.steps}},
		{"四、承诺时限", detail.PromisedLimit, []string{f.limit + "。"}},
		{"五、办理地点", detail.Place, []string{f.place + "。" + hours + "。"}},
		{"六、收费标准", detail.Fee, []string{f.fee + "。"}},
		{"七、咨询电话", detail.Phone, []string{f.phone + "，监督投诉：" + f.complaints + "。"}},
		{"八、事项名称", detail.ServiceName, []string{f.name}},
		{"九、实施主体", detail.Office, []string{f.office}},
	}}
}

// Short and Long are the parts of a guide with tabs: what stands above them, and what each holds.
func (g *guideText) Short() []part { return g.tab(false) }
func (g *guideText) Long() []part  { return g.tab(true) }

func (g *guideText) tab(long bool) (out []part) {
	for _, p := range g.Parts {
		if in := p.Name == detail.Conditions || p.Name == detail.Materials || p.Name == detail.Procedure; in == long {
			out = append(out, p)
		}
	}
	return out
}

// text is what a reader sees, tabs opened one after the other.
func (g *guideText) text() string {
	var lines []string
	colon := ""
	if g.Layout == "lines" {
		colon = "："
	}
	for _, p := range g.Parts {
		lines = append(append(lines, p.Label+colon), p.Lines...)
	}
	return strings.Join(append(lines, g.Tip), "\n")
}

// details writes down what an article says of itself.
func details(a *composition, t Article) string {
	said := map[string]string{}
	switch x := a.letter; {
	case a.guide != nil:
		for _, p := range a.guide.Parts {
			said[p.Name] = strings.Join(p.Lines, " / ")
		}
		said[detail.Hours] = hours
	case x != nil:
		said[detail.Writer], said[detail.Asked], said[detail.Question] = x.from, x.sent.Format(time.DateOnly), strings.Join(x.question, " / ")
		said[detail.Answerer], said[detail.Answered], said[detail.Answer] = x.office, t.Date, strings.Join(x.answer, " / ")
	case a.column.genre == policy:
		l := labels(a)
		said[detail.IndexNumber], said[detail.Subject], said[detail.Issuer], said[detail.Effect] = l[0][1], l[1][1], l[2][1], l[7][1]
		said[detail.DocNo], said[detail.Written], said[detail.Published] = a.docNo, t.Written, t.Date
	}
	var b strings.Builder
	for _, name := range detail.Names(t.Kind) {
		if said[name] != "" {
			b.WriteString(name + "：" + said[name] + "\n")
		}
	}
	return b.String()
}
