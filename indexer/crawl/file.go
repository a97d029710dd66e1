package crawl

import (
	"bytes"
	"context"
	"errors"
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
	start := beginning(body)
	for _, mark := range fileMarks {
		if bytes.HasPrefix(start, mark) {
			return true
		}
	}
	return false
}

// beginning is how bytes begin, without the mark and the blank lines that scripts write before what they send.
func beginning(body []byte) []byte {
	return bytes.TrimLeft(body[:min(len(body), 512)], "\xef\xbb\xbf \t\r\n")
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
	sent := sentName(res.header)
	name := fileName(u, sent)
	if !isFile(res.body) && isPage(res.body) {
		page, err := a.crawler.parse(u, res.body, v.ContentType, a.site.Charset)
		switch {
		case err != nil:
		case page.Challenge:
			return refuse(archive.WAF, "a firewall's challenge")
		case neverPages[strings.ToLower(path.Ext(name))]:
			a.retry(v, p, archive.PageForFile)
			v.Body = nil
			return nil
		}
	}
	if a.crawler.archive.Withholds(p) { // nor is its text
		a.plan(v, p, false)
		return nil
	}
	v.FileName = sent
	text, err := a.crawler.Files.Text(ctx, archive.HashOf(res.body), name, res.body)
	if errors.Is(err, attached.ErrReader) {
		a.crawler.Log.Error("attached file is not read", "url", p.URL, "error", err)
		a.retry(v, p, err.Error())
		v.Body = nil
		return nil
	}
	if err != nil {
		return err
	}
	if text.State == archive.Unsupported && text.Body == "" {
		if lost, err := a.fileLost(ctx, v, p, archive.BrokenFile); lost || err != nil {
			return err
		}
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

// pageForFile makes a visit Suspect where a web page, a login form say, came in place of a file whose text is known. A firewall's challenge is told apart later.
func (a *actor) pageForFile(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL, body []byte) (bool, error) {
	if p.Role != archive.Attachment || p.Content == "" || isFile(body) || !isPage(body) {
		return false, nil
	}
	if before, err := a.crawler.archive.Content(ctx, p.Content); err == nil && isPage(before) { // HTML that is called .doc
		return false, nil
	}
	if page, err := a.crawler.parse(u, body, v.ContentType, a.site.Charset); err == nil && page.Challenge {
		return false, nil
	}
	return a.fileLost(ctx, v, p, archive.PageForFile)
}

// fileLost makes a visit Suspect that would take the text of a file away, unless what came has stood there for long and in place of no other file. The error
// is the context's or the archive's.
func (a *actor) fileLost(ctx context.Context, v *archive.Visit, p archive.Page, reason string) (bool, error) {
	shown := archive.HashOf(v.Body)
	if p.Content == "" || shown == p.Content {
		return false, nil
	}
	kept, _, err := attached.Kept(ctx, a.crawler.archive, p.Content)
	if archive.NotKept(err) || err == nil && kept.Body == "" {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	t, _, err := a.crawler.archive.Trouble(ctx, p.ID)
	if err != nil || stays(t, shown, v.At) && t.Others == 0 {
		return false, err
	}
	suspect(v, p, reason, shown)
	return true, nil
}

// unchangedFile makes of a file that its server has not sent again what is known of it, whatever the visits between came to.
func (a *actor) unchangedFile(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL) error {
	text, err := a.crawler.Files.Text(ctx, p.Content, path.Base(u.Path), nil)
	switch {
	case errors.Is(err, attached.ErrReader), archive.NotKept(err):
		return nil
	case err != nil:
		return err
	case text.Reason != "":
		v.State, v.Reason = text.State, text.Reason
	}
	return nil
}

// isPage reports bytes that begin as a web page does.
func isPage(body []byte) bool {
	start := bytes.ToLower(beginning(body))
	for _, mark := range []string{"<!doctype html", "<html", "<head", "<title", "<meta", "<script"} {
		if bytes.HasPrefix(start, []byte(mark)) {
			return true
		}
	}
	return false
}
