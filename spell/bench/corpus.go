package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"terrace/segment"
)

// opening is how many characters of a text the model is trained on, beside its title.
const opening = 400

// A document is a title and a text, in their normal form.
type document struct{ title, text string }

func readCorpus(dir string, names ...string) ([]document, error) {
	var out []document
	for _, name := range names {
		err := readLines(filepath.Join(dir, "retrieval", name, "corpus.jsonl"), func(line []byte) error {
			var d struct{ Title, Text string }
			if err := json.Unmarshal(line, &d); err != nil {
				return err
			}
			out = append(out, document{segment.NormalizeCharacters(d.Title), segment.NormalizeCharacters(d.Text)})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func readQueries(dir, name string) ([]string, error) {
	var out []string
	err := readLines(filepath.Join(dir, "retrieval", name, "queries.jsonl"), func(line []byte) error {
		var q struct{ Text string }
		err := json.Unmarshal(line, &q)
		out = append(out, q.Text)
		return err
	})
	return out, err
}

func readLines(name string, each func([]byte) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<26)
	for n := 1; lines.Scan(); n++ {
		if err := each(lines.Bytes()); err != nil {
			return fmt.Errorf("%s line %d: %w", name, n, err)
		}
	}
	return lines.Err()
}

// openings are what a model is trained on.
func openings(documents []document) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, d := range documents {
			if !yield(d.title) || !yield(first(d.text, opening)) {
				return
			}
		}
	}
}

func first(s string, runes int) string {
	for i := range s {
		if runes--; runes < 0 {
			return s[:i]
		}
	}
	return s
}

// A census is in how many documents each bigram stands, as an index knows it.
type census map[[2]rune]int

func count(documents []document) census {
	out, last := census{}, map[[2]rune]int{}
	for i, d := range documents {
		prev := rune(0)
		for _, r := range d.title + "\n" + d.text {
			if k := [2]rune{prev, r}; last[k] != i+1 {
				last[k] = i + 1
				out[k]++
			}
			prev = r
		}
	}
	return out
}

func (c census) known(bigram string) int {
	r := []rune(bigram)
	return c[[2]rune{r[0], r[1]}]
}
