package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Text returns what KeepText was last given for bytes with a hash, and the version of the reader that made it; ErrUnknown where that was nothing, ErrDamaged
// where it cannot be unpacked.
func (a *Archive) Text(ctx context.Context, hash string) (text []byte, version string, err error) {
	var packed []byte
	err = a.contents.View(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT data, version FROM text WHERE hash = ?", hash).Scan(&packed, &version)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrUnknown
	}
	if err != nil {
		return nil, "", fmt.Errorf("text of %s: %w", hash, err)
	}
	if text, err = a.unpacker.DecodeAll(packed, nil); err != nil {
		return nil, "", fmt.Errorf("unpack text of %s: %w: %w", hash, ErrDamaged, err)
	}
	return text, version, nil
}

// KeepText keeps what a version of a reader made of bytes with a hash, in place of what another version made. It goes when no page has these bytes.
func (a *Archive) KeepText(ctx context.Context, hash, version string, text []byte) error {
	packed := a.packer.EncodeAll(text, nil)
	err := a.contents.Update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO text (hash, version, data) VALUES (?, ?, ?)
			ON CONFLICT (hash) DO UPDATE SET version = excluded.version, data = excluded.data`, hash, version, packed)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep text of %s: %w", hash, err)
	}
	return nil
}

const (
	// maxOffering is how many pages may lead to a file that is an attachment of each of them. What more lead to is part of the site's own frame.
	maxOffering    = 20
	maxAttachments = 50 // of a page
)

// The + keeps the index of roles out, by which all attachments there are would be read.
const attachmentsOf = "SELECT " + columns + ` FROM page WHERE n IN (SELECT target FROM link WHERE source = (SELECT n FROM page WHERE id = ?))
	AND +role = 'attachment' AND (deleted = 0 OR moved_to <> '') AND state <> 'gone'
	AND (SELECT count(*) FROM (SELECT 1 FROM link WHERE target = page.n LIMIT ?)) <= ? ORDER BY n LIMIT ?`

// Attachments returns the files that a page offers, in the order in which they were first seen, at most 50; those that more than twenty pages lead to are not the page's own.
func (a *Archive) Attachments(ctx context.Context, id string) ([]Page, error) {
	return a.pages(ctx, attachmentsOf, id, maxOffering+1, maxOffering, maxAttachments)
}

// offerers lead to the file of an id, or to a page that leads on to it.
const offerers = `SELECT source FROM link WHERE target IN (SELECT n FROM page WHERE id = ?1 UNION SELECT n FROM page WHERE moved_to = ?1 AND moved_to <> '') LIMIT ?2`

const offering = "SELECT " + columns + " FROM page WHERE n IN (" + offerers + ") ORDER BY n"

// Offering returns the pages that offer a file as an attachment, by its URL or one that leads there; none where more lead to it than offer one.
func (a *Archive) Offering(ctx context.Context, id string) ([]Page, error) {
	found, err := a.pages(ctx, offering, id, maxOffering+1)
	if len(found) > maxOffering {
		return nil, err
	}
	return found, err
}

// reoffer makes the pages that offer a file, if it is one and another now, documents to be made again.
func (b *batch) reoffer(file *row) error {
	if file.Role != Attachment || !file.changed {
		return nil
	}
	sources, err := b.numbers(offerers, file.ID, maxOffering+1)
	if err != nil || len(sources) > maxOffering {
		return err
	}
	for _, n := range sources {
		r, err := b.at(n)
		if err != nil {
			return err
		}
		if r != nil && r.live() && r.Role.Offers() {
			r.changed = true
			if err := b.save(r); err != nil {
				return err
			}
		}
	}
	return nil
}
