package demo

import "iter"

// An Article is what a search engine should learn from one page.
type Article struct {
	URL        string // absolute; with an empty host before Start
	Title      string
	Date       string // 发布日期, such as 2023-05-06
	Written    string // 成文日期, or empty
	Site       string // id
	Department string // id of the site's department, or empty
	County     string // id of the site's county, or empty
	Column     string // 栏目, such as 通知公告
	Kind       string // policy, interpretation, disclosure, service, interaction or news, as in package index
	DocNo      string // 发文字号, or empty
	Source     string // 来源
	Details    string // what it says of itself, in the order of package detail: 「办理地点：…」 one a line, lines of a value parted by " / "
	Text       string // main text without the title, paragraphs parted by "\n"
	Original   string // URL of the article it repeats word for word, or empty
	Attachment string // URL of its attachment, or empty
}

// A Redirect is a page that sends the reader elsewhere.
type Redirect struct {
	From, To string // absolute URLs
	How      string // 301, refresh (meta refresh) or script (location.href)
}

// An Attachment is an office file an article links to.
type Attachment struct {
	URL, Article string // absolute URLs
	Text         string
}

// Expectation is the truth about a cluster, for tests to hold against what the product found.
type Expectation struct {
	Articles    iter.Seq[Article]    // each exactly once, site by site, newest first in each column
	Attachments iter.Seq[Attachment] // each exactly once
	Redirects   []Redirect           // the moved column's list and the stubs
	Dead        []string             // linked, answer 404
	SoftDead    []string             // linked, answer 200 with an apology
	NoIndex     []string             // linked, ask not to be indexed
	NoFollow    []string             // linked with rel=nofollow only
	Private     []string             // linked, forbidden by robots.txt
	Traps       []string             // prefixes of endless series of pages
	OffCluster  []string             // linked, on no site of the cluster
}

// Expect tells what is true about the cluster. URLs are complete once Start has returned.
func (c *Cluster) Expect() Expectation { return c.expect() }
