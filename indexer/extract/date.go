package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/index"
)

var (
	day      = regexp.MustCompile(`((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})`)
	packed   = regexp.MustCompile(`^((?:19|20)\d{2})(\d{2})(\d{2})(?:\d{4,6})?$`)
	hanDay   = regexp.MustCompile(`([一二][〇○零一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日`)
	scripted = regexp.MustCompile(`(?i)(?:pub(?:lish)?_?(?:dat[ea]|time)|createtime)\w*['"]?\s*[:=]\s*['"]([^'"]{8,30})['"]`)
	urlDay   = []*regexp.Regexp{
		regexp.MustCompile(`/((?:19|20)\d{2})[-_/]?(\d{1,2})[-_/](\d{1,2})/`),
		regexp.MustCompile(`/t?((?:19|20)\d{2})(\d{2})(\d{2})[_/.]`),
	}
)

// newest is a day that no page can be published after: a little later than now, for clocks differ.
func newest() index.Date { return index.NewDate(time.Now().AddDate(0, 0, 2)) }

func dateOf(m []string) index.Date {
	y, _ := strconv.Atoi(m[1])
	mo, _ := strconv.Atoi(m[2])
	d, _ := strconv.Atoi(m[3])
	t := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC)
	if t.Year() != y || int(t.Month()) != mo || t.Day() != d || index.NewDate(t) > newest() {
		return 0
	}
	return index.NewDate(t)
}

// parseDay reads the first day in a short text.
func parseDay(s string) index.Date {
	s = toNarrow(s)
	if m := packed.FindStringSubmatch(strings.TrimSpace(s)); m != nil {
		return dateOf(m)
	}
	if m := day.FindStringSubmatch(s); m != nil {
		return dateOf(m)
	}
	if m := hanDay.FindStringSubmatch(s); m != nil {
		return dateOf([]string{"", hanDigits(m[1]), strconv.Itoa(hanNumber(m[2])), strconv.Itoa(hanNumber(m[3]))})
	}
	return 0
}

const hanOrder = "〇一二三四五六七八九"

func hanDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '○' || r == '零' {
			r = '〇'
		}
		return rune('0' + len([]rune(hanOrder[:strings.IndexRune(hanOrder, r)])))
	}, s)
}

// hanNumber reads 1 to 99.
func hanNumber(s string) int {
	n := 0
	for _, r := range s {
		if r == '十' {
			n = max(n, 1) * 10
		} else {
			n += len([]rune(hanOrder[:strings.IndexRune(hanOrder, r)]))
		}
	}
	return n
}

// date is the day of publication: what the page shows under a label, then its tag, behind its source, a script's variable, a day near the headline, the
// list's, the URL's, and at last the day the text was written. A tag that disagrees with a labelled day is an import's.
func (r *reader) date(text string) index.Date {
	for _, from := range []string{"label", "tag", "text"} {
		for _, f := range r.fields {
			if f.Name == published && f.From == from {
				if d := parseDay(f.Value); d != 0 {
					return d
				}
			}
		}
	}
	if d := scriptDay(r.page.Root); d != 0 {
		return d
	}
	if d := shownDay(r.page.Root); d != 0 {
		return d
	}
	if d := parseDay(r.in.ListDate); d != 0 {
		return d
	}
	for _, re := range urlDay {
		if m := re.FindStringSubmatch(r.page.URL.Path); m != nil {
			if d := dateOf(m); d != 0 {
				return d
			}
		}
	}
	return r.written(text)
}

// written is 成文日期: labelled, or the day at the foot of the text.
func (r *reader) written(text string) index.Date {
	if d := parseDay(r.said[written]); d != 0 {
		return d
	}
	lines := strings.Split(text, "\n")
	for i := len(lines) - 1; i >= max(0, len(lines)-6); i-- {
		line := key(lines[i])
		if len([]rune(line)) <= 40 && (day.MatchString(toNarrow(line)) || hanDay.MatchString(line)) && !inForce.MatchString(line) {
			return parseDay(line)
		}
	}
	return 0
}

// inForce marks a day from which a rule applies, which is not the one it was written on.
var inForce = regexp.MustCompile(`起(?:施行|实施|执行|生效)|(?:施行|实施|执行|生效)日期|废止|有效期`)

// scriptDay is a day that only a script knows: var pubdata='2017年05月24日'.
func scriptDay(root *html.Node) (out index.Date) {
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.DataAtom == atom.Script && n.FirstChild != nil {
			if m := scripted.FindStringSubmatch(n.FirstChild.Data); m != nil && out == 0 {
				out = parseDay(m[1])
			}
			return
		}
		for c := n.FirstChild; c != nil && out == 0; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return out
}

// shownDay is a day that stands alone, or nearly, in an element outside a list: 「2020-12-01 14:44:06」 under a headline.
func shownDay(root *html.Node) (out index.Date) {
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if out != 0 || hidden(n) || n.DataAtom == atom.A || n.DataAtom == atom.Li {
			return
		}
		if n.Type == html.TextNode {
			t := key(n.Data)
			if len([]rune(t)) <= 24 && day.MatchString(toNarrow(t)) {
				out = parseDay(n.Data)
			}
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return out
}
