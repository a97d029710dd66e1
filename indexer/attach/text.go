package attach

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/attach/plain"
	"terrace/indexer/markup"
)

var htmlStart = regexp.MustCompile(`(?i)^[\s\x{feff}]*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|div)\b`)

// isHTML reports a web page, such as old systems send under the name of a document or a table.
func isHTML(data []byte) bool {
	return htmlStart.Match(data[:min(len(data), 2048)]) || strings.Contains(strings.ToLower(string(data[:min(len(data), 512)])), "<html")
}

// isText reports bytes that read as text in some charset: control characters and what cannot be read are rare.
func isText(data []byte) bool {
	text, _ := markup.Decode(data[:min(len(data), 8192)], "", "")
	odd, all := markup.Odd(text)
	return all > 0 && odd*50 <= all
}

// readText reads text as it is, and tables by their cells.
func readText(f File, out *plain.Text) error {
	decoded, _ := markup.Decode(f.Data, "", "")
	text := string(decoded)
	if !strings.EqualFold(path.Ext(f.Name), ".csv") {
		out.Write(text)
		return nil
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = -1, true, true
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", plain.ErrBroken, err)
		}
		for _, cell := range row {
			out.Write(strings.Join(strings.Fields(cell), " "))
			out.Cell()
		}
		out.End()
	}
}

func readHTML(data []byte, out *plain.Text) error {
	p, err := markup.Parse(&url.URL{}, data, "", "")
	if err != nil {
		return fmt.Errorf("%w: %w", plain.ErrBroken, err)
	}
	writeNode(p.Root, out)
	return nil
}

var blocks = map[atom.Atom]bool{atom.P: true, atom.Div: true, atom.Tr: true, atom.Li: true, atom.Br: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true,
	atom.H5: true, atom.H6: true, atom.Table: true, atom.Ul: true, atom.Ol: true, atom.Title: true, atom.Hr: true, atom.Pre: true, atom.Blockquote: true, atom.Dt: true, atom.Dd: true}

// writeNode writes what a reader sees of a node. The paragraphs of a cell are one line.
func writeNode(n *html.Node, out *plain.Text) {
	switch {
	case n.Type == html.TextNode:
		out.Write(strings.Map(unwrap, n.Data))
	case n.DataAtom == atom.Script || n.DataAtom == atom.Style || n.DataAtom == atom.Template || n.Type == html.CommentNode:
		return
	case n.DataAtom == atom.Img:
		out.Picture()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		writeNode(c, out)
	}
	switch {
	case n.DataAtom == atom.Td || n.DataAtom == atom.Th:
		out.Cell()
	case !blocks[n.DataAtom]:
	case inCell(n):
		out.Write(" ")
	default:
		out.End()
	}
}

// unwrap makes blanks of the line breaks of the source.
func unwrap(r rune) rune {
	if r == '\n' || r == '\r' {
		return ' '
	}
	return r
}

func inCell(n *html.Node) bool {
	for p := n.Parent; p != nil && p.DataAtom != atom.Table; p = p.Parent {
		if p.DataAtom == atom.Td || p.DataAtom == atom.Th {
			return true
		}
	}
	return false
}
