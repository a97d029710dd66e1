package demo

import (
	"bytes"
	"embed"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"text/template"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// The templates escape nothing: every word in them and in the texts is this package's own, and no page repeats what a request says.
//
//go:embed pages
var pages embed.FS

var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{"cut": cut, "day": day, "dotted": dotted}).ParseFS(pages, "pages/*.html"))
})

// A link is an address with its text.
type link struct{ URL, Text string }

// An item is a link in a list of articles.
type item struct {
	link
	Date time.Time
}

// A section is a column on the home page.
type section struct {
	Head  link
	Items []item
}

// A view is what a template draws.
type view struct {
	Site     *website
	Role     string // home, list, article or message
	Title    string
	Nav      []link
	Column   *link // of a list or an article
	Sections []section
	Items    []item
	Count    int
	Page     int // of a list, from 1
	Pages    int
	Pager    []link
	Turner   string // stands in place of Pager where a style turns pages in a way of its own
	Article  *page
	Message  string
	Months   []link
	NoIndex  bool
	Hot      []link
	Friends  []link
	Keywords []string
	Former   string // path of the portal's moved column
	Calendar string // link to the endless calendar
	Stubs    []link
	Dead     string
	Faulty   string // link to the page with faults
}

// A page is an article as a template draws it.
type page struct {
	Title, Number, Source, Author, DocNo, Subject string
	Date, Written                                 time.Time
	Paragraphs                                    []string
	Letter                                        *letterView
	Guide                                         *guideText
	Labels                                        [][2]string
	Attachment, Related, From                     *link
	Previous, Next                                *link
	Tags                                          []tag
	InTitle                                       string // the title with a line break in it, or as it is
}

type letterView struct {
	From, Office     string
	Sent, Answered   time.Time
	Question, Answer []string
}

func (h *handler) view(role, title string) *view {
	s := h.site
	v := &view{Site: s, Role: role, Title: title, Keywords: h.cluster.grammar["热词"], Dead: s.dead()}
	for _, k := range s.columns {
		v.Nav = append(v.Nav, link{s.style.list(k, 1), k.name})
		for i := range min(k.count, 2) {
			a := h.cluster.compose(k, i)
			v.Hot = append(v.Hot, link{s.style.article(a), a.title})
		}
	}
	v.Hot = v.Hot[:min(8, len(v.Hot))]
	for _, other := range h.cluster.sites {
		if other != s {
			v.Friends = append(v.Friends, link{other.URL, other.Name})
		}
	}
	if s.Portal {
		v.Former = oldColumn
	}
	if s.hasCalendar() {
		v.Calendar = calendarPath + "?ym=2026-06"
	}
	if s.hasFaults() {
		v.Faulty = faultyPath
	}
	for path := range s.stubs() {
		text := "办事大厅"
		if path == "/zwgk/" {
			text = "政务公开"
		}
		v.Stubs = append(v.Stubs, link{path, text})
	}
	slices.SortFunc(v.Stubs, func(a, b link) int { return bytes.Compare([]byte(a.URL), []byte(b.URL)) })
	return v
}

func (h *handler) home() (*view, error) {
	v := h.view("home", h.site.Name)
	for i, k := range h.site.columns {
		v.Sections = append(v.Sections, section{v.Nav[i], h.items(k, 0, 6)})
	}
	return v, nil
}

func (h *handler) items(k *column, from, n int) []item {
	var out []item
	for i := from; i < min(from+n, k.count); i++ {
		a := h.cluster.compose(k, i)
		out = append(out, item{link{h.site.style.article(a), a.title}, a.date})
	}
	return out
}

func (h *handler) message(title, text string) *view {
	v := h.view("message", title)
	v.Message = text
	return v
}

func (h *handler) list(k *column, page int) (reply, error) {
	s := h.site
	v := h.view("list", k.name)
	v.Column, v.Page, v.Pages, v.Count = &v.Nav[k.index], page, k.pages(), k.count
	v.Items = h.items(k, (page-1)*perPage, perPage)
	if _, ok := s.style.(ewb); ok {
		v.Items = nil // a script asks for them
	}
	if t, ok := s.style.(turner); ok {
		v.Turner = t.turn(h, k, page)
	}
	add := func(p int, text string) {
		if p >= 1 && p <= v.Pages && p != page {
			v.Pager = append(v.Pager, link{s.style.list(k, p), text})
		}
	}
	add(1, "首页")
	add(page-1, "上一页")
	for p := page - 2; p <= page+4; p++ {
		add(p, fmt.Sprint(p))
	}
	add(page+1, "下一页")
	add(v.Pages, "尾页")
	return h.draw(v, http.StatusOK, newest)
}

