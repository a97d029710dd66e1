package relate

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"terrace/index"
	"terrace/segment"
)

// lawLike are titles of texts that may repeal others. A title may end in the article of a law, or in brackets.
var lawLike = regexp.MustCompile(`(?:通知|决定|决议|办法|规定|公告|通告|条例|意见|细则|规则|章程|方案|规划|命令|令|批复|法|解释|规程|目录|标准|制度|预案|修正案|函)(?:\([^)]*\)|第[〇一二三四五六七八九十百千零\d]+条)*$`)

// explains are titles of interpretations.
var explains = regexp.MustCompile(`解读|图解|一图(?:读懂|看懂)|政策问答|答记者问`)

// draft are titles of texts that are not in force yet.
var draft = regexp.MustCompile(`征求.{0,30}意见|意见稿|草案|送审稿|讨论稿|公开征集|意见建议|意见的函`)

// issues are titles that publish the text whose name they quote.
var issues = regexp.MustCompile(`(?:印发|发布|公布|颁布|下发|制定)[^《]{0,6}《([^《》]+(?:《[^《》]*》[^《》]*)*)》`)

// bareTitle is what remains of a title without the office before it: 关于…的通知.
func bareTitle(title string) string {
	if i := strings.Index(title, "关于"); i > 0 && utf8.RuneCountInString(title[:i]) <= 30 {
		return title[i:]
	}
	return title
}

// placed are titles that say whose they are. Others, such as 关于加强防火工作的通知 and 宅基地管理办法, are borne by a text of every county.
var placed = regexp.MustCompile(`^.{0,24}(?:省|自治[区县]|[^神九五]州|[^城]市[^场政容民]|[^各区]县[^域级区]|中华人民共和国|国务院|最高人民|委员会|人民政府|办公[厅室]|[\p{Han}]厅|[^布结格大]局)`)

// A readPage is a page and the class it belongs to, if one.
type readPage struct {
	row
	of *class
}

// read takes a page apart. It is a function of the page alone.
func read(generation string, p Page) *readPage {
	d := &p.Document
	title := segment.Normalize(d.Title)
	text := segment.Normalize(cut(d.Body, maxText))
	out := &readPage{row: row{id: d.ID, level: d.Level, day: d.Written, title: d.Title}}
	if len(d.Copies) > 0 {
		out.copy = d.Copies[0]
	}
	if out.day == 0 {
		out.day = out.copy.Date
	}
	out.said = segment.TitleKey(d.Source)
	out.owner = strings.Trim(segment.TitleKey(p.SiteName)+ownerSign+segment.TitleKey(p.DepartmentName), ownerSign)
	number, region := ownNumber(d.DocNo)
	out.region = region
	key := segment.TitleKey(title)
	if !p.Imported {
		out.of = newClass(generation, key, number, text, int(out.copy.Date)/100)
	}
	law := lawLike.MatchString(title)
	switch {
	case d.Kind == index.Interpretation || d.Kind != index.Policy && explains.MatchString(title):
		out.flags = interprets
		out.cites = readInterpreted(generation, title, text, p.Links)
		return out
	case d.Kind != index.Policy && (!law || d.Kind == index.Interaction || d.Kind == index.News):
		return out
	}
	if draft.MatchString(title) {
		return out
	}
	out.flags = policyLike
	out.names = identities(generation, title, number, out.copy.URL)
	out.status = ownStatus(p.Status, title, text)
	out.cites = readActs(generation, title, text)
	return out
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// ownNumber is the key of a document number, and its first character, which stands for the place or the office.
func ownNumber(s string) (key string, region rune) {
	ms := findNumbers(segment.Normalize(s))
	if len(ms) == 0 {
		return "", 0
	}
	region, _ = utf8.DecodeRuneInString(ms[0].Code)
	return ms[0].Key(), region
}

// identities are the keys under which a policy is cited.
func identities(generation, title, number, url string) (out []int64) {
	add := func(sort, key string) {
		if key != "" {
			out = append(out, hash(generation, sort, key))
		}
	}
	title = statusInTitle.ReplaceAllString(title, "")
	titles := []string{title}
	if m := issues.FindStringSubmatch(title); m != nil {
		titles = append(titles, m[1])
	}
	for _, t := range titles {
		if placed.MatchString(t) {
			add("title", titleKey(t))
		}
		add("bare", titleKey(bareTitle(t)))
	}
	if number != "" {
		add("docno", number)
	}
	add("url", url)
	return out
}

// minTitle is how many characters the key of a title must have to tell a text: 办法 alone tells none.
const minTitle = 6

func titleKey(title string) string {
	k := segment.TitleKey(title)
	if utf8.RuneCountInString(k) < minTitle {
		return ""
	}
	return k
}
