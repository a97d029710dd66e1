package compound

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"terrace/indexer/attach/plain"
)

// streams are the streams of a compound file, by name.
type streams map[string][]byte

// file lays streams out in sectors of 512 bytes, as [MS-CFB] has it: the table of chains, the directory, the small streams, the others.
func (s streams) file() []byte {
	l := &layout{}
	entries := []dirEntry{{name: "Root Entry", kind: 5, left: none, right: none, child: 1, start: endOfChain}}
	for name, b := range s {
		e := dirEntry{name: name, kind: 2, left: none, right: none, child: none, size: len(b)}
		if len(b) < cutoff {
			e.start = len(l.mini) / miniSize
			l.mini = append(l.mini, padded(b, miniSize)...)
			l.minis = chained(l.minis, (len(b)+miniSize-1)/miniSize)
		} else {
			e.start = l.add(b)
		}
		entries = append(entries, e)
	}
	for i := 1; i+1 < len(entries); i++ {
		entries[i].right = i + 1
	}
	miniTable := l.add(words(l.minis))
	entries[0].start, entries[0].size = l.add(l.mini), len(l.mini)
	var dir []byte
	for _, e := range entries {
		dir = append(dir, e.bytes()...)
	}
	return l.file(l.add(dir), miniTable)
}

const none = 0xFFFFFFFF

type layout struct {
	sectors []byte
	fat     []int
	mini    []byte
	minis   []int
}

// add puts bytes into sectors of their own and tells the first.
func (l *layout) add(b []byte) int {
	start := len(l.sectors) / 512
	l.sectors = append(l.sectors, padded(b, 512)...)
	l.fat = chained(l.fat, len(padded(b, 512))/512)
	return start
}

// file puts the header in front, and the table of chains behind.
func (l *layout) file(dir, miniTable int) []byte {
	first, n := len(l.fat), (len(l.fat)+127)/128+len(l.fat)/10000+1
	for range n {
		l.fat = append(l.fat, 0xFFFFFFFD)
	}
	h := make([]byte, headerSize)
	copy(h, signature)
	put16(h, 26, 3)
	put16(h, 28, 0xFFFE)
	put16(h, 30, 9)
	put16(h, 32, 6)
	put32(h, 44, n)
	put32(h, 48, dir)
	put32(h, 56, cutoff)
	put32(h, 60, miniTable)
	put32(h, 64, (len(l.minis)+127)/128)
	put32(h, 68, endOfChain)
	for i := range 109 {
		put32(h, 76+4*i, none)
		if i < n {
			put32(h, 76+4*i, first+i)
		}
	}
	table := bytes.Repeat([]byte{0xFF}, 512*n)
	copy(table, words(l.fat))
	return slices.Concat(h, l.sectors, table, listed(h, first, n))
}

// listed lists the sectors of the table of chains that have no place in the header, in sectors of their own behind it.
func listed(h []byte, first, n int) (b []byte) {
	next := first + n
	for at := 109; at < n; at += 127 {
		if at == 109 {
			put32(h, 68, next)
		}
		var list []int
		for i := range 127 {
			list = append(list, first+at+i)
			if at+i >= n {
				list[i] = none
			}
		}
		next++
		if at+127 >= n {
			next = endOfChain
		}
		b = append(b, words(append(list, next))...)
	}
	return b
}

type dirEntry struct {
	name                           string
	kind, left, right, child, size int
	start                          int
}

func (e dirEntry) bytes() []byte {
	b := make([]byte, entrySize)
	copy(b, utf16le(e.name))
	put16(b, 64, 2*len(e.name)+2)
	b[66] = byte(e.kind)
	put32(b, 68, e.left)
	put32(b, 72, e.right)
	put32(b, 76, e.child)
	put32(b, 116, e.start)
	put32(b, 120, e.size)
	return b
}

func chained(table []int, n int) []int {
	for i := range n {
		next := len(table) + 1
		if i == n-1 {
			next = endOfChain
		}
		table = append(table, next)
	}
	return table
}

func padded(b []byte, to int) []byte {
	return append(bytes.Clone(b), make([]byte, (to-len(b)%to)%to)...)
}

func words(list []int) (b []byte) {
	for _, n := range list {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return b
}

func put16(b []byte, at, n int) { binary.LittleEndian.PutUint16(b[at:], uint16(n)) }
func put32(b []byte, at, n int) { binary.LittleEndian.PutUint32(b[at:], uint32(n)) }

func utf16le(s string) (b []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// read is the text of a file and what was wrong with it.
func read(t *testing.T, data []byte) (string, error) {
	t.Helper()
	out := plain.New(1 << 20)
	err := Read(data, out)
	return out.String(), err
}

func want(t *testing.T, data []byte, text string) {
	t.Helper()
	got, err := read(t, data)
	if err != nil || got != text {
		t.Errorf("got %q, %v; want %q", got, err, text)
	}
}

func TestKindIsToldByTheStreams(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		kind string
	}{
		{"Word", streams{"WordDocument": nil, "1Table": nil}.file(), "doc"},
		{"Excel", streams{"Workbook": nil}.file(), "xls"},
		{"Excel 95", streams{"BOOK": nil}.file(), "xls"},
		{"PowerPoint", streams{"PowerPoint Document": nil, "Current User": nil}.file(), "ppt"},
		{"a message", streams{"__properties_version1.0": nil}.file(), ""},
		{"a web page", []byte("<html>" + strings.Repeat(" ", 1000)), ""},
		{"rich text", []byte(`{\rtf1` + strings.Repeat(" ", 1000)), ""},
		{"a head alone", []byte(signature), ""},
		{"nothing", nil, ""},
	} {
		if got := Kind(c.data); got != c.kind {
			t.Errorf("%s: got %q, want %q", c.name, got, c.kind)
		}
	}
}

func TestFilesThatAreNotRead(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		err  error
	}{
		{"a new file with a password", streams{"EncryptedPackage": nil, "EncryptionInfo": nil}.file(), plain.ErrEncrypted},
		{"another compound file", streams{"Contents": nil}.file(), plain.ErrUnsupported},
		{"a web page", []byte("<html></html>"), plain.ErrBroken},
	} {
		if _, err := read(t, c.data); !errors.Is(err, c.err) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.err)
		}
	}
}

// TestStreamsOfEverySize reads back what was laid out: small ones, those of whole sectors, and one whose table of chains does not find
// its place in the header.
func TestStreamsOfEverySize(t *testing.T) {
	s := streams{}
	for i, n := range []int{1, 64, 65, 4095, 4096, 4097, 100_000, 17_000_000} {
		b := make([]byte, n)
		for at := range b {
			b[at] = byte(at * n / 7)
		}
		s[strings.Repeat("x", i+1)] = b
	}
	c, err := open(s.file())
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range s {
		if got, err := c.stream(name); err != nil || !bytes.Equal(got, b) {
			t.Errorf("%s: got %d bytes, %v; want %d", name, len(got), err, len(b))
		}
	}
}

// TestChainsThatMeetThemselves is a stream that claims to be large and leads back to its beginning.
func TestChainsThatMeetThemselves(t *testing.T) {
	data := streams{"WordDocument": make([]byte, 5000)}.file()
	put32(data, bytes.Index(data, utf16le("WordDocument"))+120, 1<<30)
	table := data[len(data)-1024:]
	put32(table, 4*(bytes.Index(table, words([]int{endOfChain}))/4), 0)
	c, err := open(data)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := c.stream("WordDocument"); !errors.Is(err, plain.ErrBroken) || len(b) > len(data)+512 {
		t.Errorf("got %d bytes of a file of %d, %v", len(b), len(data), err)
	}
}
