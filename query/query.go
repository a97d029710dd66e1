// Package query is the read side: it understands what a reader typed, asks the index, orders what came back, and shows why it was found.
//
// It works the same over every engine: what an engine cannot do alike everywhere (re-ranking, highlighting) is done here.
package query

import (
	"fmt"
	"time"

	"terrace/index"
	"terrace/moves"
)

// A Request is one question, as typed and clicked. Without words it asks for everything that its filters allow, latest first.
type Request struct {
	Text       string   // words, "phrases", -exclusions, site:id
	Site       []string // ids or names; of several one must hold; so with the lists below
	Department []string
	County     []string
	Kind       []string
	Column     []string
	From, To   index.Date // inclusive; zero is open
	Sort       index.Sort
	TitleOnly  bool
	AnyWords   bool // by date: also what does not hold every word
	PlainDays  bool // 2023年, 去年 and the like in Text are words and no condition
	Literal    bool // Text is searched for as it is, and no other form proposed
	Explain    bool // the answer says how the text was understood and what each score is made of
	Page       int  // from 1; 0 is 1
	PageSize   int  // 0 is 10
}

// Limits of a Request; beyond them Search fails with ErrRequest.
const (
	MaxText     = 200 // runes
	MaxPageSize = 100
	MaxValues   = 50 // of one filter
)

// A Response is one page of results.
type Response struct {
	Total        int
	TotalIsExact bool
	Days         *Days // the condition on the day of publication that Text holds; nil where there is none, or nothing of that time
	AllWords     bool  // by date: only what holds every word is given, for there is enough of it
	Relaxed      bool  // the filters left nothing of what matched best; the hits, of which there are some, are the best inside them
	Took         time.Duration
	Hits         []Hit
	Facets       map[index.Field][]FacetValue // of index.Keywords
	Ignored      bool                         // Text held nothing to search for: only punctuation, say
	Rewriting    *Rewriting                   // another form of Text, likelier to be meant; nil: none
	Plan         *Plan                        // where Request.Explain asks for it
	Address      *moves.Address               // what Text is, where it is a URL; then there is no hit but the page it means
	Browsed      bool                         // Text held no word at all: this is everything that the filters allow, latest first
}

// A Hit is one document found, shown as the copy that meets the filters.
type Hit struct {
	ID             string
	URL            string
	Title          []Span
	Snippet        []Span // the best passage, at most about 120 characters
	Site           string // id
	SiteName       string
	Department     string // id, or a name no department is configured for
	DepartmentName string
	County         string
	CountyName     string
	Kind           string
	Column         string
	DocNo          string
	Source         string
	Date           index.Date
	Closed         bool           // its site is closed, and no other publishes it
	Copies         int            // other places that publish it
	Places         []Place        // the first of them
	Validity       string         // one of index.Validities, or empty
	Links          []index.Link   // to related documents, successors first
	Attachments    []Attachment   // the first of them
	Attached       int            // how many there are
	Details        []index.Detail // what it says of itself, masked
	Score          float32
	Parts          []Part // what Score is the sum of, where Request.Explain asks for it
}

// A Place is another place that publishes a hit.
type Place struct {
	Site, SiteName string
	URL            string
	Date           index.Date
}

// A Rewriting is another form of what was typed.
type Rewriting struct {
	Text    string
	Kind    string // spelling or pinyin
	Applied bool   // the answer is to Text, for what was typed found nothing
}

// A Span is a piece of text; Match tells whether it is what was asked for.
type Span struct {
	Text  string
	Match bool
}

// A FacetValue is one value of a filter among the results.
type FacetValue struct {
	Value  string // what a Request takes
	Name   string // what a reader sees
	Count  int
	Chosen bool // the request filters on it
}

// A RequestError says what is wrong with a Request.
type RequestError struct {
	Parameter string // of the API, such as page_size
	Text      string // for a reader: what is wrong and what would be right, in Chinese, without a full stop
}

func (e *RequestError) Error() string { return "请求有误：" + e.Text }

func refuse(parameter, format string, a ...any) error {
	return &RequestError{parameter, fmt.Sprintf(format, a...)}
}