func (h *handler) article(a *composition) (reply, error) {
	v := h.view("article", a.title)
	v.Column = &v.Nav[a.column.index]
	v.Article = h.cluster.lay(a)
	return h.draw(v, http.StatusOK, a.date.Add(9*time.Hour))
}

// lay prepares a composition for its template.
func (c *Cluster) lay(a *composition) *page {
	k, st := a.column, a.column.site.style
	p := &page{
		Title: a.title, InTitle: a.title, Number: fmt.Sprint(a.number()), Source: a.source, Author: a.author, DocNo: a.docNo, Subject: a.subject,
		Date: a.date, Written: a.written, Paragraphs: a.paragraphs, Guide: a.guide, Tags: tags(a),
	}
	if n := utf8.RuneCountInString(a.title); n > 24 && a.dice%5 == 0 {
		p.InTitle = breakAt(a.title, n/2)
	}
	if x := a.letter; x != nil {
		p.Letter = &letterView{From: x.from, Office: x.office, Sent: x.sent, Answered: a.date, Question: x.question, Answer: x.answer}
	}
	if k.genre == policy {
		p.Labels = labels(a)
	}
	neighbour := func(i int) *link {
		if i < 0 || i >= k.count {
			return nil
		}
		n := c.compose(k, i)
		return &link{st.article(n), n.title}
	}
	p.Previous, p.Next = neighbour(a.index-1), neighbour(a.index+1)
	if a.related != nil {
		r := c.compose(a.related.column, a.related.index)
		p.Related = &link{st.article(r), r.title}
	}
	if a.attached != "" {
		p.Attachment = &link{st.attachment(a), "附件：" + a.title + ".docx"}
	}
	if o := a.original; o != nil {
		p.From = &link{o.column.site.at(o.column.site.style.article(o)), o.column.site.Name}
	}
	return p
}

func labels(a *composition) [][2]string {
	state := "有效"
	if a.date.Year() < 2019 && a.dice%2 == 0 {
		state = "废止"
	}
	return [][2]string{
		{"索 引 号", fmt.Sprintf("%s-%s-%05d", a.column.site.SiteIDCode[4:], a.date.Format("200601"), a.number())}, {"主题分类", a.subject},
		{"发文机关", a.column.site.short}, {"成文日期", day(a.written)}, {"标　　题", a.title}, {"发文字号", a.docNo},
		{"发布日期", day(a.date)}, {"效力状态", state},
	}
}

// draw fills the style's template and encodes it as the style's server would.
func (h *handler) draw(v *view, status int, modified time.Time) (reply, error) {
	var b bytes.Buffer
	if err := templates().ExecuteTemplate(&b, h.site.style.template()+".html", v); err != nil {
		return reply{}, fmt.Errorf("draw %s: %w", v.Title, err)
	}
	if !h.site.old() {
		return reply{status: status, kind: "text/html; charset=utf-8", body: b.Bytes(), modified: modified}, nil
	}
	body, err := simplifiedchinese.GBK.NewEncoder().Bytes(b.Bytes())
	if err != nil {
		return reply{}, fmt.Errorf("encode %s: %w", v.Title, err)
	}
	return reply{status: status, kind: "text/html", body: body}, nil
}

func stylesheet(s style) []byte {
	b, err := pages.ReadFile("pages/" + s.template() + ".css")
	if err != nil {
		return nil // the old style has none
	}
	return b
}

// cut shortens a title as list pages do.
func cut(n int, s string) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}

func breakAt(s string, n int) string {
	r := []rune(s)
	return string(r[:n]) + "<br/>" + string(r[n:])
}

func day(t time.Time) string { return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day()) }

func dotted(t time.Time) string { return t.Format(time.DateOnly) }

// Page0 is the list page counted from 0, as createPageHTML wants it.
func (v *view) Page0() int { return v.Page - 1 }

// Pairs are the labels two to a row.
func (p *page) Pairs() [][4]string {
	var rows [][4]string
	for i := 0; i+1 < len(p.Labels); i += 2 {
		a, b := p.Labels[i], p.Labels[i+1]
		rows = append(rows, [4]string{a[0], a[1], b[0], b[1]})
	}
	return rows
}
