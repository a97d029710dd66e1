package listing

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/markup"
)

// A handler is an element that does something by script: javascript: in href, or onclick, or a number or an address in data-page, data-url and their like.
type handler struct {
	node         *html.Node
	script, text string
	data         string
}

// An option is one of a <select>'s.
type option struct {
	value, text string
	selected    bool
}

// A menu is a <select> that does something as soon as one of its options is chosen.
type menu struct {
	node         *html.Node
	name, script string
	form         int // it stands in; -1: none
	from, to     int // of its options, those of the page
}

// A press is a button of a pager that sends its form.
type press struct {
	name, value, label string
	form               int
}

// A form is one of the page's.
type form struct{ id, name, method, action string }

// A field is one that the page's forms send.
type field struct {
	id, name, value string
	form            int // the last that begins before it; -1: none
}

func (v *view) handler(n *html.Node) {
	script, data := "", ""
	for _, a := range n.Attr {
		switch {
		case a.Key == "onclick":
			script += a.Val
		case a.Key == "href":
			if href := strings.TrimSpace(a.Val); len(href) > 11 && strings.EqualFold(href[:11], "javascript:") {
				if code := href[11:]; !strings.HasPrefix(code, "void") && code != ";" {
					script = code + " " + script
				}
			}
		case len(a.Key) > 5 && a.Key[:5] == "data-" && pagerData(a.Key[5:]):
			data = strings.TrimSpace(a.Val)
		}
	}
	if script == "" && data == "" || len(v.handlers) >= maxHandlers || len(script)+len(data) >= 2000 {
		return
	}
	text := textOf(n)
	if n.DataAtom == atom.Input { // a button
		text = strings.TrimSpace(markup.Attr(n, "value"))
	}
	v.handlers = append(v.handlers, handler{n, script, unspaced(text), data})
}

// pagerData reports the attributes, data- left out, in which a pager's elements keep where they lead.
func pagerData(name string) bool {
	switch name {
	case "page", "pageno", "page-no", "pagenum", "index", "url", "href", "link":
		return true
	}
	return false
}

// input notes a field as a browser would send it with a form that a script sends: no buttons, no boxes that are not ticked.
func (v *view) input(n *html.Node) {
	v.press(n, "")
	name := markup.Attr(n, "name")
	if name == "" || len(v.fields) >= maxHandlers {
		return
	}
	switch strings.ToLower(markup.Attr(n, "type")) {
	case "", "hidden", "text", "search", "number", "date":
		v.fields = append(v.fields, field{markup.Attr(n, "id"), name, markup.Attr(n, "value"), len(v.forms) - 1})
	}
}

func (v *view) option(n *html.Node) {
	if len(v.options) < maxHandlers {
		selected := slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "selected" })
		v.options = append(v.options, option{markup.Attr(n, "value"), textOf(n), selected})
	}
}

// menu notes a <select> and its options.
func (v *view) menu(n *html.Node) {
	m := menu{n, markup.Attr(n, "name"), markup.Attr(n, "onchange"), len(v.forms) - 1, len(v.options), 0}
	v.walk(n)
	if m.to = len(v.options); m.script != "" && len(m.script) < 2000 && len(v.menus) < maxHandlers {
		v.menus = append(v.menus, m)
	}
}

// press notes a button with a pager's label that sends its form; usual is its type where that is not said.
func (v *view) press(n *html.Node, usual string) {
	kind := strings.ToLower(markup.Attr(n, "type"))
	if kind == "" {
		kind = usual
	}
	if kind != "submit" || len(v.forms) == 0 || len(v.presses) >= maxHandlers {
		return
	}
	b := press{markup.Attr(n, "name"), markup.Attr(n, "value"), "", len(v.forms) - 1}
	if b.label = b.value; n.DataAtom == atom.Button {
		b.label = textOf(n)
	}
	b.label = unspaced(b.label)
	if turns(b.label) && !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "disabled" }) {
		v.presses = append(v.presses, b)
	}
}
