package indexer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"terrace/indexer/archive"
	"terrace/moves"
	"terrace/withdraw"
)

// A WithdrawOrder names what must not be found any more. Either Page or Pattern is set.
type WithdrawOrder struct {
	Page    string // URL or id
	Pattern string // regular expression on the whole URL
	Reason  string // why, for those who ask later
	By      string // who orders it
	Purge   bool   // what is kept of it is erased
	Confirm bool   // also where it is much, or nothing that is known
}

const (
	// withdrawUnasked is how many pages are withdrawn without Confirm.
	withdrawUnasked = 100
	// titled is how many pages of a withdrawal are read for their titles.
	titled = 1000
	// maxBy is how many characters the name of who orders may have.
	maxBy = 100
)

var (
	ErrWithdraw = errors.New("撤回的命令有误")
	ErrConfirm  = errors.New("需要确认")
)

// Withdrawn is the list of withdrawals, for those who answer.
func (x *Indexer) Withdrawn() *withdraw.List { return x.withdrawn }

// Withdraw takes pages out of all answers. On return none shows them: they are on the list, which filters every answer and every generation from then on, and out of the live
// generation. Where the index does not answer, they are only filtered, and go from it as soon as it does; the Receipt says so.
//
// ErrConfirm where the order means more than withdrawUnasked pages, all of a site, or a URL that the archive does not know, and Confirm is not set. ErrWithdraw and
// archive.ErrUnknown say what is wrong with it.
func (x *Indexer) Withdraw(ctx context.Context, o WithdrawOrder) (Receipt, error) {
	e, ids, err := x.ordered(ctx, o)
	if err != nil {
		return Receipt{}, err
	}
	pages, err := x.named(ctx, ids)
	if err != nil {
		return Receipt{}, err
	}
	x.settling.Lock()
	defer x.settling.Unlock()
	x.applying.Lock() // what was read before is written, what is read from now on goes by the list
	e, err = x.withdrawn.Add(ctx, e, pages...)
	x.applying.Unlock()
	if err != nil {
		return Receipt{}, err
	}
	x.log.Warn("pages withdrawn", "withdrawal", e.ID, "page", e.Page, "pattern", e.Pattern, "pages", len(pages), "purge", e.Purge, "by", e.By, "reason", e.Reason)
	x.withhold()
	r := Receipt{Entry: e}
	elsewhere, failed := x.elsewhere(ctx, ids) // while the relations still tell
	r.Elsewhere = elsewhere
	failed = errors.Join(failed, x.partsLeft(ctx, ids, &r), x.filesLeft(ctx, ids, &r))
	return r, errors.Join(x.settle(ctx, e, &r), failed)
}

// UndoWithdrawal takes a withdrawal back: its pages are documents again on return, but those that were purged, which the crawl has to fetch anew, and those that another
// withdrawal is about. withdraw.ErrUnknown where there is none; one undone already is left as it is.
func (x *Indexer) UndoWithdrawal(ctx context.Context, id, by string) (Receipt, error) {
	by, err := signed(by)
	if err != nil {
		return Receipt{}, err
	}
	x.settling.Lock()
	defer x.settling.Unlock()
	x.applying.Lock()
	e, err := x.withdrawn.Undo(ctx, id, by, time.Now())
	x.applying.Unlock()
	if err != nil {
		return Receipt{}, err
	}
	x.log.Warn("withdrawal undone", "withdrawal", e.ID, "page", e.Page, "pattern", e.Pattern, "by", by)
	x.withhold()
	r := Receipt{Entry: e}
	if !e.Settled {
		err = x.settle(ctx, e, &r)
	}
	return r, err
}

// Withdrawals lists the last thousand withdrawals, latest first, those undone too.
func (x *Indexer) Withdrawals(ctx context.Context) ([]withdraw.Entry, error) {
	return x.withdrawn.Entries(ctx, 1000)
}

// withhold tells the archive which pages are withdrawn, and of which it is to keep nothing.
func (x *Indexer) withhold() {
	if x.withdrawn.Empty() {
		x.archive.Withhold(nil, nil)
		return
	}
	withdrawn := func(id, url string) bool {
		_, ok := x.withdrawn.Of(id, url)
		return ok
	}
	var purged func(id, url string) bool
	if x.withdrawn.Purging() {
		purged = func(id, url string) bool {
			e, ok := x.withdrawn.Of(id, url)
			return ok && e.Purge
		}
	}
	x.archive.Withhold(withdrawn, purged)
}

