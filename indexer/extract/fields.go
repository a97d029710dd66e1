package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The names of fields, whatever a page calls them.
const (
	title_     = "title"
	published  = "date"
	written    = "written"
	sent       = "sent"
	source     = "source"
	issuer     = "issuer"
	column     = "column"
	columnType = "columnType"
	number     = "docNo"
	siteName   = "siteName"
	subject    = "subject"
	effect     = "effect"
	indexNo    = "indexNo"
	keywords   = "keywords"
	summary    = "description"
)

// tagNames are the metadata tags of 国办发〔2017〕47号, annex 2, and their usual kin, in lower case.
var tagNames = map[string]string{
	"articletitle": title_, "pubdate": published, "publishdate": published, "contentsource": source, "columnname": column, "columntype": columnType,
	"sitename": siteName, "keywords": keywords, "description": summary, "og:title": title_, "article:published_time": published, "filenum": number,
}

func (r *reader) tags() {
	for _, m := range r.page.Meta {
		name := strings.ToLower(strings.TrimSpace(m.Name))
		if field := tagNames[name]; field != "" {
			r.say(field, m.Content, "tag")
		}
	}
}

// labelNames are what pages write before a value, without blanks.
var labelNames = map[string]string{
	"标题": title_, "名称": title_, "信息名称": title_, "文件名称": title_, "公文名称": title_,
	"发布日期": published, "发布时间": published, "公开日期": published, "公布日期": published, "公布时间": published, "发文时间": published, "发布": published, "日期": published, "时间": published, "更新时间": published, "时间发布": published,
	"成文日期": written, "生成日期": written, "成文时间": written, "印发日期": written, "发文日期": sent,
	"来源": source, "信息来源": source, "文章来源": source, "稿件来源": source, "发布机构": issuer, "发文机关": issuer, "发文单位": issuer, "发布单位": issuer, "公开主体": issuer,
	"发文字号": number, "文号": number, "文件编号": number, "文件号": number,
	"主题分类": subject, "主题": subject, "索引号": indexNo, "索取号": indexNo, "效力状态": effect, "有效性": effect, "是否有效": effect,
}

const (
	labelsWithin = 400 // runes of a block that may hold labels in running text
	labelBlocks  = 4000
)

// labels reads label and value pairs: in two cells, in one element, or several in one line of text.
func (r *reader) labels() {
	left := labelBlocks
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if left <= 0 || hidden(n) {
			return
		}
		if n.DataAtom == atom.Tr && r.columns(n) {
			return
		}
		if n.Type == html.ElementNode && labelHolder[n.DataAtom] {
			left--
			if r.labelIn(n) {
				return
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(r.page.Root)
}

// sentDay takes 发文日期 for the day a paper was written where nothing else is said of that, else for the day it was published.
func (r *reader) sentDay() {
	day, as := r.said[sent], written
	if r.said[written] != "" {
		as = published
	}
	if r.said[as] == "" {
		r.say(as, day, "label")
	}
}

// columns reads a row of labels over a row of values; it reports whether the row is one.
func (r *reader) columns(tr *html.Node) bool {
	labels, values := cellsOf(tr), cellsOf(nextRow(tr))
	if len(labels) < 2 || len(labels) != len(values) {
		return false
	}
	names, neighbours := make([]string, len(labels)), false
	for i, c := range labels {
		names[i], _ = labelAlone(shortText(c, labelRunes))
		neighbours = neighbours || i > 0 && names[i] != "" && names[i-1] != ""
	}
	if name, _ := labelAlone(shortText(values[0], labelRunes)); !neighbours || name != "" {
		return false
	}
	for i, name := range names {
		if v := clean(shortText(values[i], labelsWithin)); name != "" && v != "" {
			r.say(name, v, "label")
		}
	}
	return true
}

var labelHolder = map[atom.Atom]bool{atom.Td: true, atom.Th: true, atom.Li: true, atom.P: true, atom.Span: true, atom.Div: true, atom.Dt: true, atom.B: true,
	atom.Strong: true, atom.Label: true, atom.Font: true, atom.Em: true, atom.I: true, atom.H5: true, atom.H6: true}

// labelIn reads the pairs of one element; it reports whether the element was read whole.
func (r *reader) labelIn(n *html.Node) bool {
	lines := shortLines(n, labelsWithin)
	text := oneLine(lines, labelsWithin)
	if text == "" {
		return false
	}
	if name, alone := labelAlone(text); alone {
		if v := nextValue(n); v != "" && !saysOther(v) {
			r.say(name, v, "label")
		}
		return false
	}
	found := false
	for line := range strings.Lines(lines) {
		line = strings.Join(strings.Fields(line), " ")
		if at := leadingDay.FindString(line); at != "" && labelled(line[len(at):]) {
			r.say(published, at, "text")
		} else if at != "" && publisher.MatchString(line[len(at):]) && !holdsLink(n) {
			r.say(source, line[len(at):], "text")
		}
	}
	for _, m := range splitLabels(lines) {
		name := labelNames[key(m.name)]
		if name == "" || m.value == "" {
			continue
		}
		found = true
		if at := endingDay.FindStringIndex(m.value); name == source && at != nil && at[0] > 0 {
			r.say(published, m.value[at[0]:], "text")
			m.value = m.value[:at[0]]
		}
		r.say(name, m.value, "label")
	}
	return found
}

// publisher is a source that stands behind the day without a label.
var publisher = regexp.MustCompile(`^\p{Han}{1,16}(?:[局委办厅府社网台]|日报|晚报|中心|频道)$`)

func holdsLink(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.DataAtom == atom.A {
			return true
		}
	}
	return false
}

// endingDay is the day that stands behind a source in one line: 「来源：水务局　2021-03-08 09:30」.
var endingDay = regexp.MustCompile(`[\s　|]+` + moment + `\s*$`)

func labelAlone(text string) (string, bool) {
	t := strings.Trim(key(text), ":：【】[]")
	name, ok := labelNames[t]
	return name, ok && (strings.ContainsAny(text, ":：【】[]") || len(t) >= len("索引号") || name == number)
}

// saysOther reports a text that is a label and its value itself, as it stands after a label that is left empty.
func saysOther(text string) bool {
	pairs := splitLabels(text)
	return len(pairs) > 0 && labelNames[key(pairs[0].name)] != "" && strings.HasPrefix(text, pairs[0].name)
}

// nextValue is the text of the cell or element after a label.
func nextValue(n *html.Node) string {
	for c := n.NextSibling; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && clean(c.Data) != "" {
			return clean(c.Data)
		}
		if c.Type == html.ElementNode {
			return clean(shortText(c, labelsWithin))
		}
	}
	return ""
}

