package query

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"terrace/analysis"
	"terrace/docno"
	"terrace/personal"
	"terrace/segment"
)

// pathological are a query and what a text repeats that is made to be slow in.
var pathological = []struct{ name, query, unit string }{
	{"one character", "公", "公"},
	{"a word of one character", "公公公公公公公公公公公公", "公"},
	{"a phrase of one character", `"` + strings.Repeat("公", 100) + `"`, "公"},
	{"articles", "第一条", "第1条"},
	{"articles, as typed", "第1条 第2条", "第1条"},
	{"digits", "12345", "1"},
	{"digits one by one", "1 2 3 4", "1 "},
	{"numerals", "一二三四五", "一二三四"},
	{"zeros", "〇〇〇", "○零〇"},
	{"dates", "二〇二三年十二月五日", "二〇二三年十二月"},
	{"unfinished dates", "二〇二三年", "二〇二三"},
	{"characters of no width", "公积金", "公\u200b\u200b"},
	{"telephones", "13812345678", "138-1234-5678 "},
	{"groups of digits", "13812345678", "1-2 "},
	{"one Latin word", "aaaa", "a"},
	{"Latin words", "a", "a "},
	{"brackets", "公积金", "《"},
	{"signs", "公积金", "。"},
	{"lines", "公积金", "\n"},
	{"short lines", "公积金", "公\n"},
	{"plates", "京A12345", "京A"},
	{"passports", "护照", "护照E"},
	{"document numbers", "红政发〔2023〕5号", "红政发〔2023〕5号"},
	{"unfinished document numbers", "红政发〔2023〕5号", "红政发〔2023〕"},
	{"bytes that are no text", "公积金", "\xff"},
	{"words that others may stand for", "个贷 个贷", "公积金贷"},
}

// stepsOf is what a child process is told: the number of a pathological text and its bytes.
const stepsOf = "TERRACE_STEPS"

// TestStepsOfOneText is run by TestTheStepsAreLinearInTheText, which counts what it does.
func TestStepsOfOneText(t *testing.T) {
	number, size, told := strings.Cut(os.Getenv(stepsOf), " ")
	if !told {
		t.Skip("for TestTheStepsAreLinearInTheText alone")
	}
	i, _ := strconv.Atoi(number)
	n, _ := strconv.Atoi(size)
	c := pathological[i]
	body := strings.Repeat(c.unit, n/len(c.unit))
	m := marking(t, c.query)
	m.title(body)
	m.passage(untitled(body, c.query))
	personal.Mask(body)
	segment.Normalize(body)
	segment.TitleKey(body)
	docno.Find(body)
	m.seg.Each(body, func(segment.Token) {})
	asking := newReader(analysis.Query(m.seg, c.query))
	asking.begin()
	asking.read(body)
}

// The test binary is built with a counter in every block of statements, and run with 64 kB and 256 kB of each text. A library's own steps are not counted.
func TestTheStepsAreLinearInTheText(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a binary")
	}
	binary := filepath.Join(t.TempDir(), "query.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-covermode=count", "-coverpkg=terrace/query,terrace/segment,terrace/docno,terrace/analysis,terrace/lexicon",
		"-o", binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	const small, most = 64 << 10, 5 // four times the text may be five times the steps
	for i, c := range pathological {
		start := steps(t, binary, i, 0)
		one, four := steps(t, binary, i, small)-start, steps(t, binary, i, 4*small)-start
		if one < small/8 || four > most*one {
			t.Errorf("%s: %d steps in 64 kB, %d in 256 kB", c.name, one, four)
		}
	}
}

// steps counts the statements that a child process executes.
func steps(t *testing.T, binary string, i, size int) int {
	t.Helper()
	profile := filepath.Join(t.TempDir(), "steps")
	child := exec.CommandContext(t.Context(), binary, "-test.run=^TestStepsOfOneText$", "-test.coverprofile="+profile)
	child.Env = append(os.Environ(), fmt.Sprintf("%s=%d %d", stepsOf, i, size))
	if out, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", pathological[i].name, err, out)
	}
	f, err := os.Open(profile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sum := 0
	lines := bufio.NewScanner(f)
	for lines.Scan() { // file:from,to statements times
		fields := strings.Fields(lines.Text())
		if len(fields) != 3 {
			continue
		}
		statements, _ := strconv.Atoi(fields[1])
		times, _ := strconv.Atoi(fields[2])
		sum += statements * times
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return sum
}
