package finding

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/archive"
	"terrace/indexer/markup"
)

// noEntries is what lists say that have none.
var noEntries = regexp.MustCompile(`^[【\[(（]?(?:该|本|此)?(?:栏目|频道|列表)?(?:暂时?|目前|当前|尚|还)?(?:没有|无)(?:任何|相关|更多)?(?:内容|数据|信息|记录|文章|资料)[!！。.…]*[】\])）]?$`)

// blank is what the page says in place of entries, where it is a list without any: nothing dated is linked, it is no article, and the sentence stands in no closed box.
func (s *subject) blank() string {
	if s.archived.Role == archive.Home || s.said("articletitle") != "" || s.said("pubdate") != "" {
		return ""
	}
	for n := range s.page.Root.Descendants() {
		if n.Type != html.TextNode || len(n.Data) > 90 {
			continue
		}
		text := strings.Join(strings.Fields(n.Data), "")
		if !noEntries.MatchString(text) || closedAround(n) || datedNear(s.page, n) {
			continue
		}
		return text
	}
	return ""
}

func (s *subject) said(name string) string {
	for _, m := range s.page.Meta {
		if m.Name == name && m.Content != "" && !strings.EqualFold(m.Content, "null") {
			return m.Content
		}
	}
	return ""
}

// closedAround reports a text that does not show: it stands in a script, or in a box that is closed until a script has something to say.
func closedAround(n *html.Node) bool {
	for up := n.Parent; up != nil; up = up.Parent {
		switch up.DataAtom {
		case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Textarea:
			return true
		}
		if closed(up, squeezed(markup.Attr(up, "style"))) != "" {
			return true
		}
	}
	return false
}

// blankLevels is how many boxes around the sentence make the list.
const blankLevels = 3

// datedNear reports that the list has entries all the same.
func datedNear(p *markup.Page, n *html.Node) bool {
	box := n.Parent
	for i := 0; i < blankLevels && box.Parent != nil && box.Parent.DataAtom != atom.Body; i++ {
		box = box.Parent
	}
	for _, l := range p.Links {
		if l.Date == "" {
			continue
		}
		for up := l.Node; up != nil; up = up.Parent {
			if up == box {
				return true
			}
		}
	}
	return false
}
