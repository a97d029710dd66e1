// Package corpus makes what every engine of a benchmark is given: the same documents, the same queries, in the same files.
//
// The documents are those of the retrieval sets statutes, news and letters, shuffled and gone round as often as it takes with other ids. Each
// has a site, a department and a day, drawn by Zipf's law. Nothing is left to chance but what seed 1 gives.
package corpus

import (
	"bufio"
	"encoding/json"
	"fmt"
	"iter"
	"math/rand"
	"os"
	"path/filepath"
)

// A Document is a line of the documents' file, as terrace imports it.
type Document struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	Text       string `json:"text"`
	Site       string `json:"site"`
	Department string `json:"department"`
	Date       string `json:"date"` // 2024-01-31
}

// Year is the year of its day.
func (d *Document) Year() string { return d.Date[:4] }

// A Query is asked for everywhere or within one site.
type Query struct {
	Text string `json:"text"`
	Site string `json:"site"`
}

// A Corpus is a folder with the files.
type Corpus struct{ Dir string }

// DocumentsFile is the file of the documents, one a line.
func (c Corpus) DocumentsFile() string { return filepath.Join(c.Dir, "documents.jsonl") }

func (c Corpus) queriesFile() string { return filepath.Join(c.Dir, "queries.jsonl") }

// How many values the fields have.
const (
	sites       = 20
	departments = 40
	years       = 15
	lastYear    = 2026
)

// skewed draws from 0..n-1 by Zipf's law.
func skewed(r *rand.Rand, n int) func() int {
	z := rand.NewZipf(r, 1.1, 1, uint64(n-1))
	return func() int { return int(z.Uint64()) }
}

// Make writes n documents of the sets in data, and all their queries. bytes is the length of the titles and texts.
func Make(data, dir string, n int) (c Corpus, bytes int64, err error) {
	c = Corpus{dir}
	r := rand.New(rand.NewSource(1))
	docs, err := readSets(data)
	if err != nil {
		return c, 0, err
	}
	r.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
	site, department, year := skewed(r, sites), skewed(r, departments), skewed(r, years)
	err = writeLines(c.DocumentsFile(), n, func(i int) any {
		d := docs[i%len(docs)]
		d.ID = fmt.Sprintf("%s-%d", d.ID, i/len(docs))
		d.Site, d.Department = siteName(site()), fmt.Sprintf("部门%02d", department())
		d.Date = fmt.Sprintf("%d-%02d-%02d", lastYear-year(), 1+r.Intn(12), 1+r.Intn(28))
		bytes += int64(len(d.Title) + len(d.Text))
		return d
	})
	if err != nil {
		return c, 0, err
	}
	queries, err := readQueries(data)
	if err != nil {
		return c, 0, err
	}
	r.Shuffle(len(queries), func(i, j int) { queries[i], queries[j] = queries[j], queries[i] })
	return c, bytes, writeLines(c.queriesFile(), len(queries), func(i int) any {
		queries[i].Site = siteName(site())
		return queries[i]
	})
}

func siteName(i int) string { return fmt.Sprintf("site%02d", i) }

func readSets(data string) (out []Document, err error) {
	for _, set := range []string{"statutes", "news", "letters"} {
		type line struct {
			ID                 string `json:"_id"`
			Title, Text, Reply string
		}
		for l, err := range lines[line](filepath.Join(data, set, "corpus.jsonl")) {
			if err != nil {
				return nil, err
			}
			if l.Reply != "" {
				l.Text += "\n" + l.Reply
			}
			out = append(out, Document{ID: set + "-" + l.ID, Title: l.Title, Text: l.Text})
		}
	}
	return out, nil
}

func readQueries(data string) (out []Query, err error) {
	for _, file := range []string{"statutes/questions", "statutes/keywords", "news/queries", "letters/queries"} {
		for q, err := range lines[Query](filepath.Join(data, file+".jsonl")) {
			if err != nil {
				return nil, err
			}
			out = append(out, q)
		}
	}
	return out, nil
}

// Documents reads the documents. It ends after an error.
func (c Corpus) Documents() iter.Seq2[Document, error] { return lines[Document](c.DocumentsFile()) }

// Queries reads the queries.
func (c Corpus) Queries() (out []Query, err error) {
	for q, err := range lines[Query](c.queriesFile()) {
		if err != nil {
			return nil, err
		}
		out = append(out, q)
	}
	return out, nil
}

// lines reads a file of JSON values, one a line.
func lines[T any](file string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		f, err := os.Open(file)
		if err != nil {
			yield(none, err)
			return
		}
		defer f.Close()
		s := bufio.NewScanner(f)
		s.Buffer(nil, 16<<20)
		for s.Scan() {
			var v T
			if err := json.Unmarshal(s.Bytes(), &v); err != nil {
				yield(none, fmt.Errorf("%s: %w", file, err))
				return
			}
			if !yield(v, nil) {
				return
			}
		}
		if err := s.Err(); err != nil {
			yield(none, fmt.Errorf("%s: %w", file, err))
		}
	}
}

func writeLines(file string, n int, line func(i int) any) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	out := bufio.NewWriter(f)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for i := range n {
		if err := enc.Encode(line(i)); err != nil {
			return fmt.Errorf("write %s: %w", file, err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}
