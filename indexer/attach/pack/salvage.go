package pack

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"terrace/indexer/attach/plain"
)

// Signatures and sizes of APPNOTE 4.3.
const (
	localHeader   = "PK\x03\x04"
	centralHeader = "PK\x01\x02"
	descriptor    = "PK\x07\x08"
	localSize     = 30
)

// salvage finds entries by the headers in front of them. It goes through the bytes once and unpacks nothing.
func (p *Pack) salvage(data []byte) (*Pack, error) {
	for at := 0; ; {
		next := bytes.Index(data[at:], []byte(localHeader))
		if next < 0 {
			break
		}
		at += next
		l, ok := readLocal(data[at:])
		if !ok {
			at += len(localHeader)
			continue
		}
		if len(p.entries) == MaxEntries {
			return p, fmt.Errorf("salvage zip: %w", plain.ErrLimit)
		}
		p.add(entryName(l.name, l.extra), l.flags&1 != 0, l.open)
		at += l.size + len(l.packed)
	}
	if len(p.entries) == 0 {
		return nil, fmt.Errorf("open zip: no entries: %w", plain.ErrBroken)
	}
	return p, nil
}

// A local is the header in front of an entry and the packed bytes behind it.
type local struct {
	flags, method uint16
	name          string
	extra, packed []byte
	size          int // of the header
}

// readLocal reads the header that data begins with.
func readLocal(data []byte) (l local, ok bool) {
	if len(data) < localSize {
		return l, false
	}
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(data[at:])) }
	name, extra := u16(26), u16(28)
	l = local{flags: uint16(u16(6)), method: uint16(u16(8)), size: localSize + name + extra}
	if name == 0 || l.size > len(data) {
		return l, false
	}
	l.name, l.extra = string(data[localSize:localSize+name]), data[localSize+name:l.size]
	l.packed = packed(data[l.size:], binary.LittleEndian.Uint32(data[18:]), l.flags&8 != 0)
	return l, true
}

// packed is the part of data that belongs to an entry: so many bytes, or where the header does not know, those before the next signature.
func packed(data []byte, size uint32, unknown bool) []byte {
	if !unknown && size != math.MaxUint32 {
		return data[:min(int64(size), int64(len(data)))]
	}
	for at := 0; ; at += len("PK") {
		next := bytes.Index(data[at:], []byte("PK"))
		if next < 0 {
			return data
		}
		at += next
		for _, signature := range []string{descriptor, localHeader, centralHeader} {
			if bytes.HasPrefix(data[at:], []byte(signature)) {
				return data[:at]
			}
		}
	}
}

func (l local) open() (io.ReadCloser, error) {
	switch l.method {
	case zip.Store:
		return io.NopCloser(bytes.NewReader(l.packed)), nil
	case zip.Deflate:
		return flate.NewReader(bytes.NewReader(l.packed)), nil
	}
	return nil, zip.ErrAlgorithm
}
