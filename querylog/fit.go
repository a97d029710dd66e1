package querylog

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"terrace/dict"
	"terrace/segment"
)

// A filter tells which texts may be shown to other readers.
type filter struct {
	denied map[rune][]string // title keys, by their first character
	word   func(string) bool
}

func newFilter(o Options) *filter {
	f := &filter{denied: map[rune][]string{}, word: o.Word}
	for w := range set(dict.Denylist()) {
		f.deny(w)
	}
	for _, w := range o.Deny {
		f.deny(w)
	}
	return f
}

func (f *filter) deny(word string) {
	if key := segment.TitleKey(word); key != "" {
		first, _ := utf8.DecodeRuneInString(key)
		f.denied[first] = append(f.denied[first], key)
	}
}

var (
	// A document's number, such as 国办发〔2017〕47号, 第5号令, 2023年第8号.
	docNo = regexp.MustCompile(`第\s?\d+\s?号|(19|20)\d\d\s?[年〕﹞\])】}>》]\s?第?\s?\d+(\s?号|$)`)

	// An address on the web.
	web = regexp.MustCompile(`https?:|www\.|[a-z0-9-]\.(cn|com|net|org|gov)\b`)
)

// fit tells whether a normalised text may become a hot, related or suggested word: it has two characters or more, holds nothing personal, no denied
// word, no document's number and no address on the web, and asks for nobody by name.
func (f *filter) fit(text string) bool {
	key := segment.TitleKey(text)
	return utf8.RuneCountInString(key) > 1 && !personal(text) && !docNo.MatchString(text) && !web.MatchString(text) && !f.denies(key) && !f.named(text, key)
}

// Hides tells whether a text that stands on a page, such as its title, is not to be proposed to readers: it holds a denied word or something personal.
func (l *Log) Hides(text string) bool {
	return l.filter.denies(segment.TitleKey(text)) || personal(segment.Normalize(text))
}

// denies tells whether a title key holds a denied word.
func (f *filter) denies(key string) bool {
	for i, r := range key {
		for _, d := range f.denied[r] {
			if strings.HasPrefix(key[i:], d) {
				return true
			}
		}
	}
	return false
}

// What stands beside a name where a person is looked for: what is wanted of them, what they are called, how one asks for it. The longer of two words
// that begin alike goes first.
var beside = regexp.MustCompile(`的?(?:联系电话|联系方式|联系人|联系|电话号码|电话|手机号码|手机号|手机|号码|座机|微信号|微信|qq号?|邮箱|身份证号码|身份证号|身份证|` +
	`家庭住址|家庭地址|住址|地址|户籍|病历|照片|简历|工资|银行卡|` +
	`先生|女士|同志|老师|医生|律师|书记|主任|局长|县长|市长|州长|区长|镇长|乡长|村长|处长|科长|校长|院长|所长|警官|法官)|` +
	`请问|查询|查找|搜索|怎么|如何|是多少|多少|是什么|在哪里|在哪|是谁|家住|^(?:查|找)`)

// named tells whether a text, given with its title key, has the form of a person's name, or of one between blanks and words that stand beside names.
func (f *filter) named(text, key string) bool {
	if f.name(key) {
		return true
	}
	for part := range strings.FieldsSeq(beside.ReplaceAllString(text, " ")) {
		if f.name(segment.TitleKey(part)) {
			return true
		}
	}
	return false
}

// name tells whether a title key looks like a person's name and is no word that the filter knows.
func (f *filter) name(key string) bool {
	return nameLike(key) && !ordinary()[key] && (f.word == nil || !f.word(key))
}
