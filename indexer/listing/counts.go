package listing

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
)

// counts is what a page says of its list in plain words.
type counts struct {
	items, pages, perPage, current int
	loneCurrent, lonePages         int // of a line that is nothing but 1/35: a pager's, or that of pictures in turn
}

// Lines that count are short, and no sentences: 「共 130 条，全文电子化率达 100％。」 is from a report.
const (
	longestCount = 400 // bytes without blanks, of a line that speaks of pages
	longestPlain = 90  // of one that does not
)

// What lists say, blanks left out and digits made plain.
var (
	itemWords = regexp.MustCompile(`(?:共|共有|共计|总共|总计|合计)(\d{1,9})(?:条|篇|项|则|行|个记录|记录)|(?:总记录数?|记录总数|总条数|信息总数|总数|数据总数|记录共)[:：]?(\d{1,9})|共\d{1,7}页[,，/|]?(?:共)?(\d{1,9})条|(?:^|[^第页\d])(\d{1,9})条(?:记录)?/(?:共)?\d{1,7}页|(\d{1,9})条记录|^(\d{1,9})条(?:首页|上一?页|前一页|<)`)
	pageWords = regexp.MustCompile(`(?:共|共有|共计|总共)(\d{1,7})页|总页数[:：]?(\d{1,7})|\d{1,9}条(?:记录)?/(\d{1,7})页`)
	ofPages   = regexp.MustCompile(`(?:第|页次[:：]?|页数[:：]?|页码[:：]?|当前[:：]?|条)(\d{1,7})页?/共?(\d{1,7})(?:页|$|[^\d/-])|(?:^|[^\d/-])(\d{1,7})/(\d{1,7})页|页(\d{1,7})/(\d{1,7})$`)
	lonePages = regexp.MustCompile(`^(\d{1,7})/(\d{1,7})$`)
	thisPage  = regexp.MustCompile(`(?:当前)?第(\d{1,7})页|当前页[:：]?(\d{1,7})`)
	perWords  = regexp.MustCompile(`每页(?:显示)?(\d{1,4})(?:条|篇|行|记录)|(\d{1,4})条(?:记录)?/页`)
)

// read takes what a line says that mayCount. What was said before stays.
func (c *counts) read(line string) {
	s := squeeze(line)
	if len(s) < 3 || len(s) > longestCount {
		return
	}
	stroke := strings.Contains(s, "/")
	if stroke && s[0] <= '9' && s[len(s)-1] <= '9' {
		if m := lonePages.FindStringSubmatch(s); m != nil {
			keep(&c.loneCurrent, atoi(m[1]))
			keep(&c.lonePages, atoi(m[2]))
			return
		}
	}
	pages, entries := strings.Contains(s, "页"), strings.Contains(s, "条")
	stroke = stroke && (pages || entries || strings.Contains(s, "第") || strings.Contains(s, "当前")) // a date has one, too
	if !pages && len(s) > longestPlain && !(stroke && ofPages.MatchString(s)) {
		return
	}
	if pages {
		keep(&c.perPage, first(perWords, s))
		s = perWords.ReplaceAllString(s, " ")
	}
	if entries || strings.Contains(s, "共") || strings.Contains(s, "总") {
		keep(&c.items, first(itemWords, s))
	}
	if pages {
		keep(&c.pages, first(pageWords, s))
	}
	if stroke {
		c.readOfPages(s)
	}
	if pages {
		keep(&c.current, first(thisPage, s))
	}
}

// readOfPages takes 「第 3/35 页」.
func (c *counts) readOfPages(s string) {
	m := ofPages.FindStringSubmatch(s)
	if m == nil {
		return
	}
	if current, total := atoi(m[1]+m[3]+m[5]), atoi(m[2]+m[4]+m[6]); current >= 1 && current <= total {
		keep(&c.current, current)
		keep(&c.pages, total)
	}
}

// mayCount tells cheaply, of any line, that it is none that counts: without a digit or one of the words, too long, or a sentence.
func mayCount(line []byte) bool {
	if len(line) < 3 || len(line) > 2*longestCount {
		return false
	}
	for i, b := range line {
		switch {
		case b == 0xef && i+1 < len(line) && line[i+1] == 0xbc && hasFullWidthDigit(line[i:]):
			return !bytes.Contains(line, []byte("。"))
		case '0' <= b && b <= '9' && (i == 0 || line[i-1] < '0' || line[i-1] > '9') && (countBefore(line[:i]) || countAfter(line[i:])):
			return !bytes.Contains(line, []byte("。"))
		}
	}
	return false
}

func hasFullWidthDigit(s []byte) bool { return len(s) >= 3 && s[2] >= 0x90 && s[2] <= 0x99 }

// countBefore reports text that ends in what stands before a count.
func countBefore(s []byte) bool {
	s = bytes.TrimRight(s, blanks)
	for _, sign := range []string{"共", "有", "计", "数", "第", "页", "次", "前", "示", "/", ":", "：", ",", "，"} {
		if bytes.HasSuffix(s, []byte(sign)) {
			return true
		}
	}
	return false
}

// countAfter reports text that begins with a number and what stands behind a count.
func countAfter(s []byte) bool {
	s = bytes.TrimLeft(bytes.TrimLeft(s, "0123456789"), blanks)
	for _, sign := range []string{"条", "页", "篇", "项", "则", "行", "/", "／", ",", "，"} {
		if bytes.HasPrefix(s, []byte(sign)) {
			return true
		}
	}
	return false
}

const blanks = " \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u3000\ufeff\u0085"

func keep(n *int, said int) {
	if *n == 0 {
		*n = said
	}
}

// first returns the first group of a match that is not empty, as a number.
func first(re *regexp.Regexp, s string) int {
	m := re.FindStringSubmatch(s)
	for i := 1; i < len(m); i++ {
		if m[i] != "" {
			return atoi(m[i])
		}
	}
	return 0
}

// squeeze leaves out blanks and the separators of thousands, and makes full-width digits plain. A line without a digit is empty.
func squeeze(line string) string {
	var b strings.Builder
	digit := false
	for _, r := range line {
		switch {
		case unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff':
			continue
		case r >= '０' && r <= '９':
			r = r - '０' + '0'
		case r == '，':
			r = ','
		case r == '／':
			r = '/'
		}
		digit = digit || r >= '0' && r <= '9'
		b.WriteRune(r)
	}
	if !digit {
		return ""
	}
	s := b.String()
	for strings.Contains(s, ",") {
		joined := thousands.ReplaceAllString(s, "$1$2")
		if joined == s {
			break
		}
		s = joined
	}
	return s
}

var thousands = regexp.MustCompile(`(\d),(\d{3})(?:$|\b)`)
