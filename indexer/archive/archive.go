// Package archive keeps every page of the cluster as it was last fetched, in order of change, and what is due next.
//
// It stands between the crawler, which only fills it, and the indexer, which reads what changed since its cursor: a document is a
// function of its archived row, so a better extractor or a new word needs no request to any site. Imported documents live here too.
//
// State is kept in one SQLite database, page bytes, compressed, by content hash in another. What Record is given lands in one transaction.
package archive

import (
	"errors"
	"time"
)

// A Page is one URL of a site, or one imported document.
type Page struct {
	ID       string // given at first sight, never changed
	Site     string // site id; may be empty for imports
	URL      string // canonical; may be empty for imports
	Role     Role
	State    State
	Reason   string // why the state is what it is, for people; English
	MovedTo  string // id of the page a redirect, canonical link or twin points to
	Imported bool   // Content is one line of an import

	NextAt   time.Time     // when it is due; zero: never
	Interval time.Duration // between its last visits as planned
	Fails    int           // failed visits in a row

	Status       int    // HTTP status of the last visit
	ETag         string // validators of the last good visit
	LastModified string
	ContentType  string // header of the last good visit
	FileName     string // of an Attachment, as its server says
	Content      string // hash of the bytes of the last good visit; empty: none kept
	Size         int64  // bytes

	FirstSeen    time.Time
	LastVerified time.Time // last visit that showed it to be there, changed or not
	LastChanged  time.Time

	Referrer string // id of the page it was first linked from
	Anchor   string // text of the link from a list page
	ListDate string // yyyy-mm-dd beside that link
	Listed   int    // entries that it says its list has, as a list page, or that a sitemap has; 0: it does not say
	Outside  int    // entries of its list that it shows and that are no pages of the cluster, as a list page
	Head     string // id of the first page of the list that it goes on with, as a list page; empty: it is none or the first
	Change   int64  // number of its last change; greater is later; never used twice
	Deleted  bool   // a tombstone: what was indexed of it goes
}

// Continues reports a page of a list after its first.
func (p *Page) Continues() bool { return p.Role == List && p.Head != "" }

// Role is what a page is for.
type Role string

const (
	Unknown    Role = ""
	Home       Role = "home"
	List       Role = "list"
	Article    Role = "article"
	Attachment Role = "attachment"
	Sitemap    Role = "sitemap"
)

// Offers tells whether the files that a page leads to are its attachments. Lists and home pages lead to what is not theirs.
func (r Role) Offers() bool { return r != List && r != Home }

// State is what the last visit came to.
type State string

const (
	New         State = "new"          // never visited
	OK          State = "ok"           // fetched, content kept
	Redirect    State = "redirect"     // MovedTo says where to
	Gone        State = "gone"         // 404 twice or 410
	Retry       State = "retry"        // failed, will be tried again
	Robots      State = "robots"       // robots.txt forbids it
	OutOfScope  State = "out_of_scope" // leads out of the cluster, to a private address, or against a site's patterns
	WAF         State = "waf"          // answered by a firewall's challenge
	TooLarge    State = "too_large"    // over the size cap
	Unsupported State = "unsupported"  // a type that is not read, or a file that cannot be
	NeedsOCR    State = "needs_ocr"    // a file of pictures without text; content kept
	NeedsJS     State = "needs_js"     // scripts make its text, and no browser has opened it
	Quarantined State = "quarantined"  // a trap, a soft 404, a redirect loop
	Suspect     State = "suspect"      // something else stood in the page's place; what was there is kept
	Held        State = "held"         // the site says it is gone; kept until Settle finds that this is no accident
)

// A Visit is what happened when a page was due. Record turns it into the page's new row.
type Visit struct {
	ID     string // the page visited
	At     time.Time
	State  State
	Reason string
	Status int
	Role   Role // Unknown leaves it

	NextAt   time.Time
	Interval time.Duration
	Fails    int

	// Of a good visit with content: State OK or NeedsOCR, or Unsupported of an Attachment with Body. A visit that found the page unchanged (304) has Unchanged set and no Body.
	Unchanged    bool
	ETag         string
	LastModified string
	ContentType  string
	FileName     string // of an Attachment, as its server says; empty: it says none
	Body         []byte
	Listed       int // entries the list says it has, of a list page with Body; URLs of a sitemap
	Outside      int // entries that lead out of the cluster or to what is no page, of a list page with Body

	Shown string // digest of what stood in the page's place, of State Suspect

	MovedTo   string // canonical URL that a redirect or rel=canonical leads to, in scope
	Permanent bool   // the move is for good: a page with content keeps its id under the new URL
	Links     []Link // replaces what the page linked to; ignored where Unchanged or not OK
}

// A Link is a URL that a page leads to and belongs to the cluster.
type Link struct {
	URL   string // canonical
	Site  string // site id
	Role  Role   // a guess; Unknown where there is none
	Text  string // anchor text, or its title attribute where that is longer
	Date  string // yyyy-mm-dd beside it on a list, or empty
	DueAt time.Time

	Modified  time.Time // when a sitemap says that it was last changed; a page verified before is due then. Zero: nothing says
	Entry     bool      // one of the entries of the list, as against navigation
	Continues bool      // another page of the list that the page with the link is one of
}

// An Import is one document that came by import.
type Import struct {
	ID   string
	Site string
	URL  string // canonical, may be empty
	Line []byte // the document as JSON, as given
}

// A Scope says which pages an order is about: all where it is zero.
type Scope struct {
	Site string // site id
	URL  string // canonical URL or a page's id
}

// A Past is an earlier visit, for the history of a page.
type Past struct {
	At      time.Time
	State   State
	Reason  string
	Status  int
	Content string
}

// A Tally counts a site's pages.
type Tally struct {
	Site     string
	States   map[State]int
	Due      int // at the moment asked for
	LastGood time.Time
}

// ErrUnknown is returned where no page has the id or URL asked for.
var ErrUnknown = errors.New("no such page in the archive")

// Errors of Content beside ErrUnknown.
var (
	ErrDropped = errors.New("the bytes are kept no longer, their text is")
	ErrDamaged = errors.New("the bytes kept are damaged")
)

// NotKept reports an error of Content that says of the bytes, and not of the archive, that they cannot be had: the page has changed since and has a later change number, or they
// are kept no longer, or are damaged, which Verify tells.
func NotKept(err error) bool {
	return errors.Is(err, ErrUnknown) || errors.Is(err, ErrDropped) || errors.Is(err, ErrDamaged)
}
