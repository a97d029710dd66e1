package office

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"terrace/indexer/attach/plain"
)

const (
	rel    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	strict = "http://purl.oclc.org/ooxml/officeDocument/relationships"
)

// file is a ZIP file of names and contents in turn.
func file(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		must(t, err)
		_, err = w.Write([]byte(parts[i+1]))
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// relationships are ids, last words of types, and targets in turn.
func relationships(parts ...string) string {
	s := `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	for i := 0; i < len(parts); i += 3 {
		s += `<Relationship Id="` + parts[i] + `" Type="` + rel + "/" + parts[i+1] + `" Target="` + parts[i+2] + `"/>`
	}
	return s + `</Relationships>`
}

// read is the text that a reader takes of a file, and its pictures.
func read(data []byte, f func([]byte, *plain.Text) error) (string, int, error) {
	out := plain.New(2 << 20)
	err := f(data, out)
	return out.String(), out.Pictures(), err
}

// realFiles are the bytes of attachments by name; the test is skipped without them.
func realFiles(t *testing.T, pattern string) map[string][]byte {
	t.Helper()
	data := os.Getenv("TERRACE_DATA")
	if data == "" {
		data = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	names, err := filepath.Glob(filepath.Join(data, "attachments", pattern))
	must(t, err)
	if len(names) == 0 {
		t.Skipf("no attachments in %s", data)
	}
	files := map[string][]byte{}
	for _, name := range names {
		files[filepath.Base(name)], err = os.ReadFile(name)
		must(t, err)
	}
	return files
}
