package markup

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/weburl"
)

// object adds the file that an <embed> or <object> shows; players and the like show none.
func (r *reader) object(n *html.Node) {
	src := Attr(n, "src")
	if n.DataAtom == atom.Object {
		src = Attr(n, "data")
	}
	if file, _, _ := strings.Cut(src, "?"); weburl.NamesAttachment(file) {
		r.add(n, src, Link{Text: collapse(Attr(n, "title"))})
	}
}

// shown matches the call of a function that shows a PDF, as those of 博达 and PDFObject do, with the address it is given.
var shown = regexp.MustCompile(`(?i)\b\w*pdf[\w.]*\(\s*["']([^"'\s]{2,500})["']`)

// showing adds the files that a script shows.
func (r *reader) showing(n *html.Node, script string) {
	if !strings.Contains(script, ".pdf") {
		return
	}
	for _, m := range shown.FindAllStringSubmatch(script, MaxLinks) {
		if file, _, _ := strings.Cut(m[1], "?"); weburl.NamesAttachment(file) || weburl.NamesAttachment(m[1]) {
			r.add(n, m[1], Link{})
		}
	}
}

// viewed is the file that the page of a viewer is told to show, as pdf.js is; u itself where it is no such page.
func viewed(u *url.URL) *url.URL {
	if !strings.Contains(u.RawQuery, "file=") || !strings.Contains(strings.ToLower(path.Base(u.Path)), "viewer") {
		return u
	}
	file, err := weburl.Parse(u, u.Query().Get("file"))
	if err != nil || !weburl.NamesAttachment(file.Path) {
		return u
	}
	return file
}
