package crawl

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"terrace/indexer/archive"
	"terrace/indexer/markup"
)

// A page that answers with something else than the page it was (an empty page, a login form, the home page, another owner's advertisement, text in a
// broken encoding) is suspect: what was there is kept, and asked for again. It is taken for a change when the same is there at least suspectTimes, over
// suspectFor, on no other page, and the site is well.
const (
	suspectTimes  = 3
	suspectFor    = 48 * time.Hour
	firstSuspect  = time.Hour // until the next look, doubled each time
	longestDoubt  = 24 * time.Hour
	leastHeadline = 6   // letters that are a headline rather than a word
	leastOwn      = 8   // rows of a page that others do not have, from which on they are compared
	leastText     = 30  // letters that are a text rather than a word
	leastKept     = .1  // share of these that a page which changed still has, or else its headline
	formKept      = .3  // share of these that a page which now has a login form still has
	twinKept      = .7  // share of a page's rows that the page it says it belongs to has, too
	manyRows      = 100 // from which on a page has lost its text that has its headline, and of its own less than one in lessLeft
	lessLeft      = 10
)

// doubt makes a visit Suspect where something else stands in its place, and reports that. What stood there long enough is
// taken, or is Quarantined where the site shows it for addresses that do not exist. The error is the context's or the archive's.
func (a *actor) doubt(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL, page *markup.Page) (bool, error) {
	if p.Content == "" {
		return a.doubtNew(ctx, v, p, page)
	}
	if archive.HashOf(v.Body) == p.Content {
		return false, nil
	}
	before, err := a.crawler.archive.Content(ctx, p.Content)
	if err != nil || alike(before, v.Body) {
		return false, ctx.Err()
	}
	reason, err := a.mismatch(ctx, p, u, before, page)
	if err != nil || reason == "" {
		return false, err
	}
	if a.needsScripts(ctx, p, page) {
		reason = "a page that its scripts make in its place"
	}
	shown := archive.HashOf([]byte(wordingOf(page, true).text))
	t, _, err := a.crawler.archive.Trouble(ctx, p.ID)
	if err != nil {
		return false, err
	}
	if t.Accept || stays(t, shown, v.At) {
		soft, err := a.softMissing(ctx, u, v.Body)
		if err != nil {
			return false, err
		}
		if soft && p.Role != archive.Home {
			a.softGone(v)
			v.Shown = shown
			return true, nil
		}
		if t.Accept || t.Others == 0 {
			return false, nil
		}
	}
	a.shown[shown] = true
	suspect(v, p, reason, shown)
	return true, nil
}

// stays tells whether what is shown in a page's place has been there for long, at a site that is well.
func stays(t archive.Trouble, shown string, at time.Time) bool {
	return !t.Alarm && t.Shown == shown && t.Times+1 >= suspectTimes && at.Sub(t.ShownAt) >= suspectFor
}

// doubtNew doubts a page that has no content yet where it shows what stands in the place of pages that have.
func (a *actor) doubtNew(ctx context.Context, v *archive.Visit, p archive.Page, page *markup.Page) (bool, error) {
	if len(a.shown) == 0 && !a.alarmed {
		return false, nil
	}
	shown := archive.HashOf([]byte(wordingOf(page, true).text))
	known := a.shown[shown]
	if !known && a.alarmed {
		var err error
		if known, err = a.crawler.archive.Shown(ctx, a.site.ID, shown); err != nil {
			return false, err
		}
	}
	if known {
		suspect(v, p, "the same as in the place of other pages", shown)
	}
	return known, nil
}

// withdraws tells whether a page asks not to be indexed that did not ask it before, as all of a site do when a test template goes live. That ends a document, so it is
// recorded as a loss, which the archive guards; a page that asks from the start is kept like any other and gives no document.
func (a *actor) withdraws(ctx context.Context, p archive.Page, u *url.URL, page *markup.Page) bool {
	if !page.NoIndex || p.Content == "" || p.Imported || p.Role == archive.Home || p.Role == archive.List {
		return false
	}
	old := a.kept(ctx, p, u)
	return old != nil && !old.NoIndex
}

// kept is the page that the archive has of a URL, its links as seen from u; nil where it has none that can be read.
func (a *actor) kept(ctx context.Context, p archive.Page, u *url.URL) *markup.Page {
	body, err := a.crawler.archive.Content(ctx, p.Content)
	if err != nil {
		return nil
	}
	page, err := a.crawler.parse(u, body, p.ContentType, a.site.Charset)
	if err != nil {
		return nil
	}
	return page
}

// sitemapLost makes a visit to a sitemap Suspect where there is none any more.
func (a *actor) sitemapLost(ctx context.Context, v *archive.Visit, p archive.Page) bool {
	isOne := func(body []byte) bool {
		text := unpack(body, 1024)
		text = text[:min(len(text), 1024)]
		return bytes.Contains(text, []byte("<urlset")) || bytes.Contains(text, []byte("<sitemapindex"))
	}
	if p.Content == "" || isOne(v.Body) {
		return false
	}
	before, err := a.crawler.archive.Content(ctx, p.Content)
	if err != nil || !isOne(before) {
		return false
	}
	suspect(v, p, "no sitemap in its place", archive.HashOf(v.Body))
	return true
}

