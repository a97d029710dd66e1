package listing

import (
	"encoding/json"
	"regexp"
	"strings"

	"terrace/indexer/weburl"
)

// gkmlpt is 政府信息公开目录管理平台 of Guangdong: one page for all columns of a site. Its script knows the tree of columns, and asks for the rows of each, a
// hundred at a time, at gkmlpt/api/all.
var gkmlpt = adapter{"gkmlpt", func(v *view) bool { return v.has("_CONFIG") }, readGkmlpt}

var (
	gkmlptSite = regexp.MustCompile(`\bSID\s*:\s*["'](\d{1,12})["']`)
	gkmlptTree = regexp.MustCompile(`\bTREE\s*:\s*\[`)
)

// A gkmlptNode is a column; one with others below it has no rows of its own, and one that jumps is another page.
type gkmlptNode struct {
	ID       json.Number  `json:"id"`
	Name     string       `json:"name"`
	JumpURL  string       `json:"jump_url"`
	Children []gkmlptNode `json:"children"`
}

func readGkmlpt(v *view, l *Listing) bool {
	before, page, found := strings.Cut(v.page.URL.Path, "/gkmlpt/")
	if !found || strings.HasPrefix(page, "content/") {
		return false
	}
	for _, s := range v.page.Scripts {
		site, at := gkmlptSite.FindStringSubmatch(s), gkmlptTree.FindStringIndex(s)
		if site == nil || at == nil {
			continue
		}
		var tree []gkmlptNode
		if json.NewDecoder(strings.NewReader(s[at[1]-1:])).Decode(&tree) != nil {
			continue
		}
		l.leaves(v, tree, before+"/gkmlpt/api/all/", "?page=1&sid="+site[1])
		return len(l.Columns) > 0
	}
	return false
}

// leaves adds the columns that have no others below them.
func (l *Listing) leaves(v *view, nodes []gkmlptNode, before, after string) {
	for _, n := range nodes {
		switch {
		case n.JumpURL != "" || len(l.Columns) >= MaxNext:
		case len(n.Children) > 0:
			l.leaves(v, n.Children, before, after)
		case atoi(n.ID.String()) > 0:
			if u, err := weburl.Parse(v.page.URL, before+n.ID.String()+after); err == nil {
				l.Columns = append(l.Columns, Column{u, n.Name})
			}
		}
	}
}
