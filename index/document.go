package index

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// A Document is one thing that can be found. Its text stands once however many places publish it.
type Document struct {
	ID    string // given at first sight, never changed
	Title string
	Body  string // main text, paragraphs parted by "\n"; the title is not repeated in it

	Kind    string // one of Kinds
	DocNo   string // 发文字号, such as 国办发〔2017〕47号
	Source  string // 信息来源 or 发文机关, as published
	Written Date   // 成文日期
	Level   int    // of the publishing site: 0 the portal, 1 a department, 2 a county

	Validity string // what has become of it, one of Validities; empty: nothing says so
	Links    []Link // to related documents, successors first

	Details     []Detail     // what it says of itself by name: 索引号, 办理材料, 来信时间
	Attachments []Attachment // in the order of the page

	Copies []Copy // at least one; the first is the original
}

// A Copy is one place a Document is published at.
type Copy struct {
	URL        string
	Site       string // site id
	Department string // department id, or a name no department is configured for
	County     string // county id, or a name no county is configured for
	Column     string // 栏目, as published
	Date       Date   // 发布日期
}

// A Link leads from a document to a related one.
type Link struct {
	Kind  string // what the other is to this one, one of LinkKinds
	ID    string // of the other
	URL   string
	Title string
}

// A Detail is one thing that a document says of itself. Name is the standard one, whatever the page calls it.
type Detail struct {
	Name, Value string
}

// An Attachment is a file that a document offers.
type Attachment struct {
	URL  string
	Name string // as the page calls it
	Text string // what it says, paragraphs parted by "\n"; empty where that is not known
}

// How many bytes of text an index takes of one document.
const (
	MaxBody     = 16 << 20 // of its body
	MaxAttached = 1 << 20  // of the texts of its attachments, all together
)

// Fit cuts a body that is longer than MaxBody, and texts of attachments beyond MaxAttached, between characters, and returns how many bytes that took.
func (d *Document) Fit() (lost int) {
	d.Body, lost = cut(d.Body, MaxBody)
	left := MaxAttached
	for i := range d.Attachments {
		a := &d.Attachments[i]
		text, gone := cut(a.Text, left)
		a.Text, left, lost = text, left-len(text), lost+gone
	}
	return lost
}

// cut is a text without what is beyond most bytes, and how many these are.
func cut(text string, most int) (kept string, lost int) {
	if len(text) <= most {
		return text, 0
	}
	end := most
	for end > max(0, most-utf8.UTFMax) && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end], len(text) - end
}

// CheckSizes fails with ErrTooLarge where a document has more text than MaxBody and MaxAttached allow.
func CheckSizes(docs []Document) error {
	for i := range docs {
		d := &docs[i]
		attached := 0
		for _, a := range d.Attachments {
			attached += len(a.Text)
		}
		switch {
		case len(d.Body) > MaxBody:
			return fmt.Errorf("document %q: %w: body of %d bytes, %d are allowed", d.ID, ErrTooLarge, len(d.Body), MaxBody)
		case attached > MaxAttached:
			return fmt.Errorf("document %q: %w: attachments of %d bytes, %d are allowed", d.ID, ErrTooLarge, attached, MaxAttached)
		}
	}
	return nil
}

// Date is the original's date of publication, which sorts by date.
func (d *Document) Date() Date {
	if len(d.Copies) == 0 {
		return 0
	}
	return d.Copies[0].Date
}

// Text is what a text field's terms are made from, lines parted by "\n": the title; the title, the document number and the body; the names and texts of the
// attachments.
func (d *Document) Text(f Field) string {
	switch f {
	case Title:
		return d.Title
	case Attached:
		var b strings.Builder
		for _, a := range d.Attachments {
			b.WriteString(a.Name + "\n" + a.Text + "\n")
		}
		return b.String()
	}
	return d.Title + "\n" + d.DocNo + "\n" + d.Body
}

// PhraseText is what phrases of Body or Title are verified on.
func (d *Document) PhraseText(f Field) string {
	if f == Body && len(d.Attachments) > 0 {
		return d.Text(Body) + "\n" + d.Text(Attached)
	}
	return d.Text(f)
}

