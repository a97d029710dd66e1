package listing

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"
)

const (
	longSentence = 40 // runes of a text with a full stop, outside links, that is more than a hint
	fewEntries   = 5  // dated links below which a page with an article's marks is one
)

// What articles say of themselves once, and lists of every row or of none.
var articleLine = regexp.MustCompile(`(?:发布|发文|发表|更新)(?:时间|日期)\s*[:：]?\s*[【\[(（]?\s*(?:19|20)\d\d|来源\s*[:：]\s*\p{Han}|(?:浏览|点击|阅读)(?:次数|数)\s*[:：]|(?:字号|字体)\s*[:：【\[]`)

// article reports an article of several pages, whose pager is not a list's: it says where and when it was published, and has few dated links.
func (v *view) article() bool {
	if v.dated() >= fewEntries {
		return false
	}
	for _, m := range v.page.Meta {
		if m.Name == "articletitle" && m.Content != "" && !strings.EqualFold(m.Content, "null") {
			return true
		}
	}
	return v.published > 0 && v.published < fewEntries
}

// bare reports a page with no sentence outside links, and no line that tells of one publication.
func (v *view) bare() bool { return !v.prose && v.published == 0 }

// publishes notes a line that tells of one publication.
func (v *view) publishes(line []byte) {
	if v.published >= fewEntries || bytes.IndexByte(line, ':') < 0 && !bytes.Contains(line, []byte("：")) && !bytes.Contains(line, []byte("发布")) && bytes.IndexByte(line, '[') < 0 {
		return
	}
	for _, word := range articleWords {
		if bytes.Contains(line, word) {
			if articleLine.Match(line) {
				v.published++
			}
			return
		}
	}
}

// articleWords are those one of which is in every such line.
var articleWords = [][]byte{[]byte("时间"), []byte("日期"), []byte("来源"), []byte("次数"), []byte("数："), []byte("数:"), []byte("字号"), []byte("字体"), []byte("数 ")}

// reads reports a text that is a sentence.
func reads(text string) bool {
	return len(text) >= longSentence && strings.Contains(text, "。") && utf8.RuneCountInString(strings.TrimSpace(text)) >= longSentence
}
