// Package extract turns an archived page into a Document: its title, main text, dates, document number, source, column, kind and department.
//
// It trusts the metadata tags of 国办发〔2017〕47号 first, then label and value pairs on the page, then what the page looks like; each only as far as it
// is plausible, for tags are dirty. It knows marks of content management systems and plain good sense, and no site by name.
package extract

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/index"
	"terrace/indexer/archive"
	"terrace/indexer/markup"
	"terrace/indexer/weburl"
	"terrace/site"
)

// Version changes when the same page may give another document.
const Version = "11"

// maxBody is the largest main text that is kept, in bytes; Output.Cut says how much was left out.
const maxBody = 1 << 20

// An Input is a page as archived, and what is known of it from elsewhere.
type Input struct {
	URL         string
	ContentType string // header as sent
	Body        []byte
	Site        *site.Site // may be nil
	Anchor      string     // text of a link that leads to it from a list
	ListDate    string     // yyyy-mm-dd beside that link
	Attached    bool       // it offers files: then it is a document without text, too
}

// An Output is what a page came to.
type Output struct {
	Document index.Document // without id
	Role     archive.Role
	Skip     string   // why it is no document; empty: it is one
	Effect   string   // what it says of being in force, such as 有效 or 已废止; empty: nothing
	Links    []string // canonical URLs that its main text leads to, at most maxLinks
	Fields   []Field  // what the page says of itself
	Cut      int      // bytes of main text beyond the limit
}

// A Field is something the page says of itself.
type Field struct {
	Name, Value string
	From        string // tag, label or text
}

// An Extractor knows the cluster's sites and departments. It may be used by several goroutines.
type Extractor struct{ registry *site.Registry }

// New makes an Extractor.
func New(r *site.Registry) *Extractor { return &Extractor{r} }

// Extract reads a page. It fails only where the bytes are no page.
func (x *Extractor) Extract(in Input) (Output, error) {
	u, err := url.Parse(in.URL)
	if err != nil {
		return Output{}, fmt.Errorf("extract: %w", err)
	}
	charset := ""
	if in.Site != nil {
		charset = in.Site.Charset
	}
	p, err := markup.Parse(u, in.Body, in.ContentType, charset)
	if errors.Is(err, markup.ErrNotText) {
		return Output{Skip: "not a web page"}, nil
	}
	if err != nil {
		return Output{}, fmt.Errorf("extract: %w", err)
	}
	return x.Read(in, p), nil
}

// Read is Extract of a page that is parsed already; it may change the tree.
func (x *Extractor) Read(in Input, p *markup.Page) Output {
	r := newReader(x.registry, in, p)
	out := r.output()
	out.Fields = r.fields
	return out
}

// A reader reads one page.
type reader struct {
	registry *site.Registry
	in       Input
	page     *markup.Page
	fields   []Field
	said     map[string]string // field name → first plausible value
}

func newReader(reg *site.Registry, in Input, p *markup.Page) *reader {
	r := &reader{registry: reg, in: in, page: p, said: map[string]string{}}
	r.tags()
	r.labels()
	return r
}

// say notes what the page says of itself; the first source of a name wins.
func (r *reader) say(name, value, from string) {
	value = clean(value)
	if value == "" || strings.EqualFold(value, "null") || strings.EqualFold(value, "undefined") || utf8.RuneCountInString(value) > 300 || name == source && from == "label" && !plausibleSource(value) {
		return
	}
	r.fields = append(r.fields, Field{name, value, from})
	if r.said[name] == "" {
		r.said[name] = value
	}
}

