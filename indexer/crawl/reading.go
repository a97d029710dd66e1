package crawl

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/archive"
	"terrace/indexer/markup"
)

// compared tells whether a page reads as what is kept of it. Of a rendered page that is what its readers see, since each time its scripts write something
// else for themselves: same, where there is nothing new at all. Numbers, such as a counter's, are no change.
func (a *actor) compared(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL, page *markup.Page, rendered bool) (same, changed bool) {
	if !rendered || p.Content == "" {
		return false, a.changed(ctx, p, v.Body)
	}
	old := a.kept(ctx, p, u)
	if old == nil {
		return false, true
	}
	was, is := reading(old), reading(page)
	return was == is, !alike([]byte(was), []byte(is))
}

// reading is all that readers of a page see, where it leads, and what it says of itself: not what its scripts keep in it for themselves.
func reading(page *markup.Page) string {
	var b strings.Builder
	fmt.Fprintln(&b, page.Title, page.Meta, page.Canonical, page.NoIndex, page.NoFollow)
	for _, l := range page.Links {
		fmt.Fprintln(&b, l.URL, l.Text)
	}
	visible(&b, page.Root)
	return b.String()
}

func visible(to *strings.Builder, n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			to.WriteString(c.Data)
		case c.DataAtom == atom.Script || c.DataAtom == atom.Style || c.DataAtom == atom.Noscript || c.DataAtom == atom.Template:
		default:
			visible(to, c)
		}
	}
}
