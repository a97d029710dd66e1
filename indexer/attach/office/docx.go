package office

import (
	"cmp"
	"strings"
	"unicode"

	"terrace/indexer/attach/pack"
	"terrace/indexer/attach/plain"
)

// ReadDocx takes the text of a Word document: the body in order, a row of a table as a line, text boxes behind the paragraph they hang on; then
// foot notes and end notes; then headers and footers, each wording once. Hidden and deleted runs, field codes, page numbers, phonetic guides and
// comments are left out. What is another file within it (an altChunk, 17.17.2.1), as programs write it that make documents of web pages, is given to chunk,
// which writes to out. The errors are those of pack.Pack and chunk; what could be read is in out.
func ReadDocx(data []byte, out *plain.Text, chunk func(data []byte) error) error {
	p, err := pack.Open(data)
	if p == nil {
		return err
	}
	main := mainOr(p, "word/document.xml")
	w := &word{writer: writer{out: out}, pack: p, links: readLinks(p, main), chunk: chunk}
	err = cmp.Or(err, w.part(main), w.chunkErr)
	for _, kind := range []string{"footnotes", "endnotes"} {
		for _, part := range w.links.kinds[kind] {
			err = cmp.Or(err, w.part(part))
		}
	}
	seen := map[string]bool{}
	for _, kind := range []string{"header", "footer"} {
		for _, part := range w.links.kinds[kind] {
			err = cmp.Or(err, w.once(part, seen))
		}
	}
	return err
}

// A word reads the parts of a document.
type word struct {
	writer
	x       *pack.Scanner
	pack    *pack.Pack
	links   links
	fields  fields
	columns int      // of the table around
	boxes   []string // text boxes of the paragraph
	inBox   bool

	chunk    func(data []byte) error
	chunkErr error // of the first that could not be read
}

// part reads a part to its end.
func (w *word) part(name string) error {
	return w.pack.Scan(name, func(x *pack.Scanner) {
		w.x = x
		x.Each(w.element)
		w.out.End()
	})
}

// once reads a part unless another said the same. What is left of a page number without the number says nothing.
func (w *word) once(name string, seen map[string]bool) error {
	aside := plain.New(maxAside)
	part := &word{writer: writer{out: aside}, pack: w.pack, links: readLinks(w.pack, name)}
	err := part.part(name)
	if text := aside.String(); !seen[text] && strings.IndexFunc(text, says) >= 0 {
		seen[text] = true
		w.pour(text)
	}
	for range aside.Pictures() {
		w.picture()
	}
	return err
}

// says reports a character that is no mere punctuation.
func says(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// element reads an element of any kind: most hold others.
func (w *word) element(name string) {
	switch name {
	case "p":
		w.paragraph()
	case "r":
		w.run()
	case "t":
		w.say(w.x.Text())
	case "tbl":
		w.table()
	case "tr":
		w.row()
	case "tc":
		w.cell(w.columns, func() { w.x.Each(w.element) })
	case "annotation": // of Word 2003
		if kind := w.x.Attr("type"); kind != "Word.Comment" && kind != "Word.Deletion" {
			w.x.Each(w.element)
		}
	case "AlternateContent":
		w.alternate(w.x, w.element)
	case "txbxContent":
		w.box()
	case "blip", "imagedata":
		w.picture()
	case "relIds":
		w.diagram()
	case "altChunk":
		w.file()
	default:
		if !unseen[name] {
			w.inline(name)
		}
	}
}

// unseen are elements that hold no text of the document: properties, what was deleted or moved away, codes, phonetic guides.
var unseen = map[string]bool{
	"pPr": true, "rPr": true, "tblPr": true, "tblPrEx": true, "trPr": true, "tcPr": true, "sectPr": true, "sdtPr": true, "sdtEndPr": true,
	"smartTagPr": true, "customXmlPr": true, "rubyPr": true, "rt": true, "del": true, "moveFrom": true, "delText": true, "delInstrText": true, "comment": true,
}

// paragraph reads a paragraph. Fields are followed within it: those that go on into another have left their code behind by then.
func (w *word) paragraph() {
	outer := w.fields
	w.fields = fields{}
	w.x.Each(w.element)
	w.end()
	w.fields = outer
	if !w.inBox {
		for _, box := range w.boxes {
			w.pour(box)
		}
		w.boxes = w.boxes[:0]
	}
}

// box reads a text box and sets it aside until its paragraph ends.
func (w *word) box() {
	if w.inBox {
		w.x.Each(w.element)
		return
	}
	outer, columns := w.writer, w.columns
	w.writer, w.inBox = writer{out: plain.New(maxAside)}, true
	w.x.Each(w.element)
	aside := w.out
	w.writer, w.columns, w.inBox = outer, columns, false
	if text := aside.String(); text != "" {
		w.told++
		w.boxes = append(w.boxes, text)
	}
	for range aside.Pictures() {
		w.picture()
	}
}

func (w *word) table() {
	outer := w.columns
	w.columns = 2 // where the grid is missing
	w.x.Each(func(name string) {
		if name != "tblGrid" {
			w.element(name)
			return
		}
		w.columns = 0
		w.x.Each(func(string) { w.columns++ })
	})
	w.columns = outer
}

// row reads a row, unless it is marked as deleted.
func (w *word) row() {
	deleted := false
	w.x.Each(func(name string) {
		switch {
		case name == "trPr":
			w.x.Each(func(name string) { deleted = deleted || name == "del" })
		case !deleted:
			w.element(name)
		}
	})
	w.end()
}

// diagram reads the texts of a SmartArt drawing, which are a part of their own.
func (w *word) diagram() {
	if part := w.links.byID[w.x.Link("dm")]; part != "" {
		readDiagram(w.pack, part, &w.writer)
	}
}

// file reads another file that stands in the text.
func (w *word) file() {
	part := w.links.byID[w.x.Link("id")]
	if part == "" || w.chunk == nil || w.inBox {
		return
	}
	data, err := w.pack.Read(part)
	if err == nil {
		w.out.End()
		err = w.chunk(data)
		w.out.End()
	}
	w.chunkErr = cmp.Or(w.chunkErr, err)
}
