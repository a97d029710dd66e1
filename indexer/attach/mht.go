package attach

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"

	"terrace/indexer/attach/plain"
	"terrace/indexer/markup"
)

// mhtStart is the front of a web page with all its parts in one file (RFC 2557), as Word and Excel write it under the name of a document.
var mhtStart = regexp.MustCompile(`(?i)^\s*(?:[a-z-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)*?(?:mime-version|content-type):`)

func isMHT(data []byte) bool {
	front := data[:min(len(data), 4096)]
	return mhtStart.Match(front) && bytes.Contains(bytes.ToLower(front), []byte("multipart/"))
}

const (
	maxParts = 1000 // of such a file, within each other too
	maxNests = 4
)

// readMHT reads the web pages in such a file, in order.
func readMHT(data []byte, out *plain.Text) error {
	m, err := mail.ReadMessage(bytes.NewReader(bytes.TrimLeft(data, " \t\r\n\ufeff")))
	if err != nil {
		return fmt.Errorf("%w: %w", plain.ErrBroken, err)
	}
	left := maxParts
	return readPart(textproto.MIMEHeader(m.Header), m.Body, out, maxNests, &left)
}

func readPart(header textproto.MIMEHeader, body io.Reader, out *plain.Text, nests int, left *int) error {
	kind, parameters, _ := mime.ParseMediaType(header.Get("Content-Type"))
	switch strings.ToLower(header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		return readParts(multipart.NewReader(body, parameters["boundary"]), out, nests-1, left)
	case kind == "text/html":
		page, err := io.ReadAll(body)
		p, parseErr := markup.Parse(&url.URL{}, page, header.Get("Content-Type"), "")
		if parseErr != nil {
			return fmt.Errorf("%w: %w", plain.ErrBroken, parseErr)
		}
		writeNode(p.Root, out)
		out.End()
		if err != nil {
			return fmt.Errorf("%w: %w", plain.ErrBroken, err)
		}
	case strings.HasPrefix(kind, "image/"):
		out.Picture()
	}
	return nil
}

func readParts(parts *multipart.Reader, out *plain.Text, nests int, left *int) (err error) {
	if nests == 0 {
		return fmt.Errorf("%w: parts within parts", plain.ErrLimit)
	}
	for {
		p, end := parts.NextRawPart()
		switch *left--; {
		case errors.Is(end, io.EOF):
			return err
		case end != nil:
			return errors.Join(err, fmt.Errorf("%w: %w", plain.ErrBroken, end))
		case *left < 0:
			return errors.Join(err, fmt.Errorf("%w: more than %d parts", plain.ErrLimit, maxParts))
		}
		err = errors.Join(err, readPart(p.Header, p, out, nests, left))
	}
}
