package listing

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"terrace/indexer/markup"
)

// jpaas is 大汉版通 JPaaS, which came after JPage: a script asks build/unit for pieces of the page, by what stands in its querydata, and gets JSON that holds
// the piece. A list's piece has a box for its pager, which says how many entries there are, how many to a page, and which page it is. The number of another
// page goes into paramJson; on its own it is not looked at.
var jpaas = adapter{"jpaas", func(v *view) bool { return v.has("/build/unit") && len(v.units) > 0 }, readJpaas}

const maxUnits = 20

// A unit is a piece of the page that a script asks for.
type unit struct {
	address, tag        string
	query               string // as sent for the first page
	items, rows, number int    // of its pager; items < 0: it has none
}

// listTags are the names that templates give to the piece with the list.
var listTags = regexp.MustCompile(`(?i)列表|list|内容|信息|分页|当前栏目`)

// unit notes an element that bears a unit's query.
func (v *view) unit(n *html.Node) {
	data := markup.Attr(n, "querydata")
	if data == "" || len(v.units) >= maxUnits {
		return
	}
	u := unit{address: markup.Attr(n, "url"), items: -1, rows: atoi(markup.Attr(n, "rows")), number: max(atoi(markup.Attr(n, "pageno")), 1)}
	if u.address == "" {
		u.address = markup.Attr(n, "uniturl")
	}
	if count := markup.Attr(n, "count"); count != "" {
		u.items = atoi(count)
	}
	var query strings.Builder
	for _, p := range hanwebParam.FindAllStringSubmatch(data, 40) {
		value := p[2] + p[3] + p[4]
		if p[1] == "tagId" {
			u.tag = value
		}
		query.WriteString("&" + url.QueryEscape(p[1]) + "=" + url.QueryEscape(value))
	}
	if u.query = strings.TrimPrefix(query.String(), "&"); u.query != "" && strings.Contains(u.address, "/build/unit") {
		v.units = append(v.units, u)
	}
}

// page is the address of a unit's page.
func (u unit) page(n int) string {
	return u.address + "?" + u.query + "&paramJson=" + url.QueryEscape(fmt.Sprintf(`{"pageNo":%d,"pageSize":%d}`, n, u.rows))
}

func readJpaas(v *view, l *Listing) bool {
	for _, u := range v.units {
		if u.items >= 0 && u.rows > 0 {
			l.Items, l.PerPage, l.Pages = u.items, u.rows, 0
			l.complete()
			l.number(v.page.URL, u.number, l.Pages, u.page)
			return true
		}
	}
	for _, named := range []bool{true, false} {
		for _, u := range v.units {
			if u.items < 0 && (!named || listTags.MatchString(u.tag)) {
				l.add(v.page.URL, u.address+"?"+u.query, 1)
			}
		}
		if len(l.Next) > 0 {
			break
		}
	}
	l.Rowless = len(l.Next) > 0 && v.dated() < fewDated
	return len(l.Next) > 0
}
