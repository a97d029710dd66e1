package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// yearName is a column of a column's year.
var yearName = regexp.MustCompile(`^(?:19|20)\d{2}年?度?$`)

// column is the column a page stands in: as tagged, or the last part of its breadcrumb. A year alone is none where the trail leads through a better one.
func (r *reader) column() string {
	c := r.said[column]
	if c == "" || yearName.MatchString(c) {
		c = first(breadcrumb(r.page.Root), c)
	}
	for _, part := range []string{">", "»", "/", "-", "|"} {
		if i := strings.LastIndex(c, part); i >= 0 {
			c = strings.TrimSpace(c[i+len(part):])
		}
	}
	return head(c, 30)
}

var crumbMark = regexp.MustCompile(`(?:当前|现在|您的|你的|所在)[^：:]{0,8}位置[^：:]{0,4}[：:]?`)

// homeLink is what leads to a site's front page.
var homeLink = regexp.MustCompile(`^(?:网站|本站)?(?:首页|主页)$`)

// startsTrail reports the text that a trail begins with: 「当前位置」, or 「首页」 with an arrow after it.
func startsTrail(n *html.Node) bool {
	text := key(n.Data)
	if strings.Contains(text, "位置") && crumbMark.MatchString(text) {
		return true
	}
	next := n.Parent.NextSibling
	return homeLink.MatchString(text) && next != nil && next.Type == html.TextNode && strings.ContainsAny(next.Data, ">»")
}

// breadcrumb is the last link of the trail that begins 「当前位置：首页 > …」 and names more than a year.
func breadcrumb(root *html.Node) string {
	out := ""
	var walk func(*html.Node) bool
	walk = func(n *html.Node) bool {
		if n.Type == html.TextNode && startsTrail(n) {
			for up, i := n.Parent, 0; up != nil && i < 3 && shortText(up, trailRunes) != ""; up, i = up.Parent, i+1 {
				links := linkTexts(up)
				if len(links) == 1 && !homeLink.MatchString(links[0]) {
					out = links[0]
					return true
				}
				if len(links) >= 2 && len(links) <= 8 {
					if out = links[len(links)-1]; yearName.MatchString(out) && len(links) > 2 {
						out = links[len(links)-2]
					}
					return true
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if walk(c) {
				return true
			}
		}
		return false
	}
	walk(root)
	return out
}

const trailRunes = 200 // of a trail, with the page's title in it

func linkTexts(n *html.Node) (out []string) {
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.DataAtom == atom.A {
			if t := clean(shortText(n, 60)); t != "" {
				out = append(out, t)
			}
			return
		}
		for c := n.FirstChild; c != nil && len(out) < 10; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return out
}
