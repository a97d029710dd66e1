package moves

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"golang.org/x/text/width"

	"terrace/spreadsheet"
)

// A Row is one line of a list of old pages, as written.
type Row struct {
	Line                         int
	Old, New, Title, Date, DocNo string
}

// A BadRow is a line, or a cell of it, that was not taken.
type BadRow struct {
	Line   int
	Reason string // Chinese
	Taken  bool   // all but one cell of the line was
}

// ErrHeader says what is wrong with the first line of a list.
var ErrHeader = errors.New("认不出列名")

// headings are the names of columns, in the order of Row.
var headings = [][]string{
	{"旧网址", "原网址", "旧链接", "原链接", "旧地址", "原地址", "网址", "链接", "url", "old", "oldurl", "from", "link"},
	{"新网址", "现网址", "新链接", "新地址", "现地址", "new", "newurl", "to"},
	{"标题", "文章标题", "信息标题", "题目", "名称", "title"},
	{"日期", "发布日期", "发布时间", "时间", "date", "pubdate"},
	{"文号", "发文字号", "文件编号", "docno", "documentnumber"},
}

// A Reader reads lists of old pages as systems export them: commas, tabs or semicolons, GBK, UTF-8 or UTF-16, with column names in the first line.
type Reader struct {
	csv     *csv.Reader
	columns [5]int // of the cells of a Row; -1: the list has none
}

