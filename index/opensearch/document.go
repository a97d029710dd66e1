package opensearch

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"terrace/index"
)

// A stored is a document as a generation keeps it.
type stored struct {
	ID      string       `json:"id"`
	Title   string       `json:"title"`
	DocNo   string       `json:"doc_no"`
	Body    string       `json:"body"`
	Kind    string       `json:"kind"`
	Source  string       `json:"source"`
	Written int32        `json:"written"`
	Level   int          `json:"level"`
	Copies  []storedCopy `json:"copies"`

	Validity    string             `json:"validity,omitempty"`
	Links       []storedLink       `json:"links,omitempty"`
	Details     []storedDetail     `json:"details,omitempty"`
	Attachments []storedAttachment `json:"attachments,omitempty"`
}

type storedDetail struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type storedAttachment struct {
	URL  string `json:"url"`
	Name string `json:"name"`
	Text string `json:"text"`
}

type storedLink struct {
	Kind  string `json:"kind"`
	ID    string `json:"id"`
	URL   string `json:"url"`
	Title string `json:"title"`
}

type storedCopy struct {
	URL        string `json:"url"`
	Site       string `json:"site"`
	Department string `json:"department"`
	County     string `json:"county"`
	Column     string `json:"column"`
	Date       int32  `json:"date"`
}

func store(d *index.Document) stored {
	out := stored{
		ID: encode(d.ID), Title: encode(d.Title), DocNo: encode(d.DocNo), Body: encode(d.Body), Kind: encode(d.Kind), Source: encode(d.Source),
		Written: int32(d.Written), Level: d.Level, Validity: encode(d.Validity),
	}
	for _, l := range d.Links {
		out.Links = append(out.Links, storedLink{encode(l.Kind), encode(l.ID), encode(l.URL), encode(l.Title)})
	}
	for _, x := range d.Details {
		out.Details = append(out.Details, storedDetail{encode(x.Name), encode(x.Value)})
	}
	for _, a := range d.Attachments {
		out.Attachments = append(out.Attachments, storedAttachment{encode(a.URL), encode(a.Name), encode(a.Text)})
	}
	for _, c := range d.Copies {
		out.Copies = append(out.Copies, storedCopy{
			encode(c.URL), encode(c.Site), encode(c.Department), encode(c.County), encode(c.Column), int32(c.Date),
		})
	}
	return out
}

func (s *stored) document() index.Document {
	d := index.Document{
		ID: decode(s.ID), Title: decode(s.Title), DocNo: decode(s.DocNo), Body: decode(s.Body), Kind: decode(s.Kind), Source: decode(s.Source),
		Written: index.Date(s.Written), Level: s.Level, Validity: decode(s.Validity),
	}
	for _, l := range s.Links {
		d.Links = append(d.Links, index.Link{Kind: decode(l.Kind), ID: decode(l.ID), URL: decode(l.URL), Title: decode(l.Title)})
	}
	for _, x := range s.Details {
		d.Details = append(d.Details, index.Detail{Name: decode(x.Name), Value: decode(x.Value)})
	}
	for _, a := range s.Attachments {
		d.Attachments = append(d.Attachments, index.Attachment{URL: decode(a.URL), Name: decode(a.Name), Text: decode(a.Text)})
	}
	for _, c := range s.Copies {
		d.Copies = append(d.Copies, index.Copy{
			URL: decode(c.URL), Site: decode(c.Site), Department: decode(c.Department), County: decode(c.County), Column: decode(c.Column),
			Date: index.Date(c.Date),
		})
	}
	return d
}

// source is what is sent of a document to be indexed.
func source(d *index.Document, a index.Analysis) object {
	out := object{
		fieldDocument: store(d), fieldID: term(d.ID), fieldDate: int32(d.Date()), fieldLevel: clampLevel(d.Level),
		fieldBodyLength: a.Body.Length, fieldTitleLength: a.Title.Length,
		fieldBytes:         textBytes(d) + 100*(1+len(d.Copies)+len(d.Links)+len(d.Details)),
		string(index.Body): counted(a.Body), firstField(index.Body): counted(firsts(a.Body)),
		string(index.Title): counted(a.Title), firstField(index.Title): counted(firsts(a.Title)),
	}
	if len(a.Attached.Terms) > 0 {
		out[fieldAttachedLength] = a.Attached.Length
		out[string(index.Attached)], out[firstField(index.Attached)] = counted(a.Attached), counted(firsts(a.Attached))
	}
	site := ""
	if len(d.Copies) > 0 {
		site = d.Copies[0].Site
	}
	out[fieldSite] = term(site)
	if len(a.Keys) > 0 {
		out[fieldKey] = termsOf(a.Keys)
	}
	if a.TitleForm != "" {
		out[fieldTitleForm] = term(a.TitleForm)
	}
	for _, f := range index.Keywords {
		if values := d.Values(f); values != nil {
			out[keywordField(f)] = termsOf(values)
		}
	}
	return out
}

// textBytes is how much text a document has.
func textBytes(d *index.Document) int {
	n := len(d.Title) + len(d.Body)
	for i := range d.Attachments {
		n += 100 + len(d.Attachments[i].Text)
	}
	return n
}

func clampLevel(n int) int { return min(max(n, math.MinInt32), math.MaxInt32) }

// counted writes a field's terms as the mapping's analyzer reads them. A field without terms gets one, for the cluster's BM25 counts the
// documents that have the field.
func counted(c index.TermCounts) string {
	var out strings.Builder
	for _, t := range c.Terms {
		if len(t.Text) == 0 || t.Count <= 0 {
			continue
		}
		out.WriteString(term(t.Text))
		if t.Count > 1 {
			out.WriteByte(countMark)
			out.WriteString(strconv.Itoa(t.Count))
		}
		out.WriteByte(parting)
	}
	if out.Len() == 0 {
		return noTerms
	}
	return out.String()
}

// firsts counts the first characters of terms.
func firsts(c index.TermCounts) index.TermCounts {
	at := map[string]int{}
	out := index.TermCounts{Length: c.Length}
	for _, t := range c.Terms {
		if len(t.Text) == 0 || t.Count <= 0 {
			continue
		}
		_, n := utf8.DecodeRuneInString(t.Text)
		i, seen := at[t.Text[:n]]
		if !seen {
			i = len(out.Terms)
			at[t.Text[:n]] = i
			out.Terms = append(out.Terms, index.TermCount{Text: t.Text[:n]})
		}
		out.Terms[i].Count += t.Count
	}
	return out
}
