package pack

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"terrace/indexer/attach/attachtest"
	"terrace/indexer/attach/plain"
)

// made is a ZIP file of names and contents in turn.
func made(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: parts[i], Method: zip.Deflate, NonUTF8: true})
		attachtest.Must(t, err)
		_, err = w.Write([]byte(parts[i+1]))
		attachtest.Must(t, err)
	}
	attachtest.Must(t, z.Close())
	return b.Bytes()
}

func TestNamesAreReadAsTheyWereMeantAndMadeSafe(t *testing.T) {
	for _, c := range []struct{ raw, want string }{
		{"附件1.docx", "附件1.docx"},
		{"\xb8\xbd\xbc\xfe1.docx", "附件1.docx"},         // GBK
		{"\xb8\xbd\xbc\xfe\\\xb1\xed.xls", "附件/表.xls"}, // with a backslash
		{`word\document.xml`, "word/document.xml"},
		{"/OFD.xml", "OFD.xml"},
		{"../../etc/passwd", "etc/passwd"},
		{`C:\表.xls`, "C/表.xls"},
		{"a/./b//c.txt", "a/b/c.txt"},
		{"a\x00b\n.txt", "ab.txt"},
		{"\xff.txt", "\uFFFD.txt"},
	} {
		p, err := Open(made(t, c.raw, "text"))
		attachtest.Must(t, err)
		if got := p.Names(); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%q is called %q, want %q", c.raw, got, c.want)
		}
		if text, err := p.Read(c.want); string(text) != "text" || err != nil {
			t.Errorf("%q: %q, %v", c.want, text, err)
		}
	}
}

func TestTheUnicodeFieldNamesAnEntry(t *testing.T) {
	raw := "\xb1\xed.xls"
	field := binary.LittleEndian.AppendUint32([]byte{1}, crc32.ChecksumIEEE([]byte(raw)))
	field = append(field, "表（二）.xls"...)
	extra := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, unicodePath), uint16(len(field)))
	if got := entryName(raw, append(extra, field...)); got != "表（二）.xls" {
		t.Errorf("called %q", got)
	}
	if got := entryName("other.xls", append(extra, field...)); got != "other.xls" {
		t.Errorf("the field of another name is taken: %q", got)
	}
}

func TestEntriesAreFoundInAnyCaseAndTheFirstOfANameCounts(t *testing.T) {
	p, err := Open(made(t, "Doc_0/Document.xml", "one", "DOC_0/document.XML", "two", "folder/", ""))
	attachtest.Must(t, err)
	for _, name := range []string{"Doc_0/Document.xml", "/doc_0/DOCUMENT.xml", `doc_0\document.xml`} {
		if text, err := p.Read(name); string(text) != "one" || err != nil || !p.Has(name) {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	if len(p.Names()) != 1 {
		t.Errorf("entries are %q", p.Names())
	}
	if _, err := p.Read("other.xml"); !errors.Is(err, plain.ErrBroken) {
		t.Errorf("an entry that is not there: %v", err)
	}
}

// noise is text that packing makes no smaller.
func noise(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + r.IntN(64))
	}
	return string(b)
}

func TestACutOffFileGivesTheEntriesThatCame(t *testing.T) {
	long := noise(10_000)
	whole := made(t, "a.xml", "first", "b.xml", long, "c.xml", "third")
	for _, c := range []struct {
		what string
		data []byte
		want string // of b.xml
		has  []string
	}{
		{"without its end", whole[:len(whole)-30], long, []string{"a.xml", "b.xml", "c.xml"}},
		{"without its directory", whole[:bytes.Index(whole, []byte(centralHeader))], long, []string{"a.xml", "b.xml", "c.xml"}},
		{"in the middle", whole[:5000], "", []string{"a.xml", "b.xml"}},
		{"with a damaged directory", damaged(whole, bytes.Index(whole, []byte(centralHeader))), long, []string{"a.xml", "b.xml", "c.xml"}},
		{"behind a page of the server", append([]byte("<html>PK\x03\x04</html>"), whole[:len(whole)-30]...), long, []string{"a.xml", "b.xml", "c.xml"}},
	} {
		p, err := Open(c.data)
		attachtest.Must(t, err)
		if !slices.Equal(p.Names(), c.has) {
			t.Errorf("%s: entries %q, want %q", c.what, p.Names(), c.has)
		}
		if first, err := p.Read("a.xml"); string(first) != "first" || err != nil {
			t.Errorf("%s: first entry %q, %v", c.what, first, err)
		}
		got, err := p.Read("b.xml")
		if c.want != "" && (string(got) != c.want || err != nil) {
			t.Errorf("%s: %d bytes of the second entry, %v", c.what, len(got), err)
		}
		if c.want == "" && (!strings.HasPrefix(long, string(got)) || len(got) < 4000 || !errors.Is(err, plain.ErrBroken)) {
			t.Errorf("%s: %d bytes of the second entry, %v", c.what, len(got), err)
		}
	}
}

