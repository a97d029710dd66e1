package finding

import (
	_ "embed"
	"strings"
	"sync"

	"terrace/index"
)

// badWords are words of gambling and the like that no page of a government has in its title, a line each; lines that begin with # are comments.
//
//go:embed words.txt
var badWordList string

var badWords = sync.OnceValue(func() (words []string) {
	for line := range strings.Lines(badWordList) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			words = append(words, line)
		}
	}
	return words
})

// reported are words of those who report on such things.
var reported = []string{"查处", "打击", "破获", "整治", "案", "警方", "公安", "抓获", "判", "诈骗", "专项", "防范", "禁止", "远离", "揭", "涉", "净网", "举报", "警惕", "非法", "违法", "取缔", "危害"}

// badWord is the first of badWords in a text that is no report of such things; empty where there is none.
func badWord(text string) string {
	for _, w := range badWords() {
		if !strings.Contains(text, w) {
			continue
		}
		if hasOne(text, reported) {
			return ""
		}
		return w
	}
	return ""
}

// words looks at the title and the keywords of the page. Citizens who write to the government complain of such things.
func (s *subject) words() {
	if s.out.Document.Kind == index.Interaction {
		return
	}
	look := func(where, text string) {
		if w := badWord(text); w != "" {
			s.see(sight{rule: BadWord, subject: where, severity: Serious, own: true, evidence: "「" + w + "」：" + cut(text, 100)})
		}
	}
	look("标题", s.page.Title)
	for _, m := range s.page.Meta {
		if m.Name == "keywords" || m.Name == "description" {
			look(m.Name, m.Content)
		}
	}
}
