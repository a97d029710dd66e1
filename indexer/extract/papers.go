package extract

import (
	"regexp"

	"golang.org/x/net/html"

	"terrace/index/detail"
)

var (
	// announced is a number that is none of an office's letters, alone in its line or where an order tells of itself: 某局公告2023年第5号, （2019年12月30日某市人民政府令第211号公布）.
	announced = regexp.MustCompile(`^(?:[（(](?:\d{4}年\d{1,2}月\d{1,2}日)?)?(\p{Han}{2,30}(?:公告|通告|令)[\s（(]*(?:\d{4}年)?[\s（(]*第\s*[\d一二三四五六七八九十百零〇]{1,6}\s*号)(?:$|[）)]|公布|发布)`)
	// inForceMark is what a page says before its text of being in force.
	inForceMark = regexp.MustCompile(`^[【\[（(](全文有效|现行有效|继续有效|部分有效|全文失效|全文废止|部分失效|部分废止|条款失效|条款废止|已废止|已失效|尚未生效)[】\]）)](?:\s|$)`)
)

// paperLine reads what papers say of themselves without labels.
func (l *listener) paperLine(line string, p place) {
	if m := announced.FindStringSubmatch(line); m != nil {
		l.say(p.saying(detailLabels()[detail.DocNo], m[1], behind))
	}
	if m := inForceMark.FindStringSubmatch(line); m != nil {
		l.say(p.saying(detailLabels()[detail.Effect], m[1], behind))
	}
}

// tellsForce is in what says whether a paper is in force.
var tellsForce = regexp.MustCompile(`[效废止销改用行]`)

// inForceWord is what an answer to 是否有效 says.
func inForceWord(s string) string {
	switch s {
	case "是":
		return "有效"
	case "否":
		return "失效"
	}
	return s
}

const headLabels = 2 // of a paper, from which on a box named for a head is the paper's

// saysOfPaper reports a box named for being a head that says what papers say of themselves.
func saysOfPaper(n *html.Node) bool {
	if !headBox(n) {
		return false
	}
	found := 0
	for _, s := range splitSayings(shortLines(n, labelsWithin)) {
		if s.names[paper] != "" {
			found++
		}
	}
	return found >= headLabels
}

// orderTitle is a title that begins with who orders: 某局关于…的通知.
var orderTitle = regexp.MustCompile(`^([\p{Han}、，（）()\s]{2,60}?)(?:关于|印发|转发|批转)`)

// issuerIn is the office that a title begins with, or empty.
func issuerIn(title string) string {
	if m := orderTitle.FindStringSubmatch(title); m != nil && officeEnd.MatchString(m[1]) {
		return m[1]
	}
	return ""
}
