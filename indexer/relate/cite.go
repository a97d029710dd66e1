package relate

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// An act is what a text does to one it cites.
type act byte

const (
	repeals act = 1 + iota
	amends
	explaining
)

// A citation is one text that another cites, by hashes; 0: not given.
type citation struct {
	act   act
	level int   // of an interpretation: 1 its title, 2 its links, 3 the head of its text, 4 the rest; the first that leads anywhere counts
	docNo int64 // or the URL, at level 2
	title int64
	bare  int64 // its title without the office before it, which needs the same owner
}

func (c citation) keys() (out []int64) {
	for _, k := range [...]int64{c.docNo, c.title, c.bare} {
		if k != 0 && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

var (
	// done are the words that repeal what stands before them.
	done = regexp.MustCompile(`(?:同时|即行|相应|一律|一并|自行|随之|自然|全部|均|亦|也|予以|宣布|现予)(?:予以|宣布)?(?:废止|失效|停止执行|作废)|停止执行|不再执行|起(?:废止|失效)|现(?:已)?废止`)
	// doing are the words that repeal what stands behind them.
	doing = regexp.MustCompile(`(?:废止|宣布失效)(?:了|以下|下列)?(?:《|[\p{Han}\d]{0,20}(?:发布|印发|公布|制定)的《|[\p{Han}]{1,10}[〔\[(]\d{4})`)
	// amending says that what is quoted within it or before it was changed.
	amending = regexp.MustCompile(`(?:对《[^》]+》.{0,60}?(?:作|作出|进行|予以).{0,8}?(?:修改|修订|修正))|(?:决定|关于|现将|将)(?:修改|修订|修正)(?:和完善)?[^。;]{0,12}?《[^》]+》`)
	// never are the words around a trigger that take its force: 不得废止, 建议废止, 废止前.
	neverBefore = regexp.MustCompile(`(?:正在|抓紧|抓紧对|适时|及时|不得|不能|未|未被|建议|拟|拟定|可以?|应当|应|是否|提请|提出|研究|要求|需要?|擅自|如果?|若|或者|或|被)$`)
	neverAfter  = regexp.MustCompile(`^(?:前|之前|以前|后|之后|以后|时|的|或|之日|程序|情况|建议|情形|、)`)
)

// A reader gathers the citations of one text.
type reader struct {
	generation string
	out        []citation
	listed     act // of the list it stands in; 0: none
}

func (r *reader) add(a act, level int, number, title string) {
	if len(r.out) >= MaxCitations {
		return
	}
	c := citation{act: a, level: level}
	if number != "" {
		c.docNo = hash(r.generation, "docno", number)
	}
	if k := titleKey(title); k != "" {
		if placed.MatchString(title) {
			c.title = hash(r.generation, "title", k)
		}
		if b := titleKey(bareTitle(title)); b != "" {
			c.bare = hash(r.generation, "bare", b)
		}
	}
	if (c.docNo != 0 || c.title != 0 || c.bare != 0) && !slices.Contains(r.out, c) {
		r.out = append(r.out, c)
	}
}

// readActs finds what a text repeals and amends.
func readActs(generation, title, text string) []citation {
	r := &reader{generation: generation}
	r.sentence(title)
	if !triggers(title) && !triggers(text) {
		return r.out
	}
	if repealsMany.MatchString(title) {
		r.listed = repeals
	}
	text = quotes.Replace(text)
	for len(text) > 0 && len(r.out) < MaxCitations {
		var l string
		l, text, _ = strings.Cut(text, "\n")
		r.line(strings.TrimSpace(l))
	}
	return r.out
}

func triggers(s string) bool {
	for _, w := range []string{"废止", "失效", "停止执行", "不再执行", "修改", "修订", "作废"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// quotes makes one sort of the signs around a title; inner ones stay.
var quotes = strings.NewReplacer("<<", "《", ">>", "》")

func (r *reader) line(l string) {
	if l == "" {
		return
	}
	before := len(r.out)
	if triggers(l) {
		for s := range strings.FieldsFuncSeq(l, func(c rune) bool { return c == '。' || c == ';' }) {
			r.sentence(s)
		}
		if r.list(l) {
			return
		}
	}
	if r.listed != 0 && len(r.out) == before {
		r.item(l)
	}
}

// sentence reads one sentence.
func (r *reader) sentence(s string) {
	if !triggers(s) || !strings.ContainsAny(s, "《〔[(") || len(s) > 20_000 {
		return
	}
	from := 0
	for _, m := range done.FindAllStringIndex(s, -1) {
		if !hindered(s, m[0], m[1]) {
			r.cited(repeals, s[from:m[0]], quoted(s[from:m[0]]))
		}
		from = m[1]
	}
	all := doing.FindAllStringIndex(s, -1)
	for i, m := range all {
		end := len(s)
		if i+1 < len(all) {
			end = all[i+1][0]
		}
		_, objects, _ := strings.Cut(s[m[0]:end], "废止")
		if objects == "" {
			objects = s[m[0]:end]
		}
		if !neverBefore.MatchString(tail(s[:m[0]], 30)) {
			r.cited(repeals, objects, quoted(objects))
		}
	}
	for _, m := range amending.FindAllStringIndex(s, -1) {
		if !hindered(s, m[0], m[1]) {
			r.cited(amends, s[m[0]:m[1]], quoted(s[m[0]:m[1]]))
		}
	}
}

// hindered reports a trigger that its neighbours take the force of.
func hindered(s string, from, to int) bool {
	return neverBefore.MatchString(tail(s[:from], 30)) || neverAfter.MatchString(s[to:])
}

// A quote is a title in 《》 and where it stands.
type quote struct {
	title      string
	start, end int
}

// quoted finds the titles of a text; a title may hold others: 《关于印发〈办法〉的通知》, 《关于修改《办法》的决定》.
func quoted(s string) (out []quote) {
	depth, start := 0, 0
	for i, c := range s {
		switch c {
		case '《':
			if depth == 0 {
				start = i
			}
			depth++
		case '》':
			if depth == 0 {
				continue
			}
			if depth--; depth == 0 {
				out = append(out, quote{s[start+len("《") : i], start, i + len("》")})
			}
		}
		if depth > 0 && i-start > 600 {
			depth = 0
		}
	}
	return out
}

var (
	// basis are the words before a title that is only relied on.
	basis = regexp.MustCompile(`(?:(?:根据|依据|按照|依照|参照|遵照|执行|适用|贯彻|落实|符合|违反)\p{Han}{0,12}|(?:依|按|与|同))$`)
	// part are the words behind a title of which a part alone is meant.
	part = regexp.MustCompile(`^(?:\([^)]{0,60}\)|\[[^\]]{0,60}\])*\s*(?:第[〇一二三四五六七八九十百千零\d]+[章节条款项]|中|附件|有关|部分|附表)`)
	said = regexp.MustCompile(`^(?:\([^)]{0,60}\))*\s*的?(?:规定的|精神|要求|的规定)`)
)

// cited adds the titles of a passage, each with the number that follows it, and numbers that stand alone.
func (r *reader) cited(a act, s string, ts []quote) {
	ns := findNumbers(s)
	used := make([]bool, len(ns))
	for i, t := range ts {
		next := len(s)
		if i+1 < len(ts) {
			next = ts[i+1].start
		}
		number := ""
		for k, n := range ns {
			if n.Start >= t.start && n.Start < t.end {
				used[k] = true
			}
			if n.Start >= t.end && n.Start < next && strings.TrimLeft(s[t.end:n.Start], " ([〔【,") == "" {
				number, used[k] = n.Key(), true
				break
			}
		}
		before := s[:t.start]
		if basis.MatchString(tail(before, 100)) || said.MatchString(s[t.end:]) {
			continue
		}
		what := a
		if part.MatchString(s[t.end:]) {
			what = amends
		}
		r.add(what, 0, number, t.title)
	}
	for k, n := range ns {
		if !used[k] && len(ts) == 0 && !basis.MatchString(tail(s[:n.Start], 100)) {
			r.add(a, 0, n.Key(), "")
		}
	}
}

// tail is at most the last n bytes of a text, from a character's begin.
func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[len(s)-n:]
	for len(s) > 0 && !utf8.RuneStart(s[0]) {
		s = s[1:]
	}
	return s
}
