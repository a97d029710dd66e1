package crawl

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"

	"terrace/indexer/archive"
	"terrace/indexer/attached"
)

// fileMarks are how the bytes of files begin that people attach: PDF, old and new Office, OFD and ZIP, RTF.
var fileMarks = [][]byte{[]byte("%PDF-"), []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), []byte("PK\x03\x04"), []byte(`{\rtf`)}

// isFile reports an attached file by its bytes, whatever its URL and headers say.
func isFile(body []byte) bool {
	for _, mark := range fileMarks {
		if bytes.HasPrefix(body, mark) {
			return true
		}
	}
	return false
}

// neverPages are the formats that no system writes as a web page: one that comes in their place is an error page.
var neverPages = map[string]bool{".pdf": true, ".docx": true, ".xlsx": true, ".pptx": true, ".ofd": true, ".zip": true, ".rar": true, ".7z": true, ".ceb": true}

// file is for attached files that came with status 200. The error is the context's or the archive's.
func (a *actor) file(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL, res *response) error {
	v.Role = archive.Attachment
	refuse := func(s archive.State, reason string) error {
		v.State, v.Reason, v.Body = s, reason, nil
		v.NextAt = v.At.Add(refusedInterval)
		return nil
	}
	if a.crawler.Files == nil {
		return refuse(archive.Unsupported, "attachments are not read")
	}
	if !isFile(res.body) && isPage(res.body) {
		page, err := a.crawler.parse(u, res.body, v.ContentType, a.site.Charset)
		switch {
		case err != nil:
		case page.Challenge:
			return refuse(archive.WAF, "a firewall's challenge")
		case neverPages[extension(u)]:
			a.retry(v, p, "a web page came in place of the file")
			v.Body = nil
			return nil
		}
	}
	text, err := a.crawler.Files.Text(ctx, archive.HashOf(res.body), fileName(u, res.header), res.body)
	if errors.Is(err, attached.ErrReader) {
		a.crawler.Log.Error("attached file is not read", "url", p.URL, "error", err)
		a.retry(v, p, err.Error())
		v.Body = nil
		return nil
	}
	if err != nil {
		return err
	}
	if text.Alien {
		return refuse(text.State, text.Reason)
	}
	if unindexed, _ := robotsTag(res.header); unindexed {
		return refuse(archive.Robots, "X-Robots-Tag asks not to index it")
	}
	v.State, v.Reason = text.State, text.Reason
	a.plan(v, p, archive.HashOf(res.body) != p.Content)
	return nil
}

// unchangedFile makes of a file that its server has not sent again what is known of it, whatever the visits between came to.
func (a *actor) unchangedFile(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL) error {
	text, err := a.crawler.Files.Text(ctx, p.Content, path.Base(u.Path), nil)
	switch {
	case errors.Is(err, attached.ErrReader), archive.NotKept(err):
		return nil
	case err != nil:
		return err
	case text.State != archive.OK:
		v.State, v.Reason = text.State, text.Reason
	}
	return nil
}

// isPage reports bytes that begin as a web page does.
func isPage(body []byte) bool {
	start := bytes.ToLower(bytes.TrimLeft(body[:min(len(body), 512)], "\xef\xbb\xbf \t\r\n"))
	for _, mark := range []string{"<!doctype html", "<html", "<head", "<title", "<meta", "<script"} {
		if bytes.HasPrefix(start, []byte(mark)) {
			return true
		}
	}
	return false
}

// fileName is what a file is called, for where its bytes do not tell what it is.
func fileName(u *url.URL, h http.Header) string {
	_, disposition, _ := strings.Cut(h.Get("Content-Disposition"), "filename=")
	name, _, _ := strings.Cut(disposition, ";")
	if name = strings.Trim(name, `" `); path.Ext(name) != "" {
		return name
	}
	return path.Base(u.Path)
}
