package suggest

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"terrace/pinyin"
	"terrace/segment"
)

// realPhrases are titles of news, statutes and letters, terms, service items, names of places, and, to make up the number, sentences of documents,
// with weights as skewed as those of a query log.
func realPhrases(b *testing.B) []Phrase {
	b.Helper()
	data := os.Getenv("TERRACE_DATA")
	if data == "" {
		data = filepath.Join("..", "..", "shared", "data")
	}
	random := rand.New(rand.NewPCG(1, 2))
	var out []Phrase
	known := map[string]bool{}
	add := func(kind Kind, text string) {
		if key := segment.TitleKey(text); key != "" && !known[key] {
			known[key] = true
			out = append(out, Phrase{text, kind, 1000 / float64(1+random.IntN(100_000)), 1 + random.IntN(500)})
		}
	}
	eachLine(b, filepath.Join(data, "lexicon", "words", "THUOCL_*.txt"), func(s string) { s, _, _ = strings.Cut(s, "\t"); add(Term, s) })
	eachLine(b, filepath.Join(data, "lexicon", "words", "zwfw_item*.txt"), func(s string) { add(Service, s) })
	eachLine(b, filepath.Join(data, "lexicon", "words", "law_titles.tsv"), func(s string) { s, _, _ = strings.Cut(s, "\t"); add(Title, s) })
	eachLine(b, filepath.Join(data, "lexicon", "streets.csv"), func(s string) {
		if f, err := csv.NewReader(strings.NewReader(s)).Read(); err == nil {
			add(Department, f[1])
		}
	})
	var sentences []string
	eachLine(b, filepath.Join(data, "retrieval", "*", "corpus.jsonl"), func(s string) {
		var d struct{ Title, Text string }
		if err := json.Unmarshal([]byte(s), &d); err != nil {
			b.Fatal(err)
		}
		add(Title, d.Title)
		sentences = append(sentences, strings.FieldsFunc(d.Text+"。", func(r rune) bool { return strings.ContainsRune("。，；：\n", r) })...)
	})
	for _, s := range sentences {
		if n := utf8.RuneCountInString(s); n > 5 && n < 30 && len(out) < MaxPhrases {
			add(Query, s)
		}
	}
	if len(out) < MaxPhrases {
		b.Skipf("%d phrases in %s", len(out), data)
	}
	return out
}

func eachLine(b *testing.B, pattern string, f func(string)) {
	names, err := filepath.Glob(pattern)
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range names {
		in, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			f(lines.Text())
		}
		if err := errors.Join(lines.Err(), in.Close()); err != nil {
			b.Fatal(err)
		}
	}
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

func BenchmarkNew(b *testing.B) {
	phrases := realPhrases(b)
	pinyin.Of("公积金") // its tables are made
	segment.TitleKey("公积金")
	before := heap()
	var x *Index
	b.ReportAllocs()
	for b.Loop() {
		x = New(phrases)
	}
	b.ReportMetric(heap()-before, "MB-held")
	b.ReportMetric(float64(x.Len()), "phrases")
	b.ReportMetric(float64(len(x.inside)), "beginnings")
}

// BenchmarkComplete types what a reader may type: every letter, pair of letters and common character, and beginnings of phrases in characters,
// pinyin, initials and mixtures. It reports the median and the greatest time of an answer, each the least of five.
func BenchmarkComplete(b *testing.B) {
	phrases := realPhrases(b)
	x := New(phrases)
	for name, inputs := range typedInputs(phrases) {
		b.Run(name, func(b *testing.B) {
			took := make([]time.Duration, len(inputs))
			for i := range took {
				took[i] = time.Hour
			}
			for b.Loop() {
				for i, typed := range inputs {
					for range 5 {
						start := time.Now()
						x.Complete(typed, 10)
						took[i] = min(took[i], time.Since(start))
					}
				}
			}
			slowest := inputs[slices.Index(took, slices.Max(took))]
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-p50")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
			b.ReportMetric(float64(took[len(took)-1].Microseconds()), "µs-max")
			b.ReportMetric(float64(len(inputs)), "inputs")
			b.Logf("slowest: %q", slowest)
		})
	}
}

func typedInputs(phrases []Phrase) map[string][]string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	in := map[string][]string{"letters": strings.Split(letters, "")}
	for _, a := range letters {
		for _, c := range letters {
			in["pairs"] = append(in["pairs"], string(a)+string(c))
			for _, d := range "zhsgjxa" {
				in["triples"] = append(in["triples"], string(a)+string(c)+string(d))
			}
		}
		in["repeated"] = append(in["repeated"], strings.Repeat(string(a), 4), strings.Repeat(string(a), 60), strings.Repeat(string(a)+"h", 30))
	}
	characters := map[rune]int{}
	for _, p := range phrases {
		for _, r := range p.Text {
			characters[r]++
		}
	}
	for r, n := range characters {
		if n > 2000 {
			in["characters"] = append(in["characters"], string(r))
			for _, c := range letters {
				in["character and letter"] = append(in["character and letter"], string(r)+string(c), string(r)+string(c)+"x")
			}
		}
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		text := []rune(segment.TitleKey(phrases[random.IntN(len(phrases))].Text))
		text = text[:min(len(text), 1+random.IntN(8))]
		in["beginnings"] = append(in["beginnings"], string(text))
		whole, initials, mixture := "", "", ""
		for i, s := range pinyin.Of(string(text)) {
			if s == "" {
				s = string(text[i])
			}
			piece := [2]string{s, s[:1]}
			whole, initials, mixture = whole+s, initials+s[:1], mixture+piece[random.IntN(2)]
		}
		in["pinyin"] = append(in["pinyin"], whole, whole[:len(whole)/2+1])
		in["initials"] = append(in["initials"], initials)
		in["mixtures"] = append(in["mixtures"], mixture)
	}
	return in
}
