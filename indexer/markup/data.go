package markup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What the scripts of lists ask for is no page but data: JSON, or JSON as the argument of a call (JSONP). It holds either a piece of a page or rows,
// each with a title and an address. asPage writes it as the page that a script would make of it.

var (
	dataCall  = regexp.MustCompile(`^[\w.$]{1,60}\(\s*([{\[])`)
	dataTotal = regexp.MustCompile(`^_?(?:total|totalcount|totalnum|totalrecords?|totalelements|totalhits|totalsize|recordcount|recordtotal|rowcount|allcount)$`)
	dataTitle = regexp.MustCompile(`(?:title|subject|headline)$|^(?:name|bt)$`)
	dataLink  = regexp.MustCompile(`(?:url|link|href|htmlpath|uri)$`)
)

// dataDates are parts of the names of fields that hold the day of a row, the best first.
var dataDates = []string{"publish", "release", "pub", "issue", "date", "time", "create"}

// asPage returns data as a page; ok is false for text that is no data, or data without rows or a piece of a page.
func asPage(text []byte) (page []byte, ok bool) {
	text = bytes.TrimSpace(text)
	if m := dataCall.FindSubmatchIndex(text); m != nil {
		text = bytes.TrimRight(text[m[2]:], "); \r\n\t")
	}
	if len(text) < 2 || text[0] != '{' && text[0] != '[' {
		return nil, false
	}
	d := dataReader{}
	value, err := decodeJSON(text)
	if err != nil {
		return nil, false
	}
	d.read(value)
	if d.out.Len() == 0 {
		return nil, false
	}
	if d.total == 0 && d.count > d.shown { // else it may be that of these rows
		d.total = d.count
	}
	if d.total > 0 {
		fmt.Fprintf(&d.out, "<p>共%d条</p>\n", d.total)
	}
	return d.out.Bytes(), true
}

func decodeJSON(text []byte) (value any, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&value)
	return value, err
}

// A dataReader is what was found so far.
type dataReader struct {
	out    bytes.Buffer
	total  int // rows that there are, of this answer and all others
	count  int // of something; it may be the total
	shown  int // rows of this answer
	nested bool
}

func (d *dataReader) read(value any) {
	switch v := value.(type) {
	case string:
		if strings.Contains(v, "<a ") || strings.Contains(v, "<record>") {
			d.out.WriteString(v)
			d.out.WriteByte('\n')
		} else if !d.nested && len(v) > 2 && (v[0] == '{' || v[0] == '[') { // JSON within JSON
			if inner, err := decodeJSON([]byte(v)); err == nil {
				d.nested = true
				d.read(inner)
				d.nested = false
			}
		}
	case []any:
		if d.rows(v) {
			return
		}
		for _, each := range v {
			d.read(each)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if dataTotal.MatchString(strings.ToLower(name)) && d.total == 0 {
				d.total = number(v[name])
			}
			if strings.EqualFold(name, "count") && d.count == 0 {
				d.count = number(v[name])
			}
			d.read(v[name])
		}
	}
}

// rows writes a list of which the first is a row, and reports whether it is.
func (d *dataReader) rows(list []any) bool {
	if len(list) == 0 || rowOf(list[0]) == "" {
		return false
	}
	d.out.WriteString("<ul>\n")
	d.shown += len(list)
	for _, each := range list {
		d.out.WriteString(rowOf(each))
	}
	d.out.WriteString("</ul>\n")
	return true
}

// rowOf writes a row, or returns the empty string where the value is none.
func rowOf(value any) string {
	fields, ok := value.(map[string]any)
	if !ok {
		return ""
	}
	var title, link string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		text, _ := fields[name].(string)
		text = strings.TrimSpace(text)
		lower := strings.ToLower(name)
		switch {
		case text == "":
		case dataLink.MatchString(lower) && strings.ContainsAny(text, "/.") && !strings.ContainsAny(text, " <>") && (link == "" || lower == "url"):
			link = text
		case dataTitle.MatchString(lower) && (title == "" || lower == "title"):
			title = text
		}
	}
	if title == "" || link == "" {
		return ""
	}
	if strings.Contains(title, "<") { // marks of what was searched for
		title = tagged.ReplaceAllString(title, "")
	}
	return fmt.Sprintf("<li><a href=\"%s\" title=\"%s\">%s</a> <span>%s</span></li>\n", html.EscapeString(link), html.EscapeString(title), html.EscapeString(title), dayOf(fields))
}

var tagged = regexp.MustCompile(`<[^<>]{0,200}>`)

// dayOf is the day of a row as yyyy-mm-dd, or empty.
func dayOf(fields map[string]any) string {
	all := slices.Sorted(maps.Keys(fields))
	for _, part := range dataDates {
		for _, name := range all {
			if strings.Contains(strings.ToLower(name), part) {
				if d := dayIn(fields[name]); d != "" {
					return d
				}
			}
		}
	}
	return ""
}

// dayIn reads a day that is written, or a time as seconds or milliseconds since 1970.
func dayIn(value any) string {
	switch v := value.(type) {
	case string:
		d, _, _ := findDate(v)
		return d
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		if err != nil || n < 1e8 {
			return ""
		}
		if n > 1e11 {
			n /= 1000
		}
		if t := time.Unix(n, 0).In(beijing); t.Year() < 2100 {
			return t.Format(time.DateOnly)
		}
	}
	return ""
}

var beijing = time.FixedZone("Asia/Shanghai", 8*60*60)

// number reads a count, written as a number or as text; 0 where it is none.
func number(value any) int {
	n, err := strconv.Atoi(strings.TrimSpace(fmt.Sprint(value)))
	if err != nil || n < 0 || n > 999_999_999 {
		return 0
	}
	return n
}
