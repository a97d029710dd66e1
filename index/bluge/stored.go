package bluge

import (
	"encoding/binary"
	"fmt"

	"terrace/index"
)

// storedFormat is the first byte of a stored document.
const storedFormat = 1

// appendDocument encodes a document: strings behind their length, numbers as varints. What few documents have comes last, and is left out where none of it is there.
func appendDocument(b []byte, d *index.Document) []byte {
	b = append(b, storedFormat)
	for _, s := range [...]string{d.Title, d.DocNo, d.Body, d.ID, d.Kind, d.Source} {
		b = appendString(b, s)
	}
	b = binary.AppendVarint(b, int64(d.Written))
	b = binary.AppendVarint(b, int64(d.Level))
	b = binary.AppendUvarint(b, uint64(len(d.Copies)))
	for i := range d.Copies {
		c := &d.Copies[i]
		for _, s := range [...]string{c.URL, c.Site, c.Department, c.County, c.Column} {
			b = appendString(b, s)
		}
		b = binary.AppendVarint(b, int64(c.Date))
	}
	if d.Validity == "" && len(d.Links)+len(d.Details)+len(d.Attachments) == 0 {
		return b
	}
	b = appendString(b, d.Validity)
	b = binary.AppendUvarint(b, uint64(len(d.Links)))
	for i := range d.Links {
		l := &d.Links[i]
		for _, s := range [...]string{l.Kind, l.ID, l.URL, l.Title} {
			b = appendString(b, s)
		}
	}
	if len(d.Details)+len(d.Attachments) == 0 {
		return b
	}
	b = binary.AppendUvarint(b, uint64(len(d.Details)))
	for _, x := range d.Details {
		b = appendString(appendString(b, x.Name), x.Value)
	}
	b = binary.AppendUvarint(b, uint64(len(d.Attachments)))
	for i := range d.Attachments {
		a := &d.Attachments[i]
		b = appendString(appendString(appendString(b, a.URL), a.Name), a.Text)
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// decodeDocument reads what appendDocument wrote. The document shares nothing with b.
func decodeDocument(b []byte) (d index.Document, err error) {
	r := storedReader{text: string(b)}
	if err := r.format(); err != nil {
		return d, err
	}
	for _, s := range [...]*string{&d.Title, &d.DocNo, &d.Body, &d.ID, &d.Kind, &d.Source} {
		*s = r.string()
	}
	d.Written, d.Level = index.Date(r.varint()), int(r.varint())
	if n := r.count(); n > 0 {
		d.Copies = make([]index.Copy, n)
	}
	for i := range d.Copies {
		c := &d.Copies[i]
		for _, s := range [...]*string{&c.URL, &c.Site, &c.Department, &c.County, &c.Column} {
			*s = r.string()
		}
		c.Date = index.Date(r.varint())
	}
	if r.text == "" {
		return d, r.err
	}
	d.Validity = r.string()
	if n := r.count(); n > 0 {
		d.Links = make([]index.Link, n)
	}
	for i := range d.Links {
		l := &d.Links[i]
		for _, s := range [...]*string{&l.Kind, &l.ID, &l.URL, &l.Title} {
			*s = r.string()
		}
	}
	if r.text == "" {
		return d, r.err
	}
	if n := r.count(); n > 0 {
		d.Details = make([]index.Detail, n)
	}
	for i := range d.Details {
		d.Details[i] = index.Detail{Name: r.string(), Value: r.string()}
	}
	if n := r.count(); n > 0 {
		d.Attachments = make([]index.Attachment, n)
	}
	for i := range d.Attachments {
		d.Attachments[i] = index.Attachment{URL: r.string(), Name: r.string(), Text: r.string()}
	}
	return d, r.err
}

// A storedReader takes a stored document apart; after an error everything is empty.
type storedReader struct {
	text string
	err  error
}

func (r *storedReader) format() error {
	if r.text == "" || r.text[0] != storedFormat {
		return fmt.Errorf("%w: stored document of another format", ErrDamaged)
	}
	r.text = r.text[1:]
	return nil
}

// count is how many of something follow, each of a byte at least.
func (r *storedReader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.text)) {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *storedReader) uvarint() uint64 {
	var x uint64
	for i := 0; i < len(r.text) && i < binary.MaxVarintLen64; i++ {
		c := r.text[i]
		x |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			r.text = r.text[i+1:]
			return x
		}
	}
	r.fail()
	return 0
}

func (r *storedReader) varint() int64 { return unzigzag(r.uvarint()) }

func (r *storedReader) string() string {
	n := r.uvarint()
	if n > uint64(len(r.text)) {
		r.fail()
		return ""
	}
	s := r.text[:n]
	r.text = r.text[n:]
	return s
}

func (r *storedReader) fail() {
	r.text = ""
	if r.err == nil {
		r.err = fmt.Errorf("%w: stored document cut short", ErrDamaged)
	}
}