// ordered checks an order and finds the ids of the pages that it means.
func (x *Indexer) ordered(ctx context.Context, o WithdrawOrder) (e withdraw.Entry, ids []string, err error) {
	o.Page, o.Reason = strings.TrimSpace(o.Page), strings.TrimSpace(o.Reason)
	if o.By, err = signed(o.By); err != nil {
		return e, nil, err
	}
	switch n := utf8.RuneCountInString(o.Reason); {
	case (o.Page == "") == (o.Pattern == ""):
		return e, nil, fmt.Errorf("%w：网址（或编号）与模式，给出一个", ErrWithdraw)
	case n == 0:
		return e, nil, fmt.Errorf("%w：缺少原因", ErrWithdraw)
	case n > withdraw.MaxReason || !utf8.ValidString(o.Reason):
		return e, nil, fmt.Errorf("%w：原因应是至多 %d 个字的 UTF-8 文字", ErrWithdraw, withdraw.MaxReason)
	}
	e = withdraw.Entry{Page: canonical(o.Page), Pattern: o.Pattern, Reason: o.Reason, By: o.By, Purge: o.Purge, At: time.Now()}
	ask := ""
	switch {
	case o.Pattern != "":
		ids, ask, err = x.matching(ctx, o.Pattern)
	case withdraw.IsURL(e.Page):
		if ids, err = x.at(ctx, e.Page); errors.Is(err, archive.ErrUnknown) || err == nil && len(ids) == 0 {
			ids, ask, err = nil, "存档里没有这个网址，请核对；确认后以后采集到也不收录"+x.spelledElse(ctx, e.Page), nil
		}
	default:
		var p archive.Page
		p, err = x.archive.Page(ctx, e.Page)
		ids = []string{p.ID}
	}
	if err == nil && ask != "" && !o.Confirm {
		err = fmt.Errorf("%w：%s", ErrConfirm, ask)
	}
	return e, ids, err
}

// spelledElse tells of a page that the archive has at a URL which people take for the same: with or without https, www, the last slash, the name of an index page.
func (x *Indexer) spelledElse(ctx context.Context, page string) string {
	u, err := url.Parse(page)
	if err != nil {
		return ""
	}
	dir := strings.TrimSuffix(indexPage.ReplaceAllString(u.Path, ""), "/")
	for _, path := range []string{u.Path, dir, dir + "/", dir + "/index.html", dir + "/index.htm"} {
		o := *u
		o.Path, o.RawPath = path, ""
		for _, at := range moves.Twins(&o) {
			if p, err := x.archive.Page(ctx, at); err == nil && !p.Deleted {
				return "。存档里有 " + p.URL + "：要撤回的若是它，就写这个网址"
			}
		}
	}
	return ""
}

var indexPage = regexp.MustCompile(`/(?:index|default)\.\w+$`)

func signed(by string) (string, error) {
	by = strings.TrimSpace(by)
	if utf8.RuneCountInString(by) > maxBy || !utf8.ValidString(by) {
		return "", fmt.Errorf("%w：经手人应是至多 %d 个字的 UTF-8 文字", ErrWithdraw, maxBy)
	}
	if by == "" {
		by = "管理员"
	}
	return by, nil
}

// at are the ids of the pages at a URL, however it is spelled.
func (x *Indexer) at(ctx context.Context, url string) (ids []string, err error) {
	pages, err := x.archive.PagesAt(ctx, withdraw.Spellings(url)...)
	for _, p := range pages {
		ids = append(ids, p.ID)
	}
	return ids, err
}

// matching are the ids of pages that a pattern means, and what is to be asked before they are withdrawn; empty: nothing.
func (x *Indexer) matching(ctx context.Context, pattern string) (ids []string, ask string, err error) {
	re, err := withdraw.Check(pattern)
	if err != nil {
		return nil, "", err
	}
	ids, matched, all, err := x.archive.Matching(ctx, re.MatchString)
	if err != nil {
		return nil, "", err
	}
	var sites, whole []string
	for _, s := range slices.Sorted(maps.Keys(matched)) {
		sites = append(sites, fmt.Sprintf("%s %d 页", x.registry.SiteName(s), matched[s]))
		if matched[s] == all[s] && all[s] > 1 {
			whole = append(whole, x.registry.SiteName(s))
		}
	}
	switch {
	case len(whole) > 0:
		ask = fmt.Sprintf("这个模式符合 %d 个网页，包括整个站点：%s", len(ids), strings.Join(whole, "、"))
	case len(ids) > withdrawUnasked:
		ask = fmt.Sprintf("这个模式符合 %d 个网页，其中存有内容的：%s", len(ids), strings.Join(sites, "，"))
	case len(ids) == 0:
		ask = "存档里没有符合这个模式的网页，请核对；确认后以后采集到的也不收录"
	}
	return ids, ask, nil
}

// named are pages as the list keeps them, still without titles.
func (x *Indexer) named(ctx context.Context, ids []string) (out []withdraw.Page, err error) {
	for _, id := range ids {
		p, err := x.itself(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, withdraw.Page{ID: id, URL: p.URL})
	}
	return out, nil
}
