package compound

import (
	"bytes"
	"fmt"
	"strings"

	"terrace/indexer/attach/plain"
)

// Of [MS-CFB] 2.1 and 2.2.
const (
	signature  = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
	headerSize = 512
	maxSector  = 0xFFFFFFFA
	endOfChain = 0xFFFFFFFE
	miniSize   = 64
	cutoff     = 4096 // smaller streams are in the mini stream
	entrySize  = 128
)

// A container is a compound file: a file system of sectors in a file. No chain of sectors is followed further than it can go without meeting itself, so
// that each stream takes at most so many bytes as the file has.
type container struct {
	data    []byte
	size    int     // of a sector
	fat     []int   // the next sector of each
	minis   []int   // the next mini sector of each
	mini    []byte  // the mini stream
	streams []entry // at the root
}

type entry struct {
	name        string // in upper case
	kind        int    // 1 storage, 2 stream, 5 root
	left, right int
	child       int
	start, size int
}

// open reads the tables and the directory. What is damaged is as if it were not there; without a directory there is no container.
func open(data []byte) (*container, error) {
	if !bytes.HasPrefix(data, []byte(signature)) || len(data) < headerSize {
		return nil, fmt.Errorf("open compound file: no header: %w", plain.ErrBroken)
	}
	c := &container{data: data, size: 512}
	if u16(data, 30) == 12 {
		c.size = 4096
	}
	c.readFAT()
	raw, err := c.chain(u32(data, 48), len(data))
	if err == nil && len(raw)%c.size != 0 {
		err = fmt.Errorf("open compound file: directory is cut: %w", plain.ErrBroken)
	}
	entries := readEntries(raw)
	if len(entries) == 0 {
		return nil, fmt.Errorf("open compound file: no directory: %w", plain.ErrBroken)
	}
	c.streams = atRoot(entries)
	minis, _ := c.chain(u32(data, 60), len(data))
	c.minis = numbers(nil, minis)
	c.mini, _ = c.chain(entries[0].start, len(data))
	return c, err
}

// sector is a sector; the last of a file may be short.
func (c *container) sector(n int) []byte {
	if n < 0 || n >= maxSector {
		return nil
	}
	return part(c.data, (n+1)*c.size, c.size)
}

// readFAT puts the table of chains together from its sectors, which are listed in the header and in a chain of sectors of their own.
func (c *container) readFAT() {
	most := len(c.data) / c.size // sectors that have bytes
	list := c.data[76:headerSize]
	next := u32(c.data, 68)
	for range most + 1 {
		for _, n := range numbers(nil, list) {
			if len(c.fat) > most {
				return
			}
			if n < maxSector {
				c.addFAT(c.sector(n))
			}
		}
		s := c.sector(next)
		if len(s) < c.size {
			return
		}
		list, next = s[:c.size-4], u32(s, c.size-4)
	}
}

// addFAT adds a sector of the table. Of what lies beyond the end of the file no chain goes on.
func (c *container) addFAT(s []byte) {
	full := len(c.fat) + c.size/4
	c.fat = numbers(c.fat, s)
	for len(c.fat) < full {
		c.fat = append(c.fat, endOfChain)
	}
}

// numbers adds the numbers of four bytes in b to a list.
func numbers(list []int, b []byte) []int {
	for i := 0; i+4 <= len(b); i += 4 {
		list = append(list, u32(b, i))
	}
	return list
}

// chain is the bytes, at most so many, of the sectors that begin with start. It is an error when a chain leads out of the file or into itself.
func (c *container) chain(start, most int) (b []byte, err error) {
	n := start
	for ; n != endOfChain && len(b) < most; n = c.fat[n] {
		s := c.sector(n)
		if len(s) == 0 || len(b) > len(c.data) {
			return b, fmt.Errorf("sectors from %d: chain is cut: %w", start, plain.ErrBroken)
		}
		b = append(b, s[:min(len(s), most-len(b))]...)
		if n >= len(c.fat) {
			break
		}
	}
	return b, nil
}

// miniChain is chain in the mini stream.
func (c *container) miniChain(start, most int) (b []byte, err error) {
	for n := start; n != endOfChain && len(b) < most; n = c.minis[n] {
		s := part(c.mini, n*miniSize, miniSize)
		if len(s) == 0 || len(b) > len(c.mini) || n >= len(c.minis) {
			return b, fmt.Errorf("small sectors from %d: chain is cut: %w", start, plain.ErrBroken)
		}
		b = append(b, s[:min(len(s), most-len(b))]...)
	}
	return b, nil
}

func readEntries(b []byte) (entries []entry) {
	for i := 0; i+entrySize <= len(b); i += entrySize {
		e := b[i : i+entrySize]
		name := wide(part(e, 0, min(max(u16(e, 64)-2, 0), 64)))
		entries = append(entries, entry{
			name: strings.ToUpper(name), kind: u8(e, 66), left: u32(e, 68), right: u32(e, 72), child: u32(e, 76), start: u32(e, 116), size: u32(e, 120),
		})
	}
	return entries
}

// atRoot are the streams that stand in no storage. They are a tree below the child of the first entry; where that tree is lost, all streams are taken.
func atRoot(entries []entry) (streams []entry) {
	seen := make([]bool, len(entries))
	for next := []int{entries[0].child}; len(next) > 0; {
		n := next[len(next)-1]
		next = next[:len(next)-1]
		if n >= len(entries) || seen[n] {
			continue
		}
		seen[n] = true
		e := entries[n]
		if e.kind == 2 {
			streams = append(streams, e)
		}
		next = append(next, e.right, e.left)
	}
	if len(streams) > 0 {
		return streams
	}
	for _, e := range entries {
		if e.kind == 2 {
			streams = append(streams, e)
		}
	}
	return streams
}

func (c *container) find(name string) *entry {
	for i := range c.streams {
		if c.streams[i].name == strings.ToUpper(name) {
			return &c.streams[i]
		}
	}
	return nil
}

// has reports whether there is a stream of a name at the root. Case does not matter.
func (c *container) has(name string) bool { return c.find(name) != nil }

// stream is the bytes of a stream at the root: with an error, those before the damage.
func (c *container) stream(name string) (b []byte, err error) {
	e := c.find(name)
	if e == nil {
		return nil, fmt.Errorf("stream %s is not there: %w", name, plain.ErrBroken)
	}
	if e.size < cutoff {
		b, err = c.miniChain(e.start, e.size)
	} else {
		b, err = c.chain(e.start, e.size)
	}
	if err == nil && len(b) < e.size {
		err = plain.ErrBroken
	}
	if err != nil {
		return b, fmt.Errorf("stream %s has %d bytes of %d: %w", name, len(b), e.size, err)
	}
	return b, nil
}
