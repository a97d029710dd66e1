// Command bench measures how often Latin input gives back the names and terms it was made of: the official terms and departments of the seed
// lists, by full pinyin and by initials, with a character trigram model of the retrieval sets' texts.
package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"terrace/dict"
	"terrace/lm"
	"terrace/pinyin"
	"terrace/segment"
)

func main() {
	log.SetFlags(0)
	data := flag.String("data", "../shared/data", "folder of lexicon/own and retrieval")
	worst := flag.Bool("worst", false, "print what was not found among the first three")
	flag.Parse()
	if err := run(*data, *worst); err != nil {
		log.Fatal(err)
	}
}

func run(data string, worst bool) error {
	m, err := lm.Train(context.Background(), func(yield func(string) bool) {
		for _, set := range []string{"statutes", "news", "letters"} {
			if err := corpus(filepath.Join(data, "retrieval", set, "corpus.jsonl"), yield); err != nil {
				log.Fatal(err)
			}
		}
	})
	if err != nil {
		return err
	}
	own := filepath.Join(data, "lexicon/own")
	var columns [4][]string
	for i, c := range []struct {
		name, separator string
		column          int
	}{{"lay2official_seed.tsv", "|", 1}, {"departments_seed.tsv", ",", 0}, {"lay2official_seed.tsv", "|", 0}, {"departments_seed.tsv", ",", 1}} {
		if columns[i], err = column(filepath.Join(own, c.name), c.column, c.separator); err != nil {
			return err
		}
	}
	lists := slices.Concat(columns[:]...)
	general, err := frequent(50_000)
	if err != nil {
		return err
	}
	for i, name := range []string{"official terms", "departments"} {
		texts := columns[i]
		others := slices.DeleteFunc(slices.Clone(lists), func(s string) bool { return slices.Contains(texts, s) })
		for _, c := range []struct {
			name    string
			decoder *pinyin.Decoder
		}{
			{"own lists", pinyin.NewDecoder(words(lists, 1), m.Score)},
			{"own lists and 50,000 general words of a tenth of the weight", pinyin.NewDecoder(append(words(lists, 1), words(general, .1)...), m.Score)},
			{"own lists, no model", pinyin.NewDecoder(words(lists, 1), nil)},
			{"own lists without the terms asked for", pinyin.NewDecoder(words(others, 1), m.Score)},
			{"model alone", pinyin.NewDecoder(nil, m.Score)},
		} {
			fmt.Printf("%s; %s\n", name, c.name)
			for _, typed := range []typing{full, initials, mixed} {
				measure(c.decoder, texts, typed, worst)
			}
		}
	}
	return nil
}

// corpus gives the texts of a corpus of JSON lines.
func corpus(name string, yield func(string) bool) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	for d := json.NewDecoder(bufio.NewReaderSize(file, 1<<20)); ; {
		line := map[string]any{}
		if err := d.Decode(&line); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		for _, v := range line {
			if text, ok := v.(string); ok && !yield(segment.Normalize(text)) {
				return nil
			}
		}
	}
}

// frequent gives the most frequent words of the general dictionary that are longer than a character.
func frequent(n int) ([]string, error) {
	in, err := dict.Words()
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		text, count, _ := strings.Cut(lines.Text(), " ")
		if utf8.RuneCountInString(text) > 1 {
			if counts[text], err = strconv.Atoi(count); err != nil {
				return nil, err
			}
		}
	}
	sorted := slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	return sorted[:min(n, len(sorted))], nil
}

// column reads a column of a list, the parts of each field apart, without repetitions. Lines that begin with # are comments.
func column(name string, n int, separator string) ([]string, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var out []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Split(lines.Text(), "\t")
		if strings.HasPrefix(fields[0], "#") || len(fields) <= n {
			continue
		}
		for part := range strings.SplitSeq(fields[n], separator) {
			if part != "" && !slices.Contains(out, part) {
				out = append(out, part)
			}
		}
	}
	return out, nil
}

func words(texts []string, weight float64) []pinyin.Word {
	var out []pinyin.Word
	for _, t := range texts {
		out = append(out, pinyin.Word{Text: t, Weight: weight})
	}
	return out
}

// A typing is how somebody types the syllables of a term.
type typing func(syllables []string) (name, latin string)

func full(syllables []string) (string, string) { return "full", strings.Join(syllables, "") }

func initials(syllables []string) (string, string) {
	latin := ""
	for _, s := range syllables {
		latin += s[:1]
	}
	return "initials", latin
}

// mixed has the last syllable whole: gjjin.
func mixed(syllables []string) (string, string) {
	last := len(syllables) - 1
	_, latin := initials(syllables[:last])
	return "mixed", latin + syllables[last]
}

func measure(d *pinyin.Decoder, texts []string, typed typing, worst bool) {
	var top1, top3 int
	var took []time.Duration
	name, latin := "", ""
	for _, text := range texts {
		name, latin = typed(slices.DeleteFunc(pinyin.Of(text), func(s string) bool { return s == "" }))
		start := time.Now()
		found := d.Decode(latin, 3)
		took = append(took, time.Since(start))
		switch at := slices.IndexFunc(found, func(c pinyin.Candidate) bool { return c.Text == text }); {
		case at == 0:
			top1++
			top3++
		case at > 0:
			top3++
		case worst:
			fmt.Println("   ", text, latin, found)
		}
	}
	slices.Sort(took)
	n := len(texts)
	percent := func(k int) float64 { return 100 * float64(k) / float64(n) }
	fmt.Printf("  %-8s top-1 %5.1f %%  top-3 %5.1f %%  of %d, median %v, 99 %% %v\n", name, percent(top1), percent(top3), n,
		took[n/2].Round(10*time.Microsecond), took[n*99/100].Round(10*time.Microsecond))
}
