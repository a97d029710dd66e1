package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/indexer/markup"
)

// siteSuffix parts a page's <title> from what the site adds to it.
var siteSuffix = regexp.MustCompile(`\s*(?:[-_|—–·»]|--|——)+\s*`)

// title chooses among what the tags, the headline, <title> and the anchor say. What two sources agree on wins over the order.
func (r *reader) title() string {
	var candidates []string
	add := func(s string) {
		if s = clean(s); plausibleTitle(s) && !strings.Contains(r.said[siteName], s) && s != r.said[column] {
			candidates = append(candidates, s)
		}
	}
	for _, f := range r.fields {
		if f.Name == title_ && f.From == "tag" {
			add(f.Value)
		}
	}
	add(above(r.page.Root, labelled))
	heads := headlines(r.page.Root)
	for _, h := range heads {
		add(h)
	}
	for _, f := range r.fields {
		if f.Name == title_ && f.From == "label" {
			add(f.Value)
		}
	}
	own := r.withoutColumn(withoutSite(r.page.Title, r.siteNames()))
	add(own)
	add(r.in.Anchor)
	add(above(r.page.Root, dated))
	if better := r.ratherThan(clean(own), candidates); better != "" {
		return better
	}
	return r.agreed(candidates, clean(own))
}

// agreed is the first candidate that another, the page below its head or its <title> says, too; the surest where there is none.
func (r *reader) agreed(candidates []string, own string) string {
	pageTitle := r.page.Title
	for i, c := range candidates {
		for j, other := range candidates {
			if i != j && key(c) == key(other) {
				return c
			}
		}
		if c == own && !r.namesPlace(c) && headlineOf(r.page.Root, c) != nil {
			return c
		}
		place := r.namesPlace(c) && !r.namesPlace(candidates[0])
		if !place && strings.Contains(key(pageTitle), key(c)) && utf8.RuneCountInString(c) >= shortest && !officeName.MatchString(pageTitle) {
			return c
		}
	}
	if len(candidates) > 0 {
		return candidates[0]
	}
	return ""
}

// shortest is how many runes tell a headline from a word that <title> happens to hold.
const shortest = 6

// ratherThan is what the page shows as its headline where <title> says that with a column's name behind a bar, or names of columns and the site alone.
func (r *reader) ratherThan(pageTitle string, candidates []string) string {
	said, front := 0, ""
	for _, c := range candidates {
		rest, ok := strings.CutPrefix(pageTitle, c)
		if at := siteSuffix.FindStringIndex(rest); ok && at != nil && at[0] == 0 && utf8.RuneCountInString(c) >= shortest && !r.namesPlace(c) {
			front = first(front, c)
		}
		if key(c) == key(pageTitle) {
			said++
		}
	}
	switch {
	case said != 1: // by nobody, or by others, too
		return ""
	case front != "" || !r.namesPlace(pageTitle):
		return front
	}
	for _, line := range []func(string) bool{labelled, dated} {
		c := clean(above(r.page.Root, line))
		if slices.Contains(candidates, c) && !strings.Contains(r.page.Title, c) && !officeName.MatchString(c) && !r.namesColumn(c) {
			return c
		}
	}
	return ""
}

// namesPlace reports a <title> that says nothing but where in the site the page stands.
func (r *reader) namesPlace(pageTitle string) bool {
	for _, part := range siteSuffix.Split(pageTitle, -1) {
		if part != "" && !officeName.MatchString(part) && !r.namesColumn(part) {
			return false
		}
	}
	return true
}

// longestColumn is how many runes the name of a column in a menu has at most.
const longestColumn = 10

// namesColumn reports what the page calls the column it stands in, or a short name that it leads to from somewhere.
func (r *reader) namesColumn(s string) bool {
	if s == r.column() {
		return true
	}
	if utf8.RuneCountInString(s) > longestColumn {
		return false
	}
	return slices.ContainsFunc(r.page.Links, func(l markup.Link) bool { return key(l.Text) == key(s) })
}

func (r *reader) siteNames() []string {
	names := []string{r.said[siteName], r.said[column]}
	if r.in.Site != nil {
		names = append(names, r.in.Site.Name)
	}
	return names
}

// emptyTitle is what a template says in place of a headline.
var emptyTitle = regexp.MustCompile(`^(?:正文|内容|内容页|详情|详情页|详细页|(?:详细|信息|文章|新闻|信件|来信|留言)(?:内容|信息|详情)|(?:信件|来信|留言)(?:查看|查询)|相关(?:文章|新闻|信息|资讯|报道|链接|阅读)|无标题(?:文档)?|(?i:untitled(?: document)?))$`)

func plausibleTitle(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 2 && n <= 200 && !emptyTitle.MatchString(s) && !strings.HasSuffix(s, "首页") && !strings.Contains(s, "当前位置") && !trail.MatchString(s)
}

// between are signs and blanks between a headline and what is added to it.
const between = "-_|—–·» "

// withoutColumn takes the name of the page's column off the end of a title, unless an office's alone would be left.
func (r *reader) withoutColumn(title string) string {
	rest, ok := strings.CutSuffix(title, r.column())
	headline := strings.TrimRight(rest, between)
	if !ok || headline == rest || headline == "" || officeName.MatchString(headline) {
		return title
	}
	return headline
}

// withoutSite takes what a site adds off the end, or the front, of <title>: the part that names it, or the shorter ones after a bar.
func withoutSite(title string, names []string) string {
	parts := siteSuffix.FindAllStringIndex(title, -1)
	if len(parts) == 0 {
		return title
	}
	for _, n := range names {
		if n == "" {
			continue
		}
		if rest, ok := strings.CutPrefix(title, n); ok && strings.TrimLeft(rest, between) != rest {
			title = strings.TrimLeft(rest, between)
		}
		if rest, ok := strings.CutSuffix(title, n); ok && strings.TrimRight(rest, between) != rest {
			title = strings.TrimRight(rest, between)
		}
	}
	parts = siteSuffix.FindAllStringIndex(title, -1)
	last := ""
	for i := len(parts) - 1; i >= 0; i-- {
		front, back := title[:parts[i][0]], title[parts[i][1]:]
		if !officeName.MatchString(back) && !emptyTitle.MatchString(back) {
			break
		}
		if title = front; !emptyTitle.MatchString(back) {
			last = first(last, back)
		}
	}
	if last != "" && ofSite.MatchString(title) {
		return last // the site in front, and offices in it behind
	}
	return title
}

// ofSite are names of sites as a whole.
var ofSite = regexp.MustCompile(`(?:网站|门户网?)$`)

// officeName are names of sites and columns that follow a headline.
var officeName = regexp.MustCompile(`(?:人民政府|政府|局|委员会|管委会|委|厅|部|办公室|中心|网|网站|门户|院|馆|所|[支大总]队|开发区|新区|学校|中学|小学|大学|通知公告|新闻|动态|公开|政策\S{0,4}|文件)$`)
