package query

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"terrace/index"
	"terrace/index/detail"
	"terrace/personal"
)

// offices are details whose numbers, addresses and hours are an office's, a mobile telephone on duty among them, and no citizen's.
var offices = map[string]bool{detail.Phone: true, detail.Complaints: true, detail.Place: true, detail.Hours: true, detail.Online: true}

// details are those of a document as everyone may see them: masked as snippets are, and the writer of a letter by the first character of the name.
func details(d *index.Document) []index.Detail {
	var out []index.Detail
	hide := withoutWriter(d)
	for _, v := range d.Details {
		if !offices[v.Name] || d.Kind != index.Service {
			v.Value = personal.Mask(hide(v.Value))
		}
		out = append(out, v)
	}
	return out
}

// withoutWriter hides the name of a letter's writer wherever it stands in a text of the same document. Bytes stay as many as they are.
func withoutWriter(d *index.Document) func(string) string {
	name := ""
	if d.Kind == index.Interaction {
		name = detail.Value(d.Details, detail.Writer)
	}
	hidden := hideName(name)
	if hidden == name {
		return func(text string) string { return text }
	}
	return func(text string) string { return strings.ReplaceAll(text, name, hidden) }
}

// nobody is what names no person: 王先生, 李某, 赵**, 网友, or an office.
var nobody = regexp.MustCompile(`^.{1,2}(?:先生|女士|小姐|同志|老师|师傅|某{1,2}|[*＊xX×○]+)$|匿名|网友|网民|市民|群众|居民|村民|业主|家长|用户|访客|游客|公司|单位|企业|学校|中心`)

const longestWriter = 12 // runes; what is longer is a sentence or an organisation

// hideName puts asterisks in the place of all but the first character of a person's or an account's name.
func hideName(name string) string {
	if n := utf8.RuneCountInString(name); n < 2 || n > longestWriter || nobody.MatchString(name) {
		return name
	}
	var b strings.Builder
	for i, r := range name {
		switch {
		case i == 0 || unicode.IsSpace(r):
			b.WriteRune(r)
		case utf8.RuneLen(r) == len("＊"):
			b.WriteString("＊")
		default:
			b.WriteString(strings.Repeat("*", utf8.RuneLen(r)))
		}
	}
	return b.String()
}
