package indexer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"terrace/index"
	"terrace/indexer/archive"
	"terrace/indexer/attached"
	"terrace/indexer/extract"
	"terrace/indexer/markup"
)

// attachments are the files that a page offers, with what they say as far as that is known.
func (x *Indexer) attachments(ctx context.Context, p archive.Page) (out []index.Attachment, err error) {
	if x.files == nil {
		return nil, nil
	}
	files, err := x.archive.Attachments(ctx, p.ID)
	if err != nil {
		return nil, fmt.Errorf("attachments of %s: %w", p.ID, err)
	}
	for _, f := range files {
		at, err := x.end(ctx, f)
		if err != nil {
			return nil, err
		}
		if x.hidden(f.ID, f.URL) || x.hidden(at.ID, at.URL) {
			continue
		}
		text, err := x.text(ctx, at)
		if err != nil {
			return nil, err
		}
		out = append(out, index.Attachment{URL: f.URL, Name: attachmentName(f), Text: withFileName(f, text.Body)})
	}
	return out, nil
}

// maxTwins is how many copies of a page are asked for their attachments.
const maxTwins = 20

// withTwins are the attachments of a document with those that only copies of its page offer, or only theirs can be read.
func (x *Indexer) withTwins(ctx context.Context, own []index.Attachment, twins []string) ([]index.Attachment, error) {
	out := slices.Clone(own)
	for _, id := range twins[:min(len(twins), maxTwins)] {
		files, err := x.attachments(ctx, archive.Page{ID: id})
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			switch i := slices.IndexFunc(out, func(have index.Attachment) bool { return have.Name == f.Name }); {
			case i < 0:
				out = append(out, f)
			case out[i].Text == "" && f.Text != "":
				out[i] = f
			}
		}
	}
	return out, nil
}

// text is what an attached file says; nothing where it was not fetched.
func (x *Indexer) text(ctx context.Context, f archive.Page) (t attached.Text, err error) {
	if f.Content == "" {
		return t, nil
	}
	t, err = x.files.Text(ctx, f.Content, cmp.Or(f.FileName, urlName(f.URL)), nil)
	switch {
	case archive.NotKept(err): // where it has changed since, its page will be made again
		return t, nil
	case errors.Is(err, attached.ErrReader):
		x.log.Error("attached file is not read, it is found by its name alone", "url", f.URL, "error", err)
		return t, nil
	}
	return t, err
}

// want lets a recrawl of a scope fetch those files whole whose bytes were dropped and are needed.
func (x *Indexer) want(ctx context.Context, scope archive.Scope) error {
	if x.files == nil {
		return nil
	}
	_, err := x.files.Want(ctx, scope)
	return err
}

// attachmentMark is what pages write before the name of an attachment.
var attachmentMark = regexp.MustCompile(`^附件\s*[0-9０-９一二三四五六七八九十]*\s*[：:．.、—-]*\s*`)

// anyFile is what pages call a file without saying which.
var anyFile = regexp.MustCompile(`(?i)^[【\[（(]?(?:请|点击|点此|在线|立即|此处|这里|本地)*(?:下载|查看|打开|浏览|预览|附件|附表|文件|文档|原文|全文|此处|这里|download)+[】\]）)]?\s*[0-9０-９一二三四五六七八九十]*$`)

// attachmentName is what the page calls a file or, where it does not say which, what its server or its URL does.
func attachmentName(f archive.Page) string {
	name := f.Anchor[len(attachmentMark.FindString(f.Anchor)):]
	switch {
	case name != "" && "."+name == path.Ext(f.Anchor): // 附件1.doc
		name = fileName(f)
	case name == "" || anyFile.MatchString(name):
		name = cmp.Or(fileName(f), name)
	}
	return cmp.Or(name, f.Anchor, urlName(f.URL))
}

// fileName is the name of a file in Chinese, empty where it has none: others are made by machines.
func fileName(f archive.Page) string {
	for _, name := range []string{f.FileName, urlName(f.URL)} {
		if strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			return name
		}
	}
	return ""
}

// withFileName is the text of a file behind its own name, where its page calls it otherwise: it is found by both.
func withFileName(f archive.Page, text string) string {
	name := fileName(f)
	if stem := strings.TrimSuffix(name, path.Ext(name)); name == "" || strings.Contains(attachmentName(f), stem) {
		return text
	}
	return strings.TrimSuffix(name+"\n"+text, "\n")
}

func urlName(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	name, _ := markup.Decode([]byte(path.Base(u.Path)), "", "")
	return string(name)
}

// file makes a document of an attached file that no page offers.
func (x *Indexer) file(ctx context.Context, p archive.Page) (m made, err error) {
	if x.files == nil {
		return made{skip: "attachments are not read"}, nil
	}
	from, err := x.archive.Offering(ctx, p.ID)
	if err != nil {
		return m, err
	}
	for _, page := range from {
		if page.Content != "" && page.Role.Offers() {
			if p.State != archive.OK { // its name is found, what it says is not
				return made{skip: string(p.State)}, nil
			}
			return made{skip: "found with its page"}, nil
		}
	}
	if len(from) == 0 {
		return made{skip: "a file that belongs to no page"}, nil
	}
	text, err := x.text(ctx, p)
	if err != nil {
		return m, err
	}
	out := x.extractor.File(extract.Input{URL: p.URL, Site: x.registry.Site(p.Site), Anchor: p.Anchor, ListDate: p.ListDate}, text.Body)
	m.document, m.skip = out.Document, out.Skip
	return m, nil
}
