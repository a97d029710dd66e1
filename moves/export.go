package moves

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"

	"terrace/spreadsheet"
)

// OriginNames are what people call origins.
var OriginNames = map[Origin]string{Imported: "导入", Added: "手工", Proposed: "程序提出，已认可", Learned: "采集时见到的跳转", Implied: "随列表的第一页"}

// WriteCSV writes moves as a list that Reader reads again. each gives them one by one.
func WriteCSV(w io.Writer, each func(func(Move) error) error) error {
	return writeCSV(w, []string{"旧网址", "新网址", "来源", "依据"}, func(row func(...string) error) error {
		return each(func(m Move) error { return row(m.Old.Text, m.New, OriginNames[m.Origin], m.Evidence) })
	})
}

// WritePagesCSV writes old pages as a list that Reader reads again, with a column that says of each what is the matter.
func WritePagesCSV(w io.Writer, each func(func(p Page, why string) error) error) error {
	return writeCSV(w, []string{"旧网址", "新网址", "标题", "日期", "文号", "情况"}, func(row func(...string) error) error {
		return each(func(p Page, why string) error { return row(p.URL, "", p.Title, p.Date, p.DocNo, why) })
	})
}

// writeCSV writes a table for spreadsheets. rows gives its rows one by one.
func writeCSV(w io.Writer, head []string, rows func(row func(...string) error) error) error {
	if _, err := io.WriteString(w, spreadsheet.Mark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(head); err != nil {
		return err
	}
	err := rows(func(cells ...string) error {
		for i := range cells {
			cells[i] = spreadsheet.Guard(cells[i])
		}
		return out.Write(cells)
	})
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}

const nginxHead = `# 旧网址到新网址的跳转，由 terrace moves export --nginx 写出，共 %d 个旧网址、%d 个前缀。
# 放进 http { } 里（例如 /etc/nginx/conf.d/）。旧域名的 server { } 里写：
#     if ($terrace_moved) { return 301 $terrace_moved; }
#     return 302 https://搜索页的地址/moved?url=$scheme://$host$request_uri;   # 没有对应的，交给搜索页；不写则由原来的设置处理
# 已经写过下面两项 map_hash_… 的，留大的，删去另一处。
map_hash_bucket_size %d;
map_hash_max_size %d;

map $host$request_uri $terrace_moved {
    default "";
`

// WriteNginx writes moves as a map for nginx's http block, which gives old requests their new URLs. each gives them one by one, always the same, prefixes behind all others and the longest of
// these first; it is called twice. What nginx cannot be asked for, pages behind a form, is counted at the end.
func WriteNginx(w io.Writer, each func(func(Move) error) error) error {
	n := &nginx{folded: map[uint64]uint8{}}
	if err := each(n.survey); err != nil {
		return err
	}
	bucket := 64
	for bucket < n.longest+32 {
		bucket *= 2
	}
	n.out = bufio.NewWriter(w)
	fmt.Fprintf(n.out, nginxHead, n.pages, n.prefixes, bucket, max(2048, 2*n.sources))
	if err := each(n.write); err != nil {
		return err
	}
	fmt.Fprint(n.out, "}\n")
	if n.left > 0 {
		fmt.Fprintf(n.out, "# 另有 %d 个旧网址是用表单打开的，nginx 认不出，没有写出。\n", n.left)
	}
	return n.out.Flush()
}

type nginx struct {
	out                            *bufio.Writer
	folded                         map[uint64]uint8 // hash of a source in lower case: how many there are, 2 for more
	pages, prefixes, sources, left int
	longest                        int // bytes of a source
}

// sources are what nginx compares requests with: host, without port, and path, for http and https, with www and without, in both encodings.
func (n *nginx) sourcesOf(o Old) (out []string) {
	for _, key := range keysOf(strings.TrimSuffix(o.Key, starOf(o))) {
		host, path, _ := strings.Cut(key, "/")
		u := &url.URL{Host: host}
		name := u.Hostname()
		out = append(out, name+"/"+path)
		if net.ParseIP(name) == nil {
			out = append(out, "www."+name+"/"+path)
		}
	}
	return out
}

func starOf(o Old) string {
	if o.Prefix {
		return "*"
	}
	return ""
}

// takes reports whether a browser can ask for it.
func takes(m Move) bool { return !strings.Contains(m.Old.Key, "#") && !strings.Contains(m.New, "#") }

func (n *nginx) survey(m Move) error {
	if !takes(m) {
		n.left++
		return nil
	}
	if m.Old.Prefix {
		n.prefixes++
		return nil
	}
	n.pages++
	for _, s := range n.sourcesOf(m.Old) {
		h := hash(strings.ToLower(s))
		n.folded[h] = min(n.folded[h]+1, 2)
		n.longest, n.sources = max(n.longest, len(s)), n.sources+1
	}
	return nil
}

// write writes the lines of a move. Plain sources are compared without case; those that differ in nothing else are written as patterns, which are not.
func (n *nginx) write(m Move) error {
	if !takes(m) {
		return nil
	}
	for _, s := range n.sourcesOf(m.Old) {
		var err error
		switch {
		case m.Old.Prefix && strings.HasSuffix(m.New, "/"):
			_, err = fmt.Fprintf(n.out, "    \"~^%s(?<terrace_rest>.*)$\" \"%s$terrace_rest\";\n", pattern(s), value(m.New))
		case m.Old.Prefix:
			_, err = fmt.Fprintf(n.out, "    \"~^%s\" \"%s\";\n", pattern(s), value(m.New))
		case n.folded[hash(strings.ToLower(s))] > 1:
			_, err = fmt.Fprintf(n.out, "    \"~^%s$\" \"%s\";\n", pattern(s), value(m.New))
		default:
			_, err = fmt.Fprintf(n.out, "    \"%s\" \"%s\";\n", s, value(m.New))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// value is a URL within the quotes of nginx. Canonical URLs hold no quote, backslash, blank or line break; a dollar sign would begin a variable.
func value(u string) string { return strings.ReplaceAll(u, "$", "%24") }

// pattern is a regular expression for just a text, within the quotes of nginx. Escapes may be in either case.
func pattern(s string) string {
	var b strings.Builder
	for i := range len(s) {
		digit := i > 0 && s[i-1] == '%' || i > 1 && s[i-2] == '%'
		switch c := s[i]; {
		case digit && 'A' <= c && c <= 'F':
			b.WriteString("[" + string(c) + string(c|0x20) + "]")
		case 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("/%-_=&:;,~!@#'", c) >= 0:
			b.WriteByte(c)
		case c == '[' || c == ']':
			b.WriteString(`\` + string(c))
		default:
			b.WriteString("[" + string(c) + "]")
		}
	}
	return b.String()
}
