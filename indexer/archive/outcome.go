package archive

import (
	"context"
	"fmt"
)

// An Outcome is what a page with content came to in a generation of the index.
type Outcome struct {
	Page   string // id
	Reason string // why it gave no document of its own, such as "no text", or Copy; empty: it is a document
}

// Copy is the reason of an Outcome that is found, but as a place of another page's document.
const Copy = "copy"

// SetOutcomes notes what pages came to in a generation, in one transaction. They are kept until DropCursor. Pages that are no more are
// left out.
func (a *Archive) SetOutcomes(ctx context.Context, generation string, outcomes []Outcome) error {
	err := a.update(ctx, func(b *batch) error {
		for _, o := range outcomes {
			query := `INSERT INTO outcome (generation, page, reason) SELECT ?1, n, ?3 FROM page WHERE id = ?2
				ON CONFLICT (generation, page) DO UPDATE SET reason = excluded.reason WHERE reason <> excluded.reason`
			if o.Reason == "" {
				query = "DELETE FROM outcome WHERE generation = ?1 AND page = (SELECT n FROM page WHERE id = ?2) AND ?3 = ''"
			}
			if err := b.exec(query, generation, o.Page, o.Reason); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("set outcomes of %s: %w", generation, err)
	}
	return nil
}
