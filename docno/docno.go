// Package docno reads document numbers (发文字号) such as 国办发〔2017〕47号: the code of the office, the year in brackets, the number (党政机关公文格式,
// GB/T 9704-2012, 7.2.5).
package docno

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Number is one document's number.
type Number struct {
	Code   string // of the office, such as 国办发
	Year   int
	Serial int
}

// String is the form of the standard: 国办发〔2017〕47号.
func (n Number) String() string {
	return n.Code + "〔" + strconv.Itoa(n.Year) + "〕" + strconv.Itoa(n.Serial) + "号"
}

// Key is equal for two ways to write one number, and begins as no title key does.
func (n Number) Key() string {
	return "№" + n.Code + strconv.Itoa(n.Year) + "-" + strconv.Itoa(n.Serial)
}

// A Match is a number found in a text.
type Match struct {
	Number
	Start, End int // bytes
}

const (
	opening = `〔\[（(【﹝［{｛〖⟦〘《`
	closing = `〕\]）)】﹞］}｝〗⟧〙》`
	han     = `\p{Han}〇`
	digit   = `[0-9０-９]`
	gap     = `[\s　]*`
	year    = `((?:[1１][9９]|[2２][0０])` + digit + `{2})`
)

// In brackets the year tells a number. Without them the code must end as codes do, and something must part the year from the serial.
var (
	bracketed = regexp.MustCompile(`([` + han + `]{1,12})` + gap + `[` + opening + `]` + gap + year + gap + `年?` + gap + `[` + closing + `]` + gap + `第?` + gap + `(` + digit + `{1,5})(?:` + gap + `号)?`)
	bare      = regexp.MustCompile(`([` + han + `]{1,8}[发办函字规令])` + gap + year + `(?:` + gap + `[年第\-—－_.·/]` + gap + `第?|[\s　]+第?` + gap + `)(` + digit + `{1,5})(?:` + gap + `号)?`)
)

// Find returns the numbers in a text, in order. A serial that more digits or letters follow is none.
func Find(text string) []Match {
	var out []Match
	if !strings.ContainsAny(text, "0123456789０１２３４５６７８９") {
		return nil
	}
	for _, form := range []*regexp.Regexp{bracketed, bare} {
		for _, m := range form.FindAllStringSubmatchIndex(text, -1) {
			if n, ok := read(text, m); ok {
				out = append(out, n)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Match) int { return a.Start - b.Start })
	end := 0
	return slices.DeleteFunc(out, func(m Match) bool {
		overlaps := m.Start < end
		end = max(end, m.End)
		return overlaps
	})
}

func read(text string, m []int) (n Match, ok bool) {
	if r, _ := utf8.DecodeRuneInString(text[m[1]:]); m[1] == m[7] && (unicode.IsDigit(r) || unicode.IsLetter(r) && !unicode.Is(unicode.Han, r) || r == '年' || r == '月') {
		return n, false
	}
	n.Code = code(text[m[2]:m[3]])
	n.Year, n.Serial = number(text[m[4]:m[5]]), number(text[m[6]:m[7]])
	n.Start, n.End = m[3]-len(n.Code), m[1]
	return n, n.Code != "" && n.Serial > 0
}

// code leaves out the words that stand before a code without a blank, as in 根据国办发.
func code(s string) string {
	for _, word := range []string{"废止", "根据", "依据", "按照", "印发", "转发", "参照", "执行", "关于", "以及", "文件", "文号", "查询", "查找", "搜索", "和", "与", "按", "及"} {
		if rest, found := strings.CutPrefix(s, word); found && utf8.RuneCountInString(rest) >= 2 {
			return rest
		}
	}
	return s
}

func number(digits string) int {
	n := 0
	for _, r := range digits {
		if r >= '０' {
			r -= '０' - '0'
		}
		n = n*10 + int(r-'0')
	}
	return n
}
