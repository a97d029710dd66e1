package warc

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nlnwa/gowarc/v3"

	"terrace/indexer/archive"
)

// A record is being put together.
type record struct {
	gowarc.WarcRecordBuilder
	id string
}

// begin begins a record. Everything that is wrong with it fails its Build.
func begin(kind gowarc.RecordType, at time.Time, contentType string) *record {
	r := &record{WarcRecordBuilder: gowarc.NewRecordBuilder(kind, gowarc.WithSpecViolationPolicy(gowarc.ErrFail), gowarc.WithSyntaxErrorPolicy(gowarc.ErrFail),
		gowarc.WithAddMissingRecordId(true), gowarc.WithAddMissingContentLength(true), gowarc.WithAddMissingDigest(true), gowarc.WithSkipParseBlock())}
	r.AddWarcHeaderTime(gowarc.WarcDate, at.UTC())
	r.AddWarcHeader(gowarc.ContentType, strings.Join(strings.Fields(contentType), " "))
	return r
}

// build ends the record with a block.
func (r *record) build(block []byte) (gowarc.WarcRecord, error) {
	if _, err := r.Write(block); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	built, _, err := r.Build()
	return built, err
}

// fields are lines of a block of the type application/warc-fields; those without a value are left out.
type fields strings.Builder

func (f *fields) add(name, value string) {
	if value = strings.Join(strings.Fields(value), " "); value != "" {
		fmt.Fprintf((*strings.Builder)(f), "%s: %s\r\n", name, value)
	}
}

func (f *fields) time(name string, t time.Time) {
	if !t.IsZero() {
		f.add(name, t.UTC().Format(time.RFC3339))
	}
}

func (f *fields) bytes() []byte { return []byte((*strings.Builder)(f).String()) }

const warcFields = "application/warc-fields"

// introduce writes what a file begins with.
func (w *writer) introduce() error {
	var f fields
	f.add("software", w.software)
	f.add("format", "WARC File Format 1.1")
	f.add("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/")
	f.add("operator", w.operator)
	f.add("description", "Pages as last fetched. Header lines of HTTP answers were not kept: content type, status and validators are in metadata records. WARC-Date is when the bytes were first seen. "+
		"Of files whose bytes are kept no longer there is the text, as a conversion.")
	r := begin(gowarc.Warcinfo, w.begun, warcFields)
	r.AddWarcHeader(gowarc.WarcFilename, w.name)
	built, err := r.build(f.bytes())
	if err != nil {
		return err
	}
	w.info = built.WarcHeader().GetId(gowarc.WarcRecordID)
	return w.put(built)
}

// page writes a page with its bytes.
func (w *writer) page(p archive.Page, via string, body []byte) error {
	if err := w.ready(); err != nil {
		return err
	}
	r := begin(gowarc.Resource, fetched(p), cmp.Or(p.ContentType, "application/octet-stream"))
	r.AddWarcHeader(gowarc.WarcPayloadDigest, "sha256:"+p.Content)
	return w.described(r, p, via, body)
}

// text writes a file by its text.
func (w *writer) text(p archive.Page, via, text string) error {
	if err := w.ready(); err != nil {
		return err
	}
	return w.described(begin(gowarc.Conversion, fetched(p), "text/plain; charset=utf-8"), p, via, []byte(text))
}

// described writes a record about a page, and another with what is known of the page.
func (w *writer) described(r *record, p archive.Page, via string, block []byte) error {
	w.place(r, p)
	first, err := r.build(block)
	if err != nil {
		return err
	}
	m := begin(gowarc.Metadata, fetched(p), warcFields)
	w.place(m, p)
	m.AddWarcHeader(gowarc.WarcRefersTo, "<"+first.WarcHeader().GetId(gowarc.WarcRecordID)+">")
	second, err := m.build(known(p, via))
	if err != nil {
		return errors.Join(err, first.Close())
	}
	return w.put(first, second)
}

func (w *writer) place(r *record, p archive.Page) {
	r.AddWarcHeader(gowarc.WarcTargetURI, p.URL)
	r.AddWarcHeader(gowarc.WarcWarcinfoID, "<"+w.info+">")
}

// fetched is when a page's bytes were first seen.
func fetched(p archive.Page) time.Time {
	if p.LastChanged.IsZero() {
		return p.FirstSeen
	}
	return p.LastChanged
}

// known is what the archive knows of a page beside its bytes.
func known(p archive.Page, via string) []byte {
	var f fields
	f.add("via", via)
	f.add("title", p.Anchor) // as the link to it says
	f.add("site", p.Site)
	f.add("role", string(p.Role))
	f.add("state", string(p.State))
	f.add("reason", p.Reason)
	if p.Status != 0 {
		f.add("status", strconv.Itoa(p.Status)) // of the last visit
	}
	f.add("contentType", p.ContentType)
	f.add("etag", p.ETag)
	f.add("lastModified", p.LastModified)
	f.add("sha256", p.Content)
	f.add("size", strconv.FormatInt(p.Size, 10))
	f.time("firstSeen", p.FirstSeen)
	f.time("lastVerified", p.LastVerified)
	return f.bytes()
}
