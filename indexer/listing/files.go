package listing

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

const maxFiles = 5 // with scripts that a page wants

// libraries are script files that are none of a site's own.
var libraries = regexp.MustCompile(`(?i)/lib/|/libs/|/miniui/|jquery|\.min\.js|/layer|swiper|mustache|bootstrap|datepicker|webbuildercommon`)

// ownScripts are the files with a page's own scripts, from its own host: the one whose path ends in common, and those that are no well-known libraries, the
// last ones first. There are none where there is no such first one.
func (v *view) ownScripts(common string) []*url.URL {
	var first, own []*url.URL
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if src := markup.Attr(c, "src"); c.DataAtom == atom.Script && src != "" {
				u, err := weburl.Parse(v.page.URL, src)
				switch {
				case err != nil || u.Host != v.page.URL.Host:
				case common != "" && strings.HasSuffix(u.Path, common):
					first = append(first, u)
				case !libraries.MatchString(u.Path):
					own = append([]*url.URL{u}, own...)
				}
			}
			walk(c)
		}
	}
	walk(v.page.Root)
	if common != "" && len(first) == 0 {
		return nil
	}
	first = first[:min(len(first), 1)]
	return append(first, own[:min(len(own), maxFiles-len(first))]...)
}

// scripts are those that stand in the page, and those of its files.
func (v *view) scripts() []string { return slices.Concat(v.page.Scripts, v.page.Files) }

// empty reports a page that shows no rows, and nothing else to read: those may come from elsewhere.
func (v *view) empty() bool { return v.bare() && v.dated() < fewDated && !v.article() && !v.page.Data }
