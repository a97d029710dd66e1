// Package judge measures how well a search answers, by what people judged right: queries, and the documents that each of them should find.
//
// It asks through the functions of a Source and opens nothing itself; what Judge tells of misses and what Report prints is Chinese, for editors.
package judge

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"terrace/query"
)

// A Query is one question and the documents that answer it.
type Query struct {
	Text   string
	Line   int // where it stands first in the file, from 1
	Wanted []Wanted
}

// A Wanted is a document that a query should find.
type Wanted struct {
	Text  string // as written: a URL, a path, an id or a title
	Grade int    // 1 to MaxGrade
	Line  int    // of the file, from 1
	key   key
}

// MaxGrade is for a document that is just what was asked for; 2 is for a good one, 1 for one of use.
const MaxGrade = 3

// Mistakes are all that is wrong with a judgement file, in the order of its lines.
type Mistakes []Mistake

// A Mistake is one line that cannot be read.
type Mistake struct {
	Line int    // from 1; 0: the file as a whole
	Text string // what is wrong and what would be right, in Chinese
}

// mistakesShown is how many Error names; a file in another encoding has one in each line.
const mistakesShown = 20

func (m Mistakes) Error() string {
	var b strings.Builder
	for _, x := range m[:min(len(m), mistakesShown)] {
		if x.Line > 0 {
			fmt.Fprintf(&b, "第 %d 行：", x.Line)
		}
		b.WriteString(x.Text + "\n")
	}
	if more := len(m) - mistakesShown; more > 0 {
		fmt.Fprintf(&b, "还有 %d 处\n", more)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Read reads a judgement file: UTF-8, a byte order mark or none, each line a query, a tab, the document wanted and, if the grade is not 1, a tab and
// the grade. The document is a URL, the path of one on any site (from its first slash), an id or a title. Lines of one query belong together
// wherever they stand; empty lines and those that begin with # are passed over. Where any line is wrong the error is Mistakes, and nothing is read.
func Read(r io.Reader, k Keys) ([]Query, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read judgements: %w", err)
	}
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil, Mistakes{{0, "文件是 UTF-16 编码，请另存为 UTF-8"}}
	}
	f := file{keys: k, at: map[string]int{}, seen: map[string]map[key]int{}}
	n := 0
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\ufeff"))) {
		n++
		if wrong := f.line(n, line); wrong != "" {
			f.mistakes = append(f.mistakes, Mistake{n, wrong})
		}
	}
	if len(f.mistakes) == 0 && len(f.queries) == 0 {
		f.mistakes = Mistakes{{0, "文件里没有一条查询：每行写查询词、制表符（Tab）、要找的网页"}}
	}
	if len(f.mistakes) > 0 {
		return nil, f.mistakes
	}
	return f.queries, nil
}

// A file is what has been read so far.
type file struct {
	keys     Keys
	queries  []Query
	at       map[string]int         // query by text
	seen     map[string]map[key]int // line by what a query wants
	mistakes Mistakes
}

// line takes in one line, or says what is wrong with it.
func (f *file) line(n int, line []byte) (wrong string) {
	if !utf8.Valid(line) {
		return "不是 UTF-8 编码，请把文件另存为 UTF-8"
	}
	text := strings.TrimSpace(string(line))
	if text == "" || strings.HasPrefix(text, "#") {
		return ""
	}
	fields := strings.Split(strings.TrimRight(string(line), "\r\n"), "\t")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	asked := fields[0]
	switch length := utf8.RuneCountInString(asked); {
	case len(fields) == 1:
		return "缺少要找的网页：查询词后面按一次 Tab，再写网址、编号或标题"
	case len(fields) > 3:
		return fmt.Sprintf("有 %d 栏，最多三栏：查询词、要找的网页、等级", len(fields))
	case asked == "":
		return "缺少查询词"
	case length > query.MaxText:
		return fmt.Sprintf("查询词有 %d 个字，最多 %d 个字", length, query.MaxText)
	}
	w := Wanted{Text: fields[1], Grade: 1, Line: n}
	if len(fields) == 3 && fields[2] != "" {
		grade, err := strconv.Atoi(fields[2])
		if err != nil || grade < 1 || grade > MaxGrade {
			return fmt.Sprintf("等级“%s”应是 1、2 或 %d", fields[2], MaxGrade)
		}
		w.Grade = grade
	}
	if w.key, wrong = f.keys.of(w.Text); wrong != "" {
		return wrong
	}
	return f.add(asked, w)
}

func (f *file) add(asked string, w Wanted) (wrong string) {
	i, known := f.at[asked]
	if !known {
		i = len(f.queries)
		f.at[asked], f.seen[asked] = i, map[key]int{}
		f.queries = append(f.queries, Query{Text: asked, Line: w.Line})
	}
	if before, again := f.seen[asked][w.key]; again {
		return fmt.Sprintf("和第 %d 行是同一个查询的同一个网页：删去一行", before)
	}
	f.seen[asked][w.key] = w.Line
	f.queries[i].Wanted = append(f.queries[i].Wanted, w)
	return ""
}