func suspect(v *archive.Visit, p archive.Page, reason, shown string) {
	v.State, v.Reason, v.Shown, v.Body, v.Fails = archive.Suspect, reason, shown, nil, p.Fails+1
	v.NextAt = v.At.Add(min(firstSuspect<<min(p.Fails, 16), longestDoubt))
}

// mismatch tells why a page is not the one that was kept of it, or nothing where it is.
func (a *actor) mismatch(ctx context.Context, p archive.Page, u *url.URL, before []byte, page *markup.Page) (string, error) {
	old, err := a.crawler.parse(u, before, p.ContentType, a.site.Charset)
	if err != nil {
		return "", nil
	}
	if p.Role == archive.Home || p.Role == archive.List {
		return mistaken(old, page, "", nil, true), nil
	}
	var around []*wording
	was := wordingOf(old, false)
	neighbours, err := a.crawler.archive.Neighbours(ctx, p, 2)
	if err != nil {
		return "", err
	}
	for _, n := range neighbours {
		other := a.kept(ctx, n, u)
		if other == nil {
			continue
		}
		if w := wordingOf(other, false); !sameHeadline(old, other, was, w, p.Anchor, false) { // else it is a copy
			around = append(around, w)
		}
	}
	return mistaken(old, page, p.Anchor, around, false), ctx.Err()
}

// mistaken tells why a page is not an old one, or nothing where it is. anchor is what a list calls the old page, around are what other pages of the
// site say, links whether those of the page are its text, as a list's are.
func mistaken(old, page *markup.Page, anchor string, around []*wording, links bool) string {
	was, is := wordingOf(old, links), wordingOf(page, links)
	wasAll, isAll := wordingOf(old, true), wordingOf(page, true)
	switch {
	case wasAll.letters < leastText || listsRows(old, page): // too little to tell, or the same list
		return ""
	case garbled(page, wasAll, isAll):
		return archive.BrokenText
	case isAll.letters < gram:
		return archive.EmptyPage
	}
	own, left := was.without(around...), is.without(around...)
	if len(own) < leastOwn { // all that it says others say, too
		own, left = was.rows, is.rows
	}
	if len(own) < leastOwn {
		own, is, left = wasAll.rows, isAll, isAll.rows
	}
	kept := is.keeps(own)
	switch titled := sameHeadline(old, page, was, is, anchor, links); {
	case is.asks && !was.asks && kept < formKept:
		return archive.LoginForm
	case !links && len(own) >= manyRows && lessLeft*len(left) < len(own) && titled:
		return "its text is gone"
	case kept >= leastKept:
		return ""
	case !titled:
		return "another page in its place"
	}
	return ""
}

// listsRows reports an answer that holds the rows of a list as the one before did: others as the list grows, none behind the end of one that has become shorter.
func listsRows(old, page *markup.Page) bool {
	return old.Data && page.Data || old.Rows > 0 && (page.Rows > 0 || bytes.Contains(page.Source, []byte("<recordset")))
}

// garbled tells whether Chinese has become other letters or question marks, as many as there were.
func garbled(page *markup.Page, was, is *wording) bool {
	return was.han >= leastText && is.han*10 < was.han && 2*(is.letters+bytes.Count(page.Source, []byte("?"))) > was.letters
}

// sameHeadline tells whether a page bears the headline of the old one, in its title or its text.
func sameHeadline(old, page *markup.Page, was, is *wording, anchor string, links bool) bool {
	title := letters(page.Title)
	if links {
		return title != "" && title == letters(old.Title)
	}
	first, _, _ := strings.Cut(strings.NewReplacer("_", "|", "-", "|", "—", "|", "·", "|").Replace(old.Title), "|")
	for _, h := range []string{letters(anchor), letters(first)} {
		if utf8.RuneCountInString(h) < leastHeadline || !strings.Contains(was.text, h) {
			continue // the site's name, say
		}
		if strings.Contains(title, h) || strings.Contains(is.text, h) {
			return true
		}
	}
	return false
}

// twin tells whether the page that rel=canonical leads to says what this one says. One that has no content yet has to be believed.
func (a *actor) twin(ctx context.Context, p archive.Page, u *url.URL, page *markup.Page, canonical string) bool {
	if p.Content == "" {
		return true
	}
	to, err := a.crawler.archive.Page(ctx, canonical)
	if err != nil || to.Content == "" || to.ID == p.ID {
		return true
	}
	other := a.kept(ctx, to, u)
	if other == nil {
		return true
	}
	was := wordingOf(page, true)
	return len(was.rows) < leastOwn || wordingOf(other, true).keeps(was.rows) >= twinKept
}