type pair struct{ name, value string }

// labelStart finds the labels in running text. A label ends in a colon and stands at the start or after a blank or a bar.
var labelStart = regexp.MustCompile(`(?:^|[\s　|｜（(\[【])([\p{Han}]{2,6}|[\p{Han}](?:[\s　]+[\p{Han}]){1,3})[】\]]?\s*[:：]`)

// splitLabels cuts 「来源：甲局　发布时间：2023年5月6日　点击：5」 into its pairs. A value ends with its line.
func splitLabels(text string) []pair {
	if !strings.ContainsAny(text, ":：") {
		return nil
	}
	at := labelStart.FindAllStringSubmatchIndex(text, 20)
	var out []pair
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		value, _, _ := strings.Cut(strings.TrimSpace(text[m[1]:end]), "\n")
		value = strings.Trim(value, "|｜[]【】（() \t\r")
		out = append(out, pair{text[m[2]:m[3]], value})
	}
	return out
}

// docNumber is a document number such as 国办发〔2017〕47号 in any bracket.
var docNumber = regexp.MustCompile(`([\p{Han}]{1,12})\s*[〔\[（(【﹝［]\s*((?:19|20)\d{2})\s*[〕\]）)】﹞］]\s*第?\s*(\d{1,5})\s*号`)

// docNo takes the number that is labelled, or one that stands alone at the head of the text.
func (r *reader) docNo(title, text string) string {
	for _, s := range []string{r.said[number], head(text, 300)} {
		m := docNumber.FindStringSubmatchIndex(toNarrow(s))
		if m == nil {
			continue
		}
		n := toNarrow(s)
		before, after := n[strings.LastIndexByte(n[:m[0]], '\n')+1:m[0]], n[m[1]:]
		if s != r.said[number] && (strings.TrimSpace(before) != "" || after != "" && !strings.ContainsRune(" \n", rune(after[0]))) {
			continue // quoted within a sentence: another document's
		}
		return n[m[2]:m[3]] + "〔" + n[m[4]:m[5]] + "〕" + n[m[6]:m[7]] + "号"
	}
	return ""
}

func toNarrow(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, s)
}

// head is at most n runes of a text.
func head(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

var tagInValue = regexp.MustCompile(`<[^>]{0,100}>|&nbsp;?`)

// indexPage is the name under which a site's root is served.
var indexPage = regexp.MustCompile(`(?i)^/(?:index|default|home|main)\.(?:s?html?|jsp|aspx?|php)$`)
