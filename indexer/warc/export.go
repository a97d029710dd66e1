// Package warc writes what the archive keeps as WARC 1.1 files (ISO 28500:2017), for long-term archives and for other programs.
//
// Of each page it writes what is kept and nothing that is not: the bytes as a resource record, for a file whose bytes were dropped its text as a conversion record, and a metadata
// record with status, validators and times. Header lines of the answers were not kept, so there are no response records.
package warc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"terrace/indexer/archive"
)

// Options say what is exported and where to.
type Options struct {
	Dir       string    // the folder that is made; it must not be there, or be empty
	Site      string    // id; empty: all
	Since     time.Time // pages that have changed since; zero: all
	Software  string    // name and version of the program
	Operator  string    // who runs it
	Withdrawn func(id, url string) bool
	Text      func(ctx context.Context, hash string) (string, error) // of a file whose bytes were dropped
	Progress  func(Report)                                           // after every few hundred pages
}

// A Report counts what was written and what was left out.
type Report struct {
	Pages      int // with their bytes
	Texts      int // files by their texts, for the bytes were dropped
	Files      int // of WARC
	Bytes      int64
	Withdrawn  int // pages left out
	Imports    int // documents left out: they came from no site
	Unreadable int // pages whose bytes are missing or damaged
	Before     int // pages and texts that an export which was stopped had written
}

// ErrNotEmpty is returned where the folder is there and not empty.
var ErrNotEmpty = errors.New("the folder is not empty")

const pagesAtOnce = 200

// Export writes all pages of the archive that are meant. Everything is written into a folder beside Dir, whose name ends in .part, and has its own name once it is whole. An export that
// is stopped leaves there what it wrote; the next one of the same pages goes on from it.
func Export(ctx context.Context, a *archive.Archive, o Options) (Report, error) {
	o.Dir = filepath.Clean(o.Dir)
	e := &export{Archive: a, Options: o, out: newWriter(o.Dir+".part", o.Software, o.Operator), via: map[string]string{}}
	err := e.whole(ctx)
	e.out.abandon()
	if err != nil {
		return e.report(), fmt.Errorf("export to %s: %w", o.Dir, err)
	}
	return e.report(), nil
}

// An export is Export at work.
type export struct {
	*archive.Archive
	Options
	out   *writer
	count Report
	held  uint64            // of the withdrawn pages: the sum of the hashes of their ids
	via   map[string]string // URLs of the pages that others were first linked from, by id
}

func (e *export) report() Report {
	r := e.count
	r.Files, r.Bytes = len(e.out.sums), e.out.written
	return r
}

func (e *export) whole(ctx context.Context) error {
	if there, err := os.ReadDir(e.Dir); err == nil && len(there) > 0 {
		return ErrNotEmpty
	}
	if err := os.MkdirAll(e.out.dir, 0o755); err != nil {
		return err
	}
	after, err := e.resume(ctx)
	if err != nil {
		return err
	}
	if after, err = e.pages(ctx, after); err != nil {
		if errors.Is(err, context.Canceled) {
			err = errors.Join(err, e.save(after))
		}
		return err
	}
	if err := e.out.end(); err != nil {
		return err
	}
	os.Remove(e.Dir) // which is empty, or not there
	if err := os.Rename(e.out.dir, e.Dir); err != nil {
		return err
	}
	os.Remove(filepath.Join(e.Dir, progressName)) // which is there if files were full
	return errors.Join(flush(e.Dir), flush(filepath.Dir(e.Dir)))
}

// pages writes those behind one, and gives the last that is written.
func (e *export) pages(ctx context.Context, after string) (string, error) {
	for {
		pages, err := e.Pages(ctx, archive.Filter{Site: e.Site}, after, pagesAtOnce)
		if err != nil || len(pages) == 0 {
			return after, err
		}
		for _, p := range pages {
			if e.out.full() {
				if err := e.save(after); err != nil {
					return after, err
				}
			}
			err := ctx.Err()
			if err == nil {
				err = e.page(ctx, p)
			}
			if err != nil {
				return after, fmt.Errorf("page %s: %w", p.ID, err)
			}
			after = p.ID
		}
		if e.Progress != nil {
			e.Progress(e.report())
		}
	}
}

// meant reports a page with content that is asked for.
func (e *export) meant(p archive.Page) bool {
	return p.Content != "" && !p.LastChanged.Before(e.Since)
}

// withdrawn reports a page that must not be exported, be there still something of it or not.
func (e *export) withdrawn(p archive.Page) bool {
	return !p.Imported && e.Withdrawn != nil && e.Withdrawn(p.ID, p.URL)
}

func (e *export) page(ctx context.Context, p archive.Page) error {
	switch {
	case e.withdrawn(p):
		e.held += hashOf(p.ID)
		if e.meant(p) {
			e.count.Withdrawn++
		}
		return nil
	case !e.meant(p):
		return nil
	case p.Imported:
		e.count.Imports++
		return nil
	}
	body, err := e.Content(ctx, p.Content)
	text := ""
	dropped := errors.Is(err, archive.ErrDropped)
	if dropped {
		text, err = e.Options.Text(ctx, p.Content)
	}
	switch {
	case archive.NotKept(err):
		e.count.Unreadable++
		return ctx.Err()
	case err != nil:
		return err
	}
	via, err := e.referrer(ctx, p)
	if err != nil {
		return err
	}
	if dropped {
		e.count.Texts++
		return e.out.text(p, via, text)
	}
	e.count.Pages++
	return e.out.page(p, via, body)
}

// referrer is the URL of the page that a page was first linked from; empty where that is not known any more.
func (e *export) referrer(ctx context.Context, p archive.Page) (string, error) {
	if p.Referrer == "" {
		return "", nil
	}
	if url, known := e.via[p.Referrer]; known {
		return url, nil
	}
	from, err := e.Archive.Page(ctx, p.Referrer)
	if err != nil && !errors.Is(err, archive.ErrUnknown) {
		return "", err
	}
	if len(e.via) >= 10000 {
		clear(e.via)
	}
	e.via[p.Referrer] = from.URL
	return from.URL, nil
}
