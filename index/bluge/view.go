package bluge

import (
	"fmt"
	"sort"

	blugeindex "github.com/blugelabs/bluge/index"

	"terrace/index"
)

// A view is one state of a generation: its segments, what is deleted of each, and the statistics of what is left. It never changes.
// Documents are numbered through all segments.
type view struct {
	snapshot   *blugeindex.Snapshot
	lists      *cache
	parts      []part
	size       int // documents, deleted ones included
	docs       int
	average    map[index.Field]float64 // length of Body and Title in tokens
	saturation map[index.Field]index.Saturation
}

// A part is a segment in a view.
type part struct {
	*segment
	*liveSet
	id    uint64
	place int    // in the view
	first uint32 // number of its first document
}

// newView takes over the snapshot: close the view and not the snapshot.
func newView(snapshot *blugeindex.Snapshot, lists *cache) (*view, error) {
	v := &view{snapshot: snapshot, lists: lists}
	var body, title, attached int64
	attachedDocs := 0
	for _, s := range snapshot.Segments() {
		seg, err := segmentOf(s)
		if err != nil {
			v.close()
			return nil, err
		}
		p := part{segment: seg, liveSet: seg.liveWithout(s.Deleted()), id: s.ID(), place: len(v.parts), first: uint32(v.size)}
		v.parts = append(v.parts, p)
		v.size += seg.size
		v.docs += p.liveDocs
		body += p.body
		title += p.title
		attached += p.attached
		attachedDocs += p.attachedDocs
	}
	n := float64(max(v.docs, 1))
	v.average = map[index.Field]float64{index.Body: float64(body) / n, index.Title: float64(title) / n}
	v.saturation = map[index.Field]index.Saturation{}
	for f, average := range v.average {
		v.saturation[f] = index.NewSaturation(f, average)
	}
	v.saturation[index.Attached] = index.NewSaturation(index.Attached, float64(attached)/float64(max(attachedDocs, 1)))
	return v, nil
}

func (v *view) close() {
	_ = v.snapshot.Close() // releases memory maps; there is nothing to be done about one that stays
}

// state names the view's documents: a segment's deletions only grow.
func (v *view) state() string {
	out := make([]byte, 0, 16*len(v.parts))
	for i := range v.parts {
		out = fmt.Appendf(out, "%d/%d ", v.parts[i].id, v.parts[i].deleted)
	}
	return string(out)
}

// part returns the part of a document and its number there.
func (v *view) part(doc uint32) (*part, uint32) {
	p := &v.parts[v.partIndex(doc)]
	return p, doc - p.first
}

func (v *view) partIndex(doc uint32) int {
	if len(v.parts) == 1 {
		return 0
	}
	return sort.Search(len(v.parts), func(i int) bool { return v.parts[i].first > doc }) - 1
}

func (v *view) id(doc uint32) []byte {
	p, d := v.part(doc)
	return p.ids.of(d)
}

// stored calls f with a document's stored bytes, which are good during the call only.
func (v *view) stored(doc uint32, f func([]byte) error) error {
	p, d := v.part(doc)
	found := false
	var inner error
	err := p.VisitStoredFields(uint64(d), func(field string, value []byte) bool {
		if field != fieldStored {
			return true
		}
		found, inner = true, f(value)
		return false
	})
	switch {
	case err != nil:
		return fmt.Errorf("read document %q: %w", p.ids.of(d), err)
	case !found:
		return fmt.Errorf("read document %q: %w: nothing stored", p.ids.of(d), ErrDamaged)
	}
	return inner
}

// document reads a document as it was put.
func (v *view) document(doc uint32) (d index.Document, err error) {
	err = v.stored(doc, func(b []byte) (err error) {
		d, err = decodeDocument(b)
		return err
	})
	return d, err
}

// sites counts documents and title forms by the original's site.
func (v *view) sites() (out map[string]index.SiteInfo, err error) {
	defer recoverDamage(&err)
	out = map[string]index.SiteInfo{}
	type siteForm struct{ site, form string }
	seen := map[siteForm]struct{}{}
	var docs []uint32
	for i := range v.parts {
		p := &v.parts[i]
		for d := range uint32(p.size) {
			if !p.isDeleted(d) {
				info := out[p.siteOf(d)]
				info.Documents++
				out[p.siteOf(d)] = info
			}
		}
		err := p.each(fieldTitleForm, "", func(form []byte, at postings) {
			docs = p.keep(p.docs(at, docs[:0]))
			for _, d := range docs {
				seen[siteForm{p.siteOf(d), string(form)}] = struct{}{}
			}
		})
		if err != nil {
			return nil, err
		}
	}
	for s := range seen {
		info := out[s.site]
		info.TitleForms++
		out[s.site] = info
	}
	return out, nil
}

// siteOf is the site of a document's original, empty where it has none.
func (c *columns) siteOf(doc uint32) string {
	if len(c.site.first) == 0 || c.site.first[doc] == 0 {
		return ""
	}
	return c.site.values[c.site.first[doc]-1]
}
