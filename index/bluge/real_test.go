package bluge

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/RoaringBitmap/roaring"
	segapi "github.com/blugelabs/bluge_segment_api"

	"terrace/analysis"
	"terrace/index"
	words "terrace/segment"
)

// TestPostingsOfRealTextAreIces reads every term of segments of news and statutes, cut as the product cuts them, both ways.
func TestPostingsOfRealTextAreIces(t *testing.T) {
	dict, err := words.EmbeddedDictionary()
	must(t, err)
	a := analysis.Index(words.New(dict))
	var segments []segapi.Segment
	for _, set := range []string{"news", "statutes", "letters"} {
		s, _, err := newSegment(realEntries(t, a, set, 1500), norm)
		must(t, err)
		comparePostings(t, s.(*segment))
		segments = append(segments, s)
	}
	comparePostings(t, mergeOnDisk(t, segments, make([]*roaring.Bitmap, len(segments))))
}

// realEntries are the first n documents of a retrieval set.
func realEntries(t *testing.T, a index.Analyzer, set string, n int) (out []segapi.Document) {
	t.Helper()
	data := os.Getenv("TERRACE_DATA")
	if data == "" {
		data = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(data, "retrieval", set, "corpus.jsonl"))
	if os.IsNotExist(err) {
		t.Skipf("no retrieval sets in %s", data)
	}
	must(t, err)
	defer f.Close()
	for lines := json.NewDecoder(bufio.NewReader(f)); len(out) < n && lines.More(); {
		var line struct {
			ID    string `json:"_id"`
			Title string
			Text  string
		}
		must(t, lines.Decode(&line))
		d := index.Document{ID: line.ID, Title: line.Title, Body: line.Text, Copies: []index.Copy{{Site: set, Date: 20240101}}}
		out = append(out, newEntry(&d, a.Analyze(&d)))
	}
	return out
}
