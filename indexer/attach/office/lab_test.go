package office

import (
	"terrace/indexer/attach/plain"
)

const (
	rel    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	strict = "http://purl.oclc.org/ooxml/officeDocument/relationships"
)

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