// Values returns the distinct values a document holds in a keyword field, in order of its copies. Empty values are left out.
func (d *Document) Values(f Field) []string {
	switch f {
	case Kind:
		return filled(d.Kind)
	case Year:
		if y := d.Date().Year(); y != 0 {
			return filled(fmt.Sprintf("%04d", y))
		}
		return nil
	}
	var out []string
	seen := make(map[string]bool, len(d.Copies))
	for i := range d.Copies {
		if v := d.Copies[i].value(f); v != "" && !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

func filled(v string) []string {
	if v == "" {
		return nil
	}
	return []string{v}
}

func (c *Copy) value(f Field) string {
	switch f {
	case Site:
		return c.Site
	case Department:
		return c.Department
	case County:
		return c.County
	case Column:
		return c.Column
	}
	return ""
}

// A Field names a part of a Document that a Query can ask for.
type Field string

// Text fields hold analysed terms; Body's hold the title too, so that one list answers both. Attached is what the attachments say: no query names it, for a term of Body
// stands there as well (see Weighting).
const (
	Body     Field = "body"
	Title    Field = "title"
	Attached Field = "attached"
)

// Keyword fields hold exact values, none, one or several a document; they filter and are counted.
const (
	Site       Field = "site"
	Department Field = "department"
	County     Field = "county"
	Kind       Field = "kind"
	Column     Field = "column"
	Year       Field = "year" // of the original's publication, four digits
)

// Keywords lists the keyword fields.
var Keywords = []Field{Site, Department, County, Kind, Column, Year}

// The values of Document.Kind.
const (
	Policy         = "policy"         // 政策文件
	Interpretation = "interpretation" // 政策解读
	Disclosure     = "disclosure"     // 信息公开
	Service        = "service"        // 办事服务
	Interaction    = "interaction"    // 互动交流
	News           = "news"           // 新闻动态
	Other          = "other"          // 其他
)

// Kinds lists the values of Document.Kind in the order a reader expects them.
var Kinds = []string{Policy, Interpretation, Disclosure, Service, Interaction, News, Other}

// The values of Document.Validity.
const (
	Valid    = "valid"    // 有效, by its own words
	Amended  = "amended"  // 已修改: it holds, with changes or in part
	Repealed = "repealed" // 已废止, or expired
)

// Validities lists the values of Document.Validity.
var Validities = []string{Valid, Amended, Repealed}

// The values of Link.Kind.
const (
	RepealedBy  = "repealed_by"  // repealed this one
	AmendedBy   = "amended_by"   // changed this one, or repealed a part of it
	Explains    = "explains"     // the policy that this interpretation is of
	ExplainedBy = "explained_by" // an interpretation of this policy
)

// LinkKinds lists the values of Link.Kind in the order a reader expects them.
var LinkKinds = []string{RepealedBy, AmendedBy, Explains, ExplainedBy}

// A Date is a day of the Gregorian calendar in Asia/Shanghai, written as the number yyyymmdd, so that dates compare as numbers do.
// Zero means undated.
type Date int32

// ParseDate reads yyyy-mm-dd. The empty string is the zero Date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return 0, nil
	}
	t, err := time.Parse("2006-01-02", s)
	if err != nil || t.Year() < 1 {
		return 0, fmt.Errorf("date %q: not a day of the form 2024-01-31", s)
	}
	return NewDate(t), nil
}

// NewDate is the day of t in t's own location.
func NewDate(t time.Time) Date {
	return Date(t.Year()*10000 + int(t.Month())*100 + t.Day())
}

// In is the beginning of the day at a place.
func (d Date) In(place *time.Location) time.Time {
	return time.Date(d.Year(), time.Month(d/100%100), int(d%100), 0, 0, 0, 0, place)
}

// Year is 0 for the zero Date.
func (d Date) Year() int { return int(d) / 10000 }

// String is yyyy-mm-dd, or empty for the zero Date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d/10000, d/100%100, d%100)
}
