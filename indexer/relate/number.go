package relate

import (
	"strings"
	"unicode/utf8"

	"terrace/docno"
)

// notOfCode are words that stand before an office's code in running text and in none: 近日印发了云政发〔2010〕5号.
var notOfCode = []string{"印发", "发布", "公布", "下发", "根据", "依据", "按照", "依照", "参照", "落实", "执行", "贯彻", "废止", "文件", "通知", "了", "的", "对", "将", "由", "在", "是", "为", "被", "把", "即", "以", "见", "附件"}

// findNumbers finds the document numbers of a text, each without words before its code.
func findNumbers(text string) []docno.Match {
	out := docno.Find(text)
	for i := range out {
		m := &out[i]
		for _, w := range notOfCode {
			at := strings.LastIndex(m.Code, w)
			if at < 0 || utf8.RuneCountInString(m.Code[at+len(w):]) < 2 {
				continue
			}
			m.Start += at + len(w)
			m.Code = m.Code[at+len(w):]
		}
	}
	return out
}
