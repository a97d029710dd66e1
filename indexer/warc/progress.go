package warc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"time"

	"terrace/indexer/archive"
)

// progressName is the file by which an export that was stopped is taken up again.
const progressName = "progress.json"

// A progress is what files that are whole hold.
type progress struct {
	Site  string
	Since time.Time
	Begun time.Time
	After string   // id of the last page that was looked at
	Sums  []string // of the files
	Bytes int64
	Count Report
	Held  uint64 // of the withdrawn pages among them: the sum of the hashes of their ids
}

// save ends the file that is open and notes that all pages up to one are written.
func (e *export) save(after string) error {
	if err := e.out.close(); err != nil {
		return err
	}
	b, err := json.Marshal(progress{e.Site, e.Since, e.out.begun, after, e.out.sums, e.out.written, e.count, e.held})
	if err != nil {
		return err
	}
	name := filepath.Join(e.out.dir, progressName)
	if err := os.WriteFile(name+".new", b, 0o644); err != nil {
		return err
	}
	return errors.Join(flush(name+".new"), os.Rename(name+".new", name), flush(e.out.dir))
}

// resume takes up an export of the same pages that was stopped, and gives the id of the last page it looked at. What cannot be taken up is removed: also where
// pages that it wrote were withdrawn since.
func (e *export) resume(ctx context.Context) (after string, err error) {
	b, err := os.ReadFile(filepath.Join(e.out.dir, progressName))
	var p progress
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	same := err == nil && p.Site == e.Site && p.Since.Equal(e.Since)
	if same {
		if same, err = e.sameWithdrawn(ctx, p); err != nil {
			return "", err
		}
	}
	keep := []string{progressName}
	if same {
		e.out.begun, e.out.sums, e.out.written, e.count, e.held = p.Begun, p.Sums, p.Bytes, p.Count, p.Held
		e.count.Before = p.Count.Pages + p.Count.Texts
		for n := range p.Sums {
			keep = append(keep, e.out.nameOf(n+1))
		}
	} else {
		p.After, keep = "", nil
	}
	there, err := os.ReadDir(e.out.dir)
	if err != nil {
		return "", err
	}
	for _, f := range there {
		if !slices.Contains(keep, f.Name()) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(e.out.dir, f.Name())))
		}
	}
	return p.After, err
}

// sameWithdrawn reports whether the same of the pages up to the last are withdrawn as when they were written.
func (e *export) sameWithdrawn(ctx context.Context, p progress) (bool, error) {
	var held uint64
	for after := ""; after < p.After; {
		pages, err := e.Pages(ctx, archive.Filter{Site: e.Site}, after, pagesAtOnce)
		if err != nil {
			return false, fmt.Errorf("what was withdrawn since: %w", err)
		}
		for _, page := range pages {
			if page.ID <= p.After && e.withdrawn(page) {
				held += hashOf(page.ID)
			}
			after = page.ID
		}
		if len(pages) == 0 {
			break
		}
	}
	return held == p.Held, nil
}

func hashOf(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64()
}
