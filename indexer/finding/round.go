package finding

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"terrace/indexer/archive"
)

// settled are the rules that a round decides on, rather than the look at a page.
var settled = []string{DeadLink, SoftMissing, ColumnStale, ColumnBlank, ColumnVeto, Duplicate}

// round looks at the state of the archive as a whole.
func (w *Watcher) round(ctx context.Context) error {
	if err := w.sweep(ctx); err != nil {
		return fmt.Errorf("pages that are no more: %w", err)
	}
	tallies, err := w.Archive.Tallies(ctx, w.now())
	if err != nil {
		return err
	}
	generation, _, err := w.Indexed(ctx)
	if err != nil {
		return err
	}
	pages := map[string]int{} // of sites, with content
	for _, t := range tallies {
		pages[t.Site] = t.States[archive.OK]
	}
	dead, soft, err := w.deadLinks(ctx, pages)
	if err != nil {
		return fmt.Errorf("dead links: %w", err)
	}
	columns, err := w.columns(ctx, generation)
	if err != nil {
		return fmt.Errorf("columns: %w", err)
	}
	same, err := w.duplicates(ctx)
	if err != nil {
		return fmt.Errorf("duplicates: %w", err)
	}
	all := append(append(append(dead, soft...), columns...), same...)
	return w.update(ctx, func(t tx) error {
		if err := t.settle(all, settled...); err != nil {
			return err
		}
		if err := w.withdraw(t); err != nil {
			return err
		}
		if err := t.complete(tallies); err != nil {
			return err
		}
		if err := t.expire(); err != nil {
			return err
		}
		return t.exec("UPDATE progress SET round = ?", stamp(t.at))
	})
}

const (
	absence = 20 * 24 * time.Hour // after which the archive may have let go of tombstones unseen
	chunk   = 500                 // ids asked for at a time
)

// sweep ends what was found on pages that the archive let go of while nobody looked.
func (w *Watcher) sweep(ctx context.Context) error {
	var ids []string
	err := w.view(ctx, func(t tx) error {
		p, err := t.progress()
		if err != nil || t.at.Sub(p.round) < absence {
			return err
		}
		return t.rows("SELECT DISTINCT page.id FROM finding JOIN mark ON mark.finding = finding.n JOIN page ON page.n = mark.page WHERE gone = 0",
			func(scan func(...any) error) error {
				var id string
				err := scan(&id)
				if !strings.HasPrefix(id, ofSite) {
					ids = append(ids, id)
				}
				return err
			})
	})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, chunk) {
		unknown, err := w.Archive.Unknown(ctx, some...)
		if err != nil {
			return err
		}
		err = w.update(ctx, func(t tx) error {
			for _, id := range unknown {
				if err := t.clear(id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// withdraw forgets the pages that are not to be spoken of.
func (w *Watcher) withdraw(t tx) error {
	var ids []string
	err := t.rows("SELECT id, url FROM page", func(scan func(...any) error) error {
		var id, url string
		if err := scan(&id, &url); err != nil {
			return err
		}
		if w.Withdrawn(id, url) {
			ids = append(ids, id)
		}
		return nil
	})
	for _, id := range ids {
		if err == nil {
			err = t.forget(id)
		}
	}
	return err
}

const duplicates = `SELECT site, text, id, url FROM page WHERE (site, text) IN (SELECT site, text FROM page WHERE text <> 0 GROUP BY site, text HAVING count(*) > 1)
	ORDER BY site, text, n`

// duplicates are documents that a site publishes at several URLs.
func (w *Watcher) duplicates(ctx context.Context) (out []whole, err error) {
	var last int64
	err = w.view(ctx, func(t tx) error {
		return t.rows(duplicates, func(scan func(...any) error) error {
			var site string
			var text int64
			var p place
			if err := scan(&site, &text, &p.id, &p.url); err != nil {
				return err
			}
			if !w.mendable(site) {
				return nil
			}
			if n := len(out); n == 0 || out[n-1].site != site || last != text {
				out = append(out, whole{sight: sight{rule: Duplicate, subject: p.url, severity: Hint}, site: site})
				last = text
			}
			g := &out[len(out)-1]
			g.pages++
			if len(g.at) < maxExamples {
				p.evidence = fmt.Sprintf("第 %d 个网址", g.pages)
				g.at = append(g.at, p)
			}
			return nil
		})
	})
	return out, err
}
