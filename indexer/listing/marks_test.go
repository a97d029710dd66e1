package listing

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestMarksAreFoundWhereTheyStand(t *testing.T) {
	if len(markWords) > mostMarks {
		t.Fatalf("%d marks, room for %d", len(markWords), mostMarks)
	}
	f := marksFinder()
	for i, w := range markWords {
		if len(w) < shortestMark {
			t.Errorf("%q is too short", w)
		}
		for _, text := range []string{w, "x" + w, w + "x", strings.Repeat(w[:len(w)-1], 3) + w, w[:5] + w} {
			if f.find([]byte(text))&(1<<i) == 0 {
				t.Errorf("%q is not found in %q", w, text)
			}
		}
		if f.find([]byte(w[:len(w)-1]))&(1<<i) != 0 || f.find([]byte(w[1:]))&(1<<i) != 0 {
			t.Errorf("%q is found where it is not whole", w)
		}
	}
}

func TestMarksAreFoundAsAPlainSearchFindsThem(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var text []byte
		for range r.IntN(30) {
			w := markWords[r.IntN(len(markWords))]
			from := r.IntN(len(w))
			text = append(text, w[from:from+r.IntN(len(w)-from+1)]...)
			text = append(text, w[:r.IntN(len(w)+1)]...)
		}
		found := marksFinder().find(text)
		for i, w := range markWords {
			if got := found&(1<<i) != 0; got != bytes.Contains(text, []byte(w)) {
				t.Fatalf("%q in %q: %v", w, text, got)
			}
		}
	}
}
