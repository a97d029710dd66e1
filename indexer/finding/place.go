package finding

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/markup"
)

// regions are parts of a page by the words that ids and classes of their boxes begin with, the Chinese name first.
var regions = []struct {
	name  string
	words []string
	tags  []atom.Atom
}{
	{"页脚", []string{"footer", "foot", "bottom", "copyright", "copy"}, []atom.Atom{atom.Footer}},
	{"友情链接", []string{"friend", "friends", "flink", "yqlj", "yqlink"}, nil},
	{"导航", []string{"nav", "menu", "mainnav", "dh", "daohang"}, []atom.Atom{atom.Nav}},
	{"页眉", []string{"header", "head", "top", "banner", "logo"}, []atom.Atom{atom.Header}},
	{"侧栏", []string{"side", "sidebar", "aside", "right", "left"}, []atom.Atom{atom.Aside}},
}

const maxSteps = 5 // elements of a path

// regionOf names the part of a page that an element stands in; empty where nothing tells.
func regionOf(n *html.Node) string {
	for up := n.Parent; up != nil && up.DataAtom != atom.Body; up = up.Parent {
		for _, r := range regions {
			if slices.Contains(r.tags, up.DataAtom) || slices.ContainsFunc(names(up), func(name string) bool { return slices.Contains(r.words, name) }) {
				return r.name
			}
		}
	}
	return ""
}

// names are the words of an element's id and classes, lower case: "ft-nav2" has ft and nav.
func names(n *html.Node) []string {
	all := markup.Attr(n, "id") + " " + markup.Attr(n, "class")
	return strings.FieldsFunc(strings.ToLower(all), func(r rune) bool { return r < 'a' || r > 'z' })
}

// pathOf is where an element stands: the elements around it, the outermost first, "div#foot > ul.list > li".
func pathOf(n *html.Node) string {
	var steps []string
	for up := n.Parent; up != nil && up.Type == html.ElementNode && up.DataAtom != atom.Body && up.DataAtom != atom.Html && len(steps) < maxSteps; up = up.Parent {
		step := up.Data
		if id := markup.Attr(up, "id"); id != "" && !strings.ContainsAny(id, " \t\n") {
			step += "#" + id
		} else if class := strings.Fields(markup.Attr(up, "class")); len(class) > 0 {
			step += "." + class[0]
		}
		steps = append(steps, step)
	}
	if len(steps) == 0 {
		return "body"
	}
	slices.Reverse(steps)
	return cut(strings.Join(steps, " > "), 120)
}

// textOf is the text of a link, or its picture's, or what it is called.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode && b.Len() < 400 && d.Parent.DataAtom != atom.Script:
			b.WriteString(d.Data)
		case d.DataAtom == atom.Img && b.Len() == 0:
			b.WriteString(markup.Attr(d, "alt"))
		}
	}
	text := oneLine(b.String())
	if text == "" {
		text = oneLine(markup.Attr(n, "title"))
	}
	return cut(text, 60)
}