// output decides what the page is.
func (r *reader) output() Output {
	out := Output{Role: archive.Article}
	switch {
	case r.page.Challenge:
		return Output{Skip: "a firewall's challenge"}
	case r.page.Refresh != "":
		return Output{Skip: "redirect stub"}
	case r.page.NoIndex:
		return Output{Skip: "noindex"}
	case r.page.Data:
		return Output{Role: archive.List, Skip: "list page"}
	}
	title := r.title()
	body, list := r.body(title)
	switch {
	case r.home():
		return Output{Role: archive.Home, Skip: "home page"}
	case list:
		return Output{Role: archive.List, Skip: archive.ListPage}
	case title == "":
		return Output{Skip: "no title"}
	}
	if loginTitle.MatchString(title) && r.asksPassword() {
		return Output{Skip: "a login form"}
	}
	text := dropTitle(body.text, title)
	if text == "" && body.node == nil && !r.in.Attached {
		return Output{Skip: "no text"}
	}
	d := &out.Document
	d.Title, d.DocNo, d.Written = title, r.docNo(title, text), r.written(text)
	d.Source = first(r.said[source], r.said[issuer])
	copy := index.Copy{URL: r.in.URL, Column: r.column(), Date: r.date(text)}
	r.place(d, &copy)
	d.Copies = []index.Copy{copy}
	said := listen(r.page.Root, title, articleOf(r.page.Root, headlineOf(r.page.Root, title), body.parts))
	d.Kind = proven(r.kind(title, text, copy.Column, d.DocNo), said)
	chosen := choose(said, groupOf(d.Kind))
	d.Details = r.details(d, chosen)
	if d.Body = supplemented(text, d.Kind, chosen); len(d.Body) > maxBody {
		out.Cut = len(d.Body) - maxBody
		d.Body = strings.ToValidUTF8(d.Body[:maxBody], "")
	}
	out.Effect, out.Links = r.said[effect], r.links(body.parts)
	return out
}

// File makes a document of an attached file that no page offers, but a list leads to: its title is that of the link, its day the one beside it. in.Body is not looked at.
func (x *Extractor) File(in Input, text string) Output {
	if in.Anchor == "" {
		return Output{Skip: "no title"}
	}
	r := &reader{registry: x.registry, in: in, said: map[string]string{}}
	out := Output{Role: archive.Attachment}
	d := &out.Document
	d.Title, d.Body = strings.TrimSuffix(in.Anchor, path.Ext(in.Anchor)), dropTitle(text, in.Anchor)
	d.DocNo, d.Written = r.docNo(d.Title, text), r.written(text)
	copy := index.Copy{URL: in.URL, Date: parseDay(in.ListDate)}
	r.place(d, &copy)
	d.Copies = []index.Copy{copy}
	d.Kind = r.kind(d.Title, text, "", d.DocNo)
	return out
}

// place says whose a document is.
func (r *reader) place(d *index.Document, copy *index.Copy) {
	if s := r.in.Site; s != nil {
		copy.Site, copy.Department, copy.County = s.ID, s.Department, s.County
		d.Level = r.registry.Level(s)
	}
	for _, said := range []string{r.said[source], r.said[issuer]} {
		if id, ok := r.registry.MatchDepartment(said); ok {
			copy.Department = id
			break
		}
	}
	if copy.County == "" {
		copy.County, _ = r.registry.MatchCounty(d.Source)
	}
}

// maxLinks is how many links of a main text are told: of an attachment list or an index more are no relations of the text.
const maxLinks = 50

// links are where parts of the page lead to.
func (r *reader) links(parts []*html.Node) (out []string) {
	for _, part := range parts {
		for a := range part.Descendants() {
			if a.DataAtom != atom.A || len(out) == maxLinks {
				continue
			}
			if u, err := weburl.Parse(r.page.URL, markup.Attr(a, "href")); err == nil {
				if to := weburl.Canonical(u); !slices.Contains(out, to) {
					out = append(out, to)
				}
			}
		}
	}
	return out
}

// loginTitle is what a page is called that lets nobody see anything before they have signed in.
var loginTitle = regexp.MustCompile(`(?i)^.{0,20}(?:登录|登陆|log ?in|sign ?in)(?:页面?|界面|窗口|系统|平台|中心)?$`)

func (r *reader) asksPassword() bool {
	for n := range r.page.Root.Descendants() {
		if n.DataAtom == atom.Input && strings.EqualFold(attr(n, "type"), "password") {
			return true
		}
	}
	return false
}

// home reports the site's front page.
func (r *reader) home() bool {
	p := r.page.URL.Path
	return r.page.URL.RawQuery == "" && (p == "" || p == "/" || indexPage.MatchString(p))
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// clean collapses blanks of every kind and drops markup that was escaped into a value.
func clean(s string) string {
	s = tagInValue.ReplaceAllString(s, "")
	s = strings.Map(func(r rune) rune {
		switch r {
		case '\u200b', '\ufeff', '\u200c', '\u200d':
			return -1
		case '\u00a0', '\u3000', '\t', '\n', '\r':
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// dropTitle leaves out the headline where it is repeated at the top of the text, unless it is all there is.
func dropTitle(text, title string) string {
	line, rest, more := strings.Cut(text, "\n")
	if more && key(line) == key(title) {
		return rest
	}
	return text
}

func key(s string) string { return strings.Join(strings.Fields(s), "") }
