package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// A corpus is documents to import and queries to ask.
type corpus struct {
	documents []map[string]any
	queries   []string
	bytes     int64 // of titles and texts
}

func readCorpus(dir string) (*corpus, error) {
	c := &corpus{}
	err := eachLine(filepath.Join(dir, "corpus.jsonl"), func(line []byte) error {
		var d map[string]any
		if err := json.Unmarshal(line, &d); err != nil {
			return err
		}
		for _, name := range []string{"title", "text"} {
			s, _ := d[name].(string)
			c.bytes += int64(len(s))
		}
		c.documents = append(c.documents, d)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return c, eachLine(filepath.Join(dir, "queries.jsonl"), func(line []byte) error {
		var q struct{ Text string }
		if err := json.Unmarshal(line, &q); err != nil {
			return err
		}
		c.queries = append(c.queries, q.Text)
		return nil
	})
}

func eachLine(file string, do func([]byte) error) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		if err := do(lines.Bytes()); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return lines.Err()
}

// write makes an import file of n documents, going round the corpus with other ids.
func (c *corpus) write(file string, n int) (err error) {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	out := bufio.NewWriter(f)
	enc := json.NewEncoder(out)
	for i := range n {
		d := c.documents[i%len(c.documents)]
		d["id"] = fmt.Sprint(i)
		if err := enc.Encode(d); err != nil {
			return err
		}
	}
	return out.Flush()
}
