package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A composition is one article before a style gives it a page.
type composition struct {
	column     *column
	index      int // in its column, the newest first
	title      string
	date       time.Time // 发布日期
	written    time.Time // 成文日期; zero: none
	docNo      string
	source     string
	author     string
	topic      string // id of the department whose words it uses
	paragraphs []string
	letter     *exchange
	guide      *guideText
	subject    string       // 主题分类, of a policy
	original   *composition // what it repeats word for word
	related    *place       // the reading of a policy, the policy of a reading
	attached   string       // text of its attachment
	dice       int          // decides what its page does wrong
}

// An exchange is a citizen's letter and the answer.
type exchange struct {
	from     string
	sent     time.Time
	question []string
	office   string
	answer   []string
}

// A place is where an article stands.
type place struct {
	column *column
	index  int
}

func (a *composition) number() int { return a.column.number(a.index) }

// text is the main text a reader sees on the page.
func (a *composition) text() string {
	if a.guide != nil {
		return a.guide.text()
	}
	if a.letter != nil {
		return strings.Join(append(slices.Clone(a.letter.question), a.letter.answer...), "\n")
	}
	return strings.Join(a.paragraphs, "\n")
}

// The articles of a column are spread over these days, evenly but for a jitter.
var (
	newest  = time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	oldest  = time.Date(2015, 3, 1, 0, 0, 0, 0, time.UTC)
	allDays = int(newest.Sub(oldest).Hours() / 24)
)

func (c *Cluster) day(k *column, i int) time.Time {
	jitter := (uint64(i)*0x9e3779b97f4a7c15 + uint64(k.site.index*31+k.index)*0xbf58476d1ce4e5b9 + c.options.Seed) >> 40 % 1000
	return newest.AddDate(0, 0, -(i*1000+int(jitter))*allDays/(k.count*1000))
}

// repeats finds the portal's notice that the i-th notice of another site repeats.
func (c *Cluster) repeats(k *column, i int) (int, bool) {
	from := c.sites[0].column(notice)
	if k.genre != notice || k.site.Portal || i%7 != 3 || from.count == 0 {
		return 0, false
	}
	j := i * from.count / k.count / 3 * 3
	return j, j%onlyAttached != 5
}

const onlyAttached = 12 // every twelfth notice, from the sixth, says only 详见附件

func (c *Cluster) compose(k *column, i int) *composition {
	w := newWriter(c.grammar, c.options.Seed, k.site.index, k.index, i)
	a := &composition{column: k, index: i, date: c.day(k, i), dice: w.rand.IntN(1 << 20)}
	if j, ok := c.repeats(k, i); ok {
		return c.repost(a, c.compose(c.sites[0].column(notice), j), w)
	}
	c.prepare(w, a)
	a.source, a.author = k.site.short, w.rule("姓名")
	switch k.genre {
	case news:
		if k.site.Portal && w.odds(1, 5) {
			a.write(w.rule("常务会"))
		} else {
			a.write(w.rule("要闻"))
		}
		a.source = w.rule("媒体")
	case policy:
		c.composePolicy(a, w)
	case reading:
		c.composeReading(a, w)
	case letter:
		c.composeLetter(a, w)
	case guide:
		c.composeGuide(a, w)
	default:
		a.write(w.rule(string(k.genre)))
	}
	switch {
	case k.genre == notice && i%onlyAttached == 5:
		a.attached, a.paragraphs = a.text(), []string{"详见附件。"}
	case k.genre == procurement && i%4 == 1:
		a.attached = a.title + "\n" + w.expand("序号、品名、数量、单价（元）\n1、{采购品}、{2-60}、{300-9800}\n2、{采购品}、{2-60}、{300-9800}")
	}
	return a
}

// write sets title and paragraphs from a phrase: title || paragraph | paragraph.
func (a *composition) write(phrase string) {
	title, body, _ := strings.Cut(phrase, "||")
	a.title, a.paragraphs = strings.TrimSpace(title), split(body, "|")
}

func split(s, separator string) []string {
	var out []string
	for part := range strings.SplitSeq(s, separator) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func (c *Cluster) repost(a, from *composition, w *writer) *composition {
	copied := *from
	copied.column, copied.index, copied.dice, copied.original = a.column, a.index, a.dice, from
	copied.date = from.date.AddDate(0, 0, w.rand.IntN(4))
	copied.author = w.rule("姓名")
	return &copied
}

// prepare sets what every article may name.
func (c *Cluster) prepare(w *writer, a *composition) {
	s, all := a.column.site, departments()
	d := all[w.rand.IntN(len(all))]
	if s.Department != "" {
		d = all[slices.IndexFunc(all, func(d Department) bool { return d.ID == s.Department })]
	}
	a.topic = d.ID
	office := strings.TrimPrefix(d.Name, "云河州")
	w.set["部门代号"], w.set["站"], w.set["地"] = d.ID, s.short, s.place
	w.set["部门"] = "州" + office
	w.set["首长"] = c.chief(s, w)
	if s.County != "" {
		w.set["县市"], w.set["部门"] = s.place, s.place+office
	}
	w.set["年"], w.set["月"], w.set["日"] = fmt.Sprint(a.date.Year()), fmt.Sprint(int(a.date.Month())), fmt.Sprint(a.date.Day())
	w.set["节日"] = [...]string{"春节", "春节", "清明节", "清明节", "劳动节", "端午节", "中秋节", "中秋节", "国庆节", "国庆节", "元旦", "元旦"}[a.date.Month()-1]
}

// chief is one of the few persons who lead a site's office.
func (c *Cluster) chief(s *website, w *writer) string {
	n := w.rand.IntN(3)
	person := newWriter(c.grammar, c.options.Seed, s.index, -1, n)
	name := person.rule("姓名")
	switch {
	case s.Portal && n == 0:
		return "州长" + name
	case s.Portal:
		return person.rule("职务") + name
	case s.County != "" && n == 0:
		return s.place[len(s.place)-3:] + "长" + name
	case s.County != "":
		return strings.ReplaceAll(person.rule("县职务"), "县", s.place[len(s.place)-3:]) + name
	case n == 0 && strings.HasSuffix(s.Name, "局"):
		return "局党组书记、局长" + name
	case n == 0:
		return "党组书记、主任" + name
	}
	return "党组成员" + name
}

func (c *Cluster) composeLetter(a *composition, w *writer) {
	parts := split(w.rule("问题."+a.topic), "||")
	a.title = parts[0]
	if w.odds(2, 3) {
		a.title = "咨询：" + w.value("县市") + parts[0]
	}
	a.letter = &exchange{
		from: w.value("姓!") + "**", sent: a.date.AddDate(0, 0, -3-w.rand.IntN(12)), office: w.set["部门"],
		question: []string{w.rule("称呼") + parts[1] + w.rule("题注")},
		answer:   []string{w.rule("答复头"), parts[2], w.rule("答复尾")},
	}
	a.source = w.set["部门"]
}
