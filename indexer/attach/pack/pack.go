// Package pack reads ZIP files as they come from the web: names in GBK, backslashes, wrong case, cut off downloads, bombs.
//
// A Pack gives its entries under limits they share. What an entry claims about its size is never believed.
package pack

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"terrace/indexer/attach/plain"
)

// What all entries of a file may come to.
const (
	MaxBytes   = 64 << 20 // unpacked, counted again when an entry is read again
	MaxEntries = 10_000
	openCost   = 2 << 10 // bytes that opening an entry counts as, so that empty ones cannot be opened without end
)

// A Pack is a ZIP file. It is for one goroutine.
type Pack struct {
	entries []entry
	byName  map[string]int // by name in lower case
	left    int64          // bytes that may still be unpacked
}

type entry struct {
	name      string
	encrypted bool
	open      func() (io.ReadCloser, error)
}

// Open reads the directory of a ZIP file; where it is damaged or cut off, the headers in front of the entries. Folders are left out, and of
// entries of one name all but the first.
//
// Beyond MaxEntries the Pack holds the first ones, and comes with plain.ErrLimit. Bytes in which no entry is found give no Pack and plain.ErrBroken.
func Open(data []byte) (*Pack, error) {
	p := &Pack{byName: map[string]int{}, left: MaxBytes}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) || len(z.File) == 0 {
		return p.salvage(data)
	}
	for _, f := range z.File {
		if len(p.entries) == MaxEntries {
			return p, fmt.Errorf("read zip of %d entries: %w", len(z.File), plain.ErrLimit)
		}
		p.add(entryName(f.Name, f.Extra), f.Flags&1 != 0, f.Open)
	}
	return p, nil
}

func (p *Pack) add(name string, encrypted bool, open func() (io.ReadCloser, error)) {
	key := strings.ToLower(safe(name))
	if _, known := p.byName[key]; known || key == "" || strings.HasSuffix(name, "/") || strings.HasSuffix(name, `\`) {
		return
	}
	p.byName[key] = len(p.entries)
	p.entries = append(p.entries, entry{name: safe(name), encrypted: encrypted, open: open})
}

// Names lists the entries in the order of the file: relative, with slashes, without "..", in UTF-8.
func (p *Pack) Names() []string {
	names := make([]string, len(p.entries))
	for i, e := range p.entries {
		names[i] = e.name
	}
	return names
}

// Has reports whether there is an entry of a name. Case and leading slashes do not matter, here and wherever an entry is named.
func (p *Pack) Has(name string) bool {
	_, ok := p.byName[strings.ToLower(safe(name))]
	return ok
}

// Open gives the unpacked bytes of an entry as they are read. Its errors, and those of reading, wrap plain.ErrBroken (damaged, cut off, or not
// there), plain.ErrEncrypted, plain.ErrUnsupported (a packing method nobody uses) or plain.ErrLimit.
func (p *Pack) Open(name string) (io.ReadCloser, error) {
	i, ok := p.byName[strings.ToLower(safe(name))]
	if !ok {
		return nil, fmt.Errorf("read %s: no such entry: %w", name, plain.ErrBroken)
	}
	e := &p.entries[i]
	switch {
	case e.encrypted:
		return nil, fmt.Errorf("read %s: %w", name, plain.ErrEncrypted)
	case p.left < 0:
		return nil, fmt.Errorf("read %s: %w", name, errSpent)
	}
	r, err := e.open()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, fault(err))
	}
	p.left -= openCost
	return &stream{r, p}, nil
}

// Read gives the unpacked bytes of an entry: with an error, those before the damage. The errors are those of Open.
func (p *Pack) Read(name string) ([]byte, error) {
	r, err := p.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return data, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}

var errSpent = fmt.Errorf("more than %d bytes unpacked: %w", MaxBytes, plain.ErrLimit)

// A stream takes from the bytes its Pack may still unpack.
type stream struct {
	io.ReadCloser
	pack *Pack
}

func (s *stream) Read(b []byte) (int, error) {
	if s.pack.left < 0 {
		return 0, errSpent
	}
	n, err := s.ReadCloser.Read(b)
	s.pack.left -= int64(n)
	return n, fault(err)
}

// fault says in the words of plain what was wrong with an entry.
func fault(err error) error {
	switch {
	case err == nil || err == io.EOF:
		return err
	case errors.Is(err, zip.ErrAlgorithm):
		return fmt.Errorf("%w: %w", err, plain.ErrUnsupported)
	}
	return fmt.Errorf("%w: %w", err, plain.ErrBroken)
}
