package relate

import (
	"database/sql"
	"encoding/binary"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A class is what pages of one text under one title have in common.
type class struct {
	n     int64
	key   int64
	doc   int64
	title string // key
	docNo int64
	sketch
	bands []int64
}

// newClass tells what class a page is of; nil where it is never folded. month parts short texts, which say too little: 停电通知 of each month.
func newClass(generation, title, docNo, text string, month int) *class {
	if utf8.RuneCountInString(title) < 4 {
		return nil
	}
	s, ok := newSketch(text)
	if !ok {
		return nil
	}
	c := &class{title: title, sketch: s}
	if docNo != "" {
		c.docNo = hash(generation, "docno", docNo)
	}
	core := strconv.FormatUint(s.core, 36)
	if s.size < shortText {
		c.key = hash(generation, "class", core, title, docNo, strconv.Itoa(month))
		return c
	}
	c.key = hash(generation, "class", core, title, docNo)
	c.bands = append(c.bands, hash(generation, "core", core))
	under := hash(generation, "titled", title) &^ 0xffff // the keys of a title stand together in the table
	for b := range bands {
		var rows []byte
		for _, m := range s.mins[b*rowsOfBand : (b+1)*rowsOfBand] {
			rows = binary.LittleEndian.AppendUint64(rows, m)
		}
		c.bands = append(c.bands, under|hash(generation, "band", strconv.Itoa(b), string(rows))&0xffff)
	}
	return c
}

// similar reports that the pages of two classes are copies.
func (c *class) similar(o *class) bool {
	if c.docNo != 0 && o.docNo != 0 && c.docNo != o.docNo || c.size < shortText || o.size < shortText {
		return false
	}
	if c.core == o.core {
		return c.title == o.title || c.size >= otherTitle && extends(c.title, o.title)
	}
	return c.title == o.title && c.sameInside(&o.sketch)
}

// extends reports that one title is the other with something before or behind it that numbers nothing: 转发, the name of a site.
func extends(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	rest, ok := strings.CutSuffix(a, b)
	if !ok {
		rest, ok = strings.CutPrefix(a, b)
	}
	return ok && utf8.RuneCountInString(rest) <= 20 && !strings.ContainsFunc(rest, numbers) && !otherText.MatchString(rest)
}

// otherText are words that make of a title that of another text: its draft, its interpretation, its repeal.
var otherText = regexp.MustCompile(`解读|图解|读懂|答问|记者|意见|草案|稿|修[订改正]|废止|失效|试行|暂行|补充|更正|延期|撤销|结果|情况|印发|回复|答复`)

func numbers(r rune) bool {
	return unicode.IsDigit(r) || strings.ContainsRune("一二三四五六七八九十百千〇零两甲乙丙丁上中下补增", r)
}

func (t *tx) classes(where string, args ...any) (out []*class, err error) {
	err = t.each(func(r *sql.Rows) error {
		c := &class{}
		var s, b []byte
		err := r.Scan(&c.n, &c.key, &c.doc, &c.title, &c.docNo, &s, &b)
		c.sketch, c.bands = unpackSketch(s), unpackKeys(b)
		out = append(out, c)
		return err
	}, `SELECT n, key, doc, title, docno, sketch, bands FROM class WHERE `+where, args...)
	return out, err
}

// join gives the number of a class and makes it where there is none.
func (t *tx) join(c *class) (int64, error) {
	n, err := t.number(`SELECT n FROM class WHERE key = ?`, c.key)
	if err != nil || n != 0 {
		return n, err
	}
	if n, err = t.number(`SELECT coalesce(max(n), 0) + 1 FROM class`); err != nil {
		return 0, err
	}
	err = t.exec(`INSERT INTO class (n, generation, key, doc, title, docno, sketch, bands) VALUES (?,?,?,0,?,?,?,?)`,
		n, t.gen, c.key, c.title, c.docNo, c.pack(), packKeys(c.bands))
	if err != nil {
		return 0, err
	}
	for _, b := range c.bands {
		if err := t.exec(`INSERT OR IGNORE INTO band VALUES (?, ?)`, b, n); err != nil {
			return 0, err
		}
	}
	return n, nil
}

func (t *tx) removeClass(c *class) error {
	for _, b := range c.bands {
		if err := t.exec(`DELETE FROM band WHERE key = ? AND class = ?`, b, c.n); err != nil {
			return err
		}
	}
	return t.exec(`DELETE FROM class WHERE n = ?`, c.n)
}
