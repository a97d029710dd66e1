package pack

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"terrace/indexer/attach/plain"
)

// MaxDepth is how deep elements may stand in one another: a table in a cell of a table takes about ten.
const MaxDepth = 1000

// A Scanner reads XML from the front, an element at a time. Names are local names, so that a namespace and its successor read alike. Faults that
// encoding/xml can pass over are passed over, bytes that are no XML are blanks, and entities of a DTD are never expanded.
type Scanner struct {
	d     *xml.Decoder
	start xml.StartElement
	depth int
	done  bool
	err   error
}

// NewScanner reads XML in UTF-8, in UTF-16, or in the charset it declares.
func NewScanner(r io.Reader) *Scanner {
	d := xml.NewDecoder(clean(r))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // all is UTF-8 by now
	return &Scanner{d: d}
}

// Scan reads an entry as XML. Its error is the Scanner's, or that of Open.
func (p *Pack) Scan(name string, f func(*Scanner)) error {
	r, err := p.Open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	s := NewScanner(r)
	f(s)
	if s.Err() != nil {
		return fmt.Errorf("read %s: %w", name, s.Err())
	}
	return nil
}

// Each calls f at each element that stands directly in the present one: of a new Scanner, the root. Within f that element is the present one; f may
// read in it, and what it leaves is passed over.
func (s *Scanner) Each(f func(name string)) { s.Mixed(f, func(string) {}) }

// Mixed is Each that gives the text between the elements, too, in order.
func (s *Scanner) Mixed(f func(name string), text func(string)) {
	for own := s.depth; ; {
		switch t := s.next().(type) {
		case nil:
			return
		case xml.CharData:
			text(string(t))
		case xml.StartElement:
			f(t.Name.Local)
			for s.depth > own && s.next() != nil {
			}
		}
		if s.depth < own {
			return
		}
	}
}

// Text is all text in the present element, which is read to its end.
func (s *Scanner) Text() string {
	var b strings.Builder
	for own := s.depth; s.depth >= own; {
		t := s.next()
		if t == nil {
			break
		}
		if c, ok := t.(xml.CharData); ok {
			b.Write(c)
		}
	}
	return b.String()
}

// Attr is an attribute of the element that began last, empty where it has none. One without namespace wins over others of that local name.
func (s *Scanner) Attr(name string) (value string) {
	for _, a := range s.start.Attr {
		if a.Name.Local == name && (value == "" || a.Name.Space == "") {
			value = a.Value
		}
	}
	return value
}

// Link is an attribute of the element that began last in the namespace of relationships, such as r:id.
func (s *Scanner) Link(name string) string {
	for _, a := range s.start.Attr {
		if a.Name.Local == name && (a.Name.Space == "r" || strings.HasSuffix(a.Name.Space, "/relationships")) {
			return a.Value
		}
	}
	return ""
}

// Stop ends reading: there will be no further element or text.
func (s *Scanner) Stop() { s.done = true }

// Err is why reading ended before the end, wrapping an error of plain; nil after Stop.
func (s *Scanner) Err() error { return s.err }

// next is the next token, nil at the end.
func (s *Scanner) next() xml.Token {
	if s.done {
		return nil
	}
	t, err := s.d.Token()
	if err != nil {
		s.done, s.err = true, malformed(err)
		return nil
	}
	switch t := t.(type) {
	case xml.StartElement:
		s.start = t
		s.depth++
	case xml.EndElement:
		s.depth--
	}
	if s.depth > MaxDepth {
		s.done, s.err = true, fmt.Errorf("elements are more than %d deep: %w", MaxDepth, plain.ErrLimit)
		return nil
	}
	return t
}

func malformed(err error) error {
	switch {
	case err == io.EOF:
		return nil
	case errors.Is(err, plain.ErrBroken) || errors.Is(err, plain.ErrLimit): // of the reader below
		return err
	}
	return fmt.Errorf("%w: %w", err, plain.ErrBroken)
}
