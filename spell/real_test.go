package spell

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"terrace/lm"
	"terrace/segment"
)

// realTexts are titles and texts of a corpus that no one here wrote; without it the benchmark is skipped.
func realTexts(b *testing.B) []string {
	b.Helper()
	dir := os.Getenv("TERRACE_DATA")
	if dir == "" {
		dir = "../../shared/data"
	}
	f, err := os.Open(filepath.Join(dir, "retrieval/letters/corpus.jsonl"))
	if err != nil {
		b.Skip("no real texts: ", err)
	}
	defer f.Close()
	var out []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var d struct{ Title, Text string }
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			b.Fatal(err)
		}
		out = append(out, segment.Normalize(d.Title), segment.Normalize(d.Text))
	}
	return out
}

// BenchmarkCorrect takes a short query with a slip, one of forty characters without a rare bigram, and a text of 200 characters none of which
// belong together.
func BenchmarkCorrect(b *testing.B) {
	texts := realTexts(b)
	m, err := lm.Train(context.Background(), func(yield func(string) bool) {
		for _, t := range texts {
			if !yield(t) {
				return
			}
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	var closed []string // as many and as long as a large cluster's
	for i, t := range texts {
		if r := []rune(t); i%2 == 0 && len(closed) < 5000 {
			closed = append(closed, string(r[:min(12, len(r))]))
		}
	}
	c := New(m, closed)
	var strange []rune
	for r := range m.All() {
		if len(strange) < 200 && m.Character(r) > 100 {
			strange = append(strange, r)
		}
	}
	for _, q := range []struct{ name, text string }{
		{"slip", "住房公鸡金提取"},
		{"long", "咨询关于小区物业服务费收取标准以及住房公积金提取需要准备的证明材料和办理的时间地点"},
		{"strange", string(strange)},
	} {
		b.Run(q.name, func(b *testing.B) {
			for range b.N {
				c.Correct(context.Background(), q.text, nil)
			}
		})
	}
}