// NewReader reads the first line. ErrHeader where it names no column of old URLs.
func NewReader(f io.ReadSeeker) (*Reader, error) {
	decoder := simplifiedchinese.GB18030.NewDecoder()
	if _, err := io.Copy(io.Discard, transform.NewReader(f, encoding.UTF8Validator)); err == nil {
		decoder = unicode.UTF8.NewDecoder()
	} else if !errors.Is(err, encoding.ErrInvalidUTF8) {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(transform.NewReader(f, unicode.BOMOverride(decoder)), 64<<10)
	first, err := in.Peek(4 << 10)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	r := &Reader{csv: csv.NewReader(in)}
	r.csv.FieldsPerRecord, r.csv.Comma = -1, separator(string(first))
	head, err := r.csv.Read()
	if err != nil {
		return nil, fmt.Errorf("%w：文件是空的，或第一行读不懂", ErrHeader)
	}
	for i, names := range headings {
		r.columns[i] = slices.IndexFunc(head, func(cell string) bool { return slices.Contains(names, heading(cell)) })
	}
	if r.columns[0] < 0 {
		return nil, fmt.Errorf("%w：第一行应有“旧网址”，可有“新网址”“标题”“日期”“文号”；现在是：%s", ErrHeader, shown(strings.Join(head, "，")))
	}
	return r, nil
}

func separator(text string) rune {
	line, _, _ := strings.Cut(text, "\n")
	best, most := ',', 0
	for _, c := range ",\t;" {
		if n := strings.Count(line, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

func heading(cell string) string {
	return strings.NewReplacer(" ", "", "_", "", "-", "", "\u3000", "").Replace(strings.ToLower(width.Narrow.String(cell)))
}

// Read gives the next line that is not empty; bad is set in its place where it cannot be read. io.EOF behind the last.
func (r *Reader) Read() (row Row, bad *BadRow, err error) {
	for {
		cells, err := r.csv.Read()
		var wrong *csv.ParseError
		switch {
		case errors.As(err, &wrong) && errors.Is(err, csv.ErrQuote) && wrong.Line > wrong.StartLine:
			return row, &BadRow{Line: wrong.StartLine, Reason: fmt.Sprintf("这一行的引号没有写对，直到第 %d 行都没有读", wrong.Line)}, nil
		case errors.As(err, &wrong):
			return row, &BadRow{Line: wrong.Line, Reason: "引号没有写对：含引号的格子整个加引号，里面的引号写两个"}, nil
		case err != nil:
			return row, nil, err
		}
		row.Line, _ = r.csv.FieldPos(0)
		empty := true
		for i, into := range []*string{&row.Old, &row.New, &row.Title, &row.Date, &row.DocNo} {
			if c := r.columns[i]; c >= 0 && c < len(cells) {
				*into = spreadsheet.Unguard(strings.TrimSpace(cells[c]))
				empty = empty && *into == ""
			}
		}
		if !empty {
			return row, nil, nil
		}
	}
}

// A Taken is what rows come to.
type Taken struct {
	Moves []Move
	Pages []Page
	Keys  []string // of Pages
	Bad   []BadRow
}

// Take checks rows. A row with a new URL is a move in force, one with anything beside it an old page, too; what is wrong with a row is told and keeps no other back.
func Take(rows []Row, o Origin, by string, at time.Time) (t Taken) {
	for _, row := range rows {
		bad := func(err error) { t.Bad = append(t.Bad, BadRow{Line: row.Line, Reason: err.Error()}) }
		old, err := ParseOld(row.Old)
		if err != nil {
			bad(err)
			continue
		}
		m := Move{Old: old, Origin: o, State: InForce, By: by, At: at, Evidence: originText(o)}
		if row.New != "" {
			if m.New, err = newHome(old, row.New); err != nil {
				bad(err)
				continue
			}
		} else if old.Prefix {
			bad(fmt.Errorf("%w：%s 是前缀，要写新网址", ErrURL, shown(row.Old)))
			continue
		}
		if len([]rune(row.Title)) > MaxTitle || len([]rune(row.DocNo)) > MaxTitle {
			bad(fmt.Errorf("标题或文号超过 %d 个字", MaxTitle))
			continue
		}
		p := Page{URL: old.Text, Title: row.Title, DocNo: row.DocNo}
		ok := true
		if p.Date, ok = day(row.Date); !ok {
			t.Bad = append(t.Bad, BadRow{Line: row.Line, Reason: "日期读不懂，没有用：" + shown(row.Date) + "（写成 2024-03-05）", Taken: true})
		}
		if m.New != "" {
			t.Moves = append(t.Moves, m)
		}
		if !old.Prefix {
			t.Pages, t.Keys = append(t.Pages, p), append(t.Keys, old.Key)
		}
	}
	return t
}

func originText(o Origin) string {
	if o == Imported {
		return "导入的名单"
	}
	return "管理员写的"
}

// newHome checks the URL that an old one leads to.
func newHome(old Old, text string) (string, error) {
	to, err := ParseNew(text)
	if err != nil {
		return "", err
	}
	u, err := Parse(to)
	if err != nil {
		return "", err
	}
	switch k := Key(u); {
	case k == old.Key:
		return "", fmt.Errorf("%w：新旧网址相同：%s", ErrURL, shown(text))
	case old.within(k):
		return "", fmt.Errorf("%w：新网址 %s 也以旧前缀开头，会跳来跳去", ErrURL, shown(text))
	}
	return to, nil
}

var days = []*regexp.Regexp{
	regexp.MustCompile(`^([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})(?:[^0-9]|$)`),
	regexp.MustCompile(`^([0-9]{4})([0-9]{2})([0-9]{2})(?:[^0-9]|$)`),
}

// day reads a date in the ways systems write it; false where there is something else.
func day(text string) (string, bool) {
	text = strings.TrimSpace(width.Narrow.String(text))
	if text == "" {
		return "", true
	}
	for _, form := range days {
		if m := form.FindStringSubmatch(text); m != nil {
			y, _ := strconv.Atoi(m[1])
			mon, _ := strconv.Atoi(m[2])
			d, _ := strconv.Atoi(m[3])
			t := time.Date(y, time.Month(mon), d, 0, 0, 0, 0, time.UTC)
			if t.Day() == d && int(t.Month()) == mon {
				return t.Format(time.DateOnly), true
			}
		}
	}
	if m := serial.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		return time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), true
	}
	return "", false
}

// serial is a day as spreadsheets count them, from 1954 to 2118, with the time of day behind the point.
var serial = regexp.MustCompile(`^([2-7][0-9]{4})(?:\.[0-9]+)?$`)
