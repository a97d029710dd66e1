package bluge

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring"
	segapi "github.com/blugelabs/bluge_segment_api"

	"terrace/index"
)

// TestPostingsAreIces reads every term of built and of merged segments both ways. The merged one has bitmap and run containers.
func TestPostingsAreIces(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var segments []segapi.Segment
	for i := range 3 {
		s, _, err := newSegment(randomEntries(random, i, 4000), norm)
		must(t, err)
		comparePostings(t, s.(*segment))
		segments = append(segments, s)
	}
	merged := mergeOnDisk(t, segments, []*roaring.Bitmap{nil, roaring.BitmapOf(3, 5, 1000), nil})
	if n := merged.Count(); n != 11997 {
		t.Fatalf("%d documents after merging, want 11997", n)
	}
	comparePostings(t, merged)
}

// mergeOnDisk writes segments as one, without the dropped documents, and loads it from disk.
func mergeOnDisk(t *testing.T, segments []segapi.Segment, dropped []*roaring.Bitmap) *segment {
	t.Helper()
	d := newDirectory(machine{}, t.TempDir(), quiet.Log)
	must(t, d.Persist(".seg", 1, mergeSegments(segments, dropped, 1<<16), nil))
	data, closer, err := d.Load(".seg", 1)
	must(t, err)
	t.Cleanup(func() { closer.Close() })
	merged, err := loadSegment(data)
	must(t, err)
	return merged.(*segment)
}

func randomEntries(random *rand.Rand, part, n int) (out []segapi.Document) {
	for i := range n {
		counts := map[string]int{"every": 1 + random.IntN(3), "late": 0, "many": 0}
		if i > n/2 {
			counts["late"] = 1
		}
		if random.IntN(3) > 0 {
			counts["many"] = 1 + random.IntN(500)
		}
		for range 5 {
			counts[fmt.Sprint("t", random.IntN(3000))] += 1 + random.IntN(90)*random.IntN(2)
		}
		var a index.Analysis
		for text, c := range counts {
			a.Body.Terms = append(a.Body.Terms, index.TermCount{Text: text, Count: c})
			a.Body.Length += c
		}
		out = append(out, newEntry(&index.Document{ID: fmt.Sprintf("%d-%d", part, i), Kind: index.News}, a))
	}
	return out
}

func comparePostings(t *testing.T, s *segment) {
	t.Helper()
	terms := 0
	for field := range s.fields {
		d, err := s.Segment.Dictionary(field)
		must(t, err)
		must(t, s.each(field, "", func(term []byte, p postings) {
			terms++
			docs, counts := icePostings(t, d, term)
			if d, c := s.decode(p); !slices.Equal(d, docs) || !slices.Equal(c, counts) {
				t.Fatalf("%s %q: decoded other postings than ice's", field, term)
			}
			if s.count(p) != len(docs) || !slices.Equal(s.docs(p, nil), docs) {
				t.Fatalf("%s %q: counted other documents than ice's", field, term)
			}
			s.numbers(p, func(doc uint32, n uint64) {
				if doc != docs[0] || float32(n) != counts[0] {
					t.Fatalf("%s %q: read other numbers than ice's", field, term)
				}
				docs, counts = docs[1:], counts[1:]
			})
			if found, err := s.find(field, string(term)); err != nil || found != p {
				t.Fatalf("%s %q: found %x, want %x (%v)", field, term, found, p, err)
			}
		}))
	}
	if terms < 3000 {
		t.Fatalf("only %d terms compared", terms)
	}
}

func icePostings(t *testing.T, d segapi.Dictionary, term []byte) (docs []uint32, counts []float32) {
	t.Helper()
	l, err := d.PostingsList(term, nil, nil)
	must(t, err)
	it, err := l.Iterator(true, true, false, nil)
	must(t, err)
	for {
		p, err := it.Next()
		must(t, err)
		if p == nil {
			return docs, counts
		}
		docs = append(docs, uint32(p.Number()))
		counts = append(counts, float32(p.Frequency()))
	}
}