func TestSizesInLocalHeadersAreUsed(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"a.txt", "b.txt"} {
		text := name + " holds PK\x03\x04 and more"
		w, err := z.CreateRaw(&zip.FileHeader{Name: name, CRC32: crc32.ChecksumIEEE([]byte(text)), CompressedSize64: uint64(len(text)),
			UncompressedSize64: uint64(len(text))})
		attachtest.Must(t, err)
		_, err = w.Write([]byte(text))
		attachtest.Must(t, err)
	}
	attachtest.Must(t, z.Flush())
	p, err := Open(b.Bytes())
	attachtest.Must(t, err)
	if text, err := p.Read("b.txt"); string(text) != "b.txt holds PK\x03\x04 and more" || err != nil || len(p.Names()) != 2 {
		t.Errorf("%q, %v of %q", text, err, p.Names())
	}
}

// damaged is data with four bytes from one on made zero.
func damaged(data []byte, at int) []byte {
	data = bytes.Clone(data)
	clear(data[at : at+4])
	return data
}

func TestADamagedEntryIsBrokenAndKeepsWhatCameBefore(t *testing.T) {
	whole := made(t, "a.xml", noise(10_000))
	p, err := Open(damaged(whole, 6000))
	attachtest.Must(t, err)
	got, err := p.Read("a.xml")
	if !errors.Is(err, plain.ErrBroken) || len(got) < 4000 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestWhatIsNoZipIsBroken(t *testing.T) {
	for _, data := range []string{"", "PK", "PK\x03\x04", "<html>404</html>", "PK\x05\x06" + strings.Repeat("\x00", 18)} {
		if p, err := Open([]byte(data)); p != nil || !errors.Is(err, plain.ErrBroken) {
			t.Errorf("%q opens: %v", data, err)
		}
	}
}

func TestAPasswordAndAnUnknownPackingAreTold(t *testing.T) {
	for _, c := range []struct {
		header zip.FileHeader
		want   error
	}{
		{zip.FileHeader{Name: "a", Flags: 1}, plain.ErrEncrypted},
		{zip.FileHeader{Name: "a", Method: 97}, plain.ErrUnsupported},
	} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		_, err := z.CreateRaw(&c.header)
		attachtest.Must(t, err)
		attachtest.Must(t, z.Flush())
		salvaged := bytes.Clone(b.Bytes())
		attachtest.Must(t, z.Close())
		for _, data := range [][]byte{b.Bytes(), salvaged} {
			p, err := Open(data)
			attachtest.Must(t, err)
			if _, err := p.Read("a"); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		}
	}
}

func TestEntriesShareOneLimitWhateverTheyClaim(t *testing.T) {
	half := strings.Repeat("\x00", MaxBytes/2)
	bomb := made(t, "a", half, "b", half, "c", "c")
	for _, data := range [][]byte{bomb, bomb[:len(bomb)-22]} {
		p, err := Open(data)
		attachtest.Must(t, err)
		if a, err := p.Read("a"); len(a) != len(half) || err != nil {
			t.Fatalf("%d bytes, %v", len(a), err)
		}
		b, err := p.Read("b")
		if !errors.Is(err, plain.ErrLimit) || len(b) > len(half) {
			t.Errorf("%d bytes more, %v", len(b), err)
		}
		if _, err := p.Read("c"); !errors.Is(err, plain.ErrLimit) {
			t.Errorf("after that %v", err)
		}
	}
}

func TestEntriesCannotBeOpenedWithoutEnd(t *testing.T) {
	p, err := Open(made(t, "a", ""))
	attachtest.Must(t, err)
	for range MaxBytes/openCost + 1 {
		if _, err = p.Read("a"); err != nil {
			break
		}
	}
	if _, err := p.Open("a"); !errors.Is(err, plain.ErrLimit) {
		t.Errorf("%v", err)
	}
}

func TestEntriesBeyondTheLimitAreLeftOut(t *testing.T) {
	parts := make([]string, 0, 2*MaxEntries+2)
	for i := range MaxEntries + 1 {
		parts = append(parts, fmt.Sprint(i), "")
	}
	data := made(t, parts...)
	for _, data := range [][]byte{data, data[:len(data)-22]} {
		p, err := Open(data)
		if !errors.Is(err, plain.ErrLimit) || len(p.Names()) != MaxEntries {
			t.Errorf("%d entries, %v", len(p.Names()), err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	whole := made(f, "a.xml", "<a>text</a>", "b\\c.txt", "text", "\xb8\xbd.txt", "more")
	f.Add(whole)
	f.Add(whole[:len(whole)-30])
	f.Add(whole[:60])
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Open(data)
		if p == nil {
			if err == nil {
				t.Fatal("neither pack nor error")
			}
			return
		}
		for _, name := range p.Names() {
			if !p.Has(name) || strings.HasPrefix(name, "/") || slices.Contains(strings.Split(name, "/"), "..") {
				t.Fatalf("entry called %q", name)
			}
			if _, err := p.Read(name); err != nil && !told(err) {
				t.Fatalf("read %q: %v", name, err)
			}
		}
	})
}

// told reports an error of plain.
func told(err error) bool {
	return errors.Is(err, plain.ErrBroken) || errors.Is(err, plain.ErrEncrypted) || errors.Is(err, plain.ErrUnsupported) || errors.Is(err, plain.ErrLimit)
}
