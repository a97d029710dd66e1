package archive

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Repair lets pages be fetched whole at once whose bytes, or the texts in their place, Verify found to be missing or damaged; what is damaged is taken away, for it would pass
// for what is fetched. Imports cannot be fetched: it returns how many pages can, and the ids of those that have to be imported again.
func (a *Archive) Repair(ctx context.Context, faults []Fault, now time.Time) (due int, imports []string, err error) {
	a.storing.Lock()
	defer a.storing.Unlock()
	err = a.contents.Update(ctx, func(tx *sql.Tx) error {
		for _, f := range faults {
			switch f.Kind {
			case Missing, Damaged, TextMissing:
				if _, _, err := remove(ctx, tx, kept{f.Page.Content}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err == nil {
		err = a.update(ctx, func(b *batch) error {
			for _, f := range faults {
				switch f.Kind {
				case Missing, Damaged, TextMissing:
				case Miscounted:
					if err := b.recount(); err != nil {
						return err
					}
					continue
				default:
					continue
				}
				r, err := b.byID(f.Page.ID)
				if err != nil {
					return err
				}
				if r == nil || r.Content != f.Page.Content {
					continue
				}
				if r.Imported {
					imports = append(imports, r.ID)
					continue
				}
				r.ETag, r.LastModified, r.NextAt, r.Fails = "", "", now, 0
				due++
				if err := b.save(r); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return 0, nil, fmt.Errorf("repair the archive: %w", err)
	}
	return due, imports, nil
}

// recount counts anew what the ledger goes by.
func (b *batch) recount() error {
	for _, statement := range []string{"DELETE FROM tally", "DELETE FROM outcome_tally", countPages, countOutcomes} {
		if err := b.exec(statement); err != nil {
			return err
		}
	}
	return nil
}
