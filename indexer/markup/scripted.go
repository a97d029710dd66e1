package markup

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// scriptedLinks is how many links a page may have whose scripts make it: to the record of the site's licence, to a browser that is newer.
const scriptedLinks = 3

// roots are the ids of the elements that the usual frameworks fill.
var roots = map[string]bool{"app": true, "root": true, "main-app": true, "app-root": true, "q-app": true, "__next": true, "__nuxt": true, "svelte": true, "vue-app": true, "react-root": true}

// wantsScripts matches what a page tells those who have no scripts.
var wantsScripts = regexp.MustCompile(`(?i)java\s*script|脚本`)

// scripted reports a page that shows next to nothing without its scripts: the empty root of an application, a word to those who have no scripts, or nothing
// at all but scripts.
func (r *reader) scripted() bool {
	if r.seen > stubText || len(r.page.Links) > scriptedLinks {
		return false
	}
	s := scriptedMarks{}
	s.walk(r.page.Root)
	return s.scripts && !s.frames && (s.root || s.asks || r.seen == 0)
}

type scriptedMarks struct{ scripts, root, asks, frames bool }

func (s *scriptedMarks) walk(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Script:
			s.scripts = s.scripts || runs(c)
		case atom.Noscript:
			s.asks = s.asks || wantsScripts.MatchString(innerText(c, challengeText))
		case atom.Iframe, atom.Frame, atom.Object, atom.Embed:
			s.frames = true
		case atom.Style, atom.Template:
		default:
			s.root = s.root || roots[strings.ToLower(Attr(c, "id"))] || strings.EqualFold(c.Data, "app-root")
			s.walk(c)
		}
	}
}

// runs reports a script that is one, as against data.
func runs(n *html.Node) bool {
	switch kind := strings.ToLower(strings.TrimSpace(Attr(n, "type"))); {
	case kind == "", kind == "module", strings.Contains(kind, "javascript"), strings.Contains(kind, "ecmascript"):
		return Attr(n, "src") != "" || n.FirstChild != nil
	}
	return false
}
