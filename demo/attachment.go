package demo

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"strings"
)

// attachmentReply is the article's attachment: a Word file of a few kilobytes, the same bytes each time.
func attachmentReply(a *composition) (reply, error) {
	if a.attached == "" {
		return reply{status: http.StatusNotFound, kind: "text/plain", body: []byte("not found")}, nil
	}
	body, err := docx(strings.Split(a.attached, "\n"))
	if err != nil {
		return reply{}, fmt.Errorf("make attachment of %s: %w", a.title, err)
	}
	return reply{status: http.StatusOK, kind: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", body: body, modified: a.date}, nil
}

// docx packs paragraphs into the smallest file Word opens (ECMA-376 part 1).
func docx(paragraphs []string) ([]byte, error) {
	var text strings.Builder
	for _, p := range paragraphs {
		text.WriteString("<w:p><w:r><w:t>" + p + "</w:t></w:r></w:p>")
	}
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	parts := [][2]string{
		{"[Content_Types].xml", head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", head + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + text.String() + `</w:body></w:document>`},
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range parts {
		w, err := z.Create(part[0])
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(part[1])); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
