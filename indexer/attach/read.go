package attach

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode"

	"terrace/indexer/attach/compound"
	"terrace/indexer/attach/ofd"
	"terrace/indexer/attach/office"
	"terrace/indexer/attach/pack"
	"terrace/indexer/attach/pdf"
	"terrace/indexer/attach/plain"
	"terrace/indexer/attach/rtf"
)

// A Reader reads files in this process, one at a time: use it in a child process.
type Reader struct {
	cache string
	pdf   *pdf.Reader // made for the first PDF
}

// NewReader makes a Reader that finds the compiled reader of PDF in a folder, an absolute path; empty: it is compiled anew.
func NewReader(cache string) *Reader { return &Reader{cache: cache} }

// Prepare fills the folder that readers of PDF take their compiled reader from. What lies in it is executed: nobody else may write there.
func Prepare(ctx context.Context, cache string) error {
	r, err := pdf.New(ctx, cache)
	if err != nil {
		return fmt.Errorf("prepare the reader of PDF: %w", err)
	}
	r.Close()
	return nil
}

// Read gives the text of a file. With an error it gives what was read before; the errors of package plain are wrapped.
func (r *Reader) Read(ctx context.Context, f File) (Text, error) {
	x := reading{Reader: r, out: plain.New(MaxText), left: maxUnpacked}
	format, err := x.read(ctx, f, 0)
	t := Text{Format: format, Body: x.out.String(), Cut: x.out.Cut(), Unread: x.unread, Skipped: x.skipped}
	few := fewLetters
	if format == "pdf" {
		t.Scans = x.out.Pictures()
		few *= t.Scans
	}
	t.NeedsOCR = x.out.Pictures() > 0 && letters(t.Body) < few
	return t, err
}

const (
	maxDepth    = 3         // archives within each other
	maxUnpacked = 128 << 20 // bytes of all files of an archive
	fewLetters  = 10        // a page number, a stray mark, of a PDF on each page: no text
)

func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// A reading is the reading of one file and of those packed in it.
type reading struct {
	*Reader
	out     *plain.Text
	left    int // bytes that may still be unpacked
	unread  int
	skipped []string
}

func (x *reading) read(ctx context.Context, f File, depth int) (format string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	format, p := formatOf(f.Data)
	switch format {
	case "pdf":
		return format, x.readPDF(ctx, f.Data)
	case "doc", "xls", "ppt":
		return format, compound.Read(f.Data, x.out)
	case "docx":
		return format, office.ReadDocx(f.Data, x.out, func(chunk []byte) error { return x.chunk(ctx, chunk, depth) })
	case "xlsx":
		return format, office.ReadXlsx(f.Data, x.out)
	case "pptx":
		return format, office.ReadPptx(f.Data, x.out)
	case "ofd":
		return format, ofd.Read(f.Data, x.out)
	case "rtf":
		return format, rtf.Read(f.Data, x.out)
	case office.WordXML:
		return format, office.ReadWordXML(f.Data, x.out)
	case office.ExcelXML:
		return format, office.ReadExcelXML(f.Data, x.out)
	case office.UOF:
		if p == nil {
			return format, office.ReadUOF(f.Data, x.out)
		}
		return format, office.ReadOpen(f.Data, format, x.out)
	case "odt", "ods", "odp":
		return format, office.ReadOpen(f.Data, format, x.out)
	case "xml":
		return format, office.ReadXML(f.Data, x.out)
	case "mht":
		return format, readMHT(f.Data, x.out)
	case "html":
		return format, readHTML(f.Data, x.out)
	case "txt":
		return format, readText(f, x.out)
	case "zip":
		return format, x.readZip(ctx, p, depth)
	}
	if isCompound(f.Data) {
		return "", compound.Read(f.Data, x.out) // it tells why not
	}
	return "", fmt.Errorf("%w: %s", plain.ErrUnsupported, strings.ToLower(path.Ext(f.Name)))
}

func (x *reading) readPDF(ctx context.Context, data []byte) (err error) {
	if x.pdf == nil {
		if x.pdf, err = pdf.New(context.WithoutCancel(ctx), x.cache); err != nil {
			return fmt.Errorf("prepare the reader of PDF: %w", err)
		}
	}
	return x.pdf.Read(ctx, data, x.out)
}

// chunk reads a file that stands in a document.
func (x *reading) chunk(ctx context.Context, data []byte, depth int) error {
	if depth == maxDepth {
		return fmt.Errorf("%w: documents in documents, %d deep", plain.ErrLimit, maxDepth)
	}
	if x.left -= len(data); x.left < 0 {
		return fmt.Errorf("%w: more than %d bytes unpacked", plain.ErrLimit, maxUnpacked)
	}
	_, err := x.read(ctx, File{Data: data}, depth+1)
	return err
}

// readZip reads the files of an archive, each below its name. Where none of them can be read it fails as the last one does.
func (x *reading) readZip(ctx context.Context, p *pack.Pack, depth int) error {
	if p == nil {
		return plain.ErrBroken
	}
	if depth == maxDepth {
		return fmt.Errorf("%w: archives in archives, %d deep", plain.ErrLimit, maxDepth)
	}
	read := false
	var last error
	for _, name := range p.Names() {
		data, err := p.Read(name)
		if x.left -= len(data); x.left < 0 {
			return fmt.Errorf("%w: more than %d bytes unpacked", plain.ErrLimit, maxUnpacked)
		}
		if err == nil {
			x.out.Write(path.Base(name))
			x.out.End()
			_, err = x.read(ctx, File{Name: path.Base(name), Data: data}, depth+1)
			x.out.End()
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, plain.ErrLimit):
			return fmt.Errorf("%s: %w", name, err)
		case err == nil:
			read = true
			continue
		}
		if x.unread++; x.unread <= maxSkipped {
			x.skipped = append(x.skipped, name+": "+err.Error())
		}
		last = err
	}
	if !read && last != nil {
		return fmt.Errorf("no file of the archive gives text: %w", last)
	}
	return nil
}

// maxSkipped is how many files of an archive are named that gave no text.
const maxSkipped = 100

// formatOf tells what bytes are, empty where nothing here reads them, and gives the archive that was opened to see that.
func formatOf(data []byte) (format string, p *pack.Pack) {
	switch {
	case isPDF(data):
		return "pdf", nil
	case isCompound(data):
		return compound.Kind(data), nil
	case isZip(data):
		p, _ = pack.Open(data) // what can be read of a damaged one is read
		if p == nil {
			return "zip", nil
		}
		if kind := office.Kind(p); kind != "" {
			return kind, p
		}
		return "zip", p
	case rtf.Is(data):
		return "rtf", nil
	case office.FlatKind(data) != "":
		return office.FlatKind(data), nil
	case isMHT(data):
		return "mht", nil
	case isHTML(data):
		return "html", nil
	case bytes.HasPrefix(bytes.TrimLeft(data[:min(len(data), 64)], "\xef\xbb\xbf \t\r\n"), []byte("<?xml")):
		return "xml", nil
	case isText(data):
		return "txt", nil
	}
	return "", nil
}

// MayHoldPDF reports bytes for which the reader of PDF may be needed: a PDF, or what packs files, by their beginning alone.
func MayHoldPDF(data []byte) bool { return isPDF(data) || isZip(data) }

func isPDF(data []byte) bool { return bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) }

func isZip(data []byte) bool {
	return bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06"))
}

func isCompound(data []byte) bool {
	return bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
}
