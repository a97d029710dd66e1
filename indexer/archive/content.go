package archive

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// Content returns the bytes with a hash, as they were fetched or imported. It fails with ErrUnknown where they are not kept: then the
// page that named them has changed since and has a later change number; and with ErrDropped where they are those of a file that was kept long enough: then its text is.
// ErrDamaged where they are not those that were stored.
func (a *Archive) Content(ctx context.Context, hash string) ([]byte, error) {
	var packed []byte
	err := a.contents.View(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT data FROM content WHERE hash = ?", hash).Scan(&packed)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = a.missing(ctx, hash)
	}
	if err != nil {
		return nil, fmt.Errorf("content %s: %w", hash, err)
	}
	raw, err := a.unpacker.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("unpack content %s: %w: %w", hash, ErrDamaged, err)
	}
	if HashOf(raw) != hash {
		return nil, fmt.Errorf("content %s: %w: the bytes kept are others", hash, ErrDamaged)
	}
	return raw, nil
}

// missing is why there are no bytes with a hash.
func (a *Archive) missing(ctx context.Context, hash string) error {
	var dropped bool
	err := a.contents.View(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM dropped WHERE hash = ?)", hash).Scan(&dropped)
	})
	if err == nil && dropped {
		return ErrDropped
	}
	return cmp.Or(err, ErrUnknown)
}

// HashOf is the hash under which bytes are kept: SHA-256, hexadecimal.
func HashOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// A body is what is to be stored.
type body struct {
	raw  []byte
	file bool // an attached file's: bytes that were dropped need not come back
}

// keep stores bytes by their hashes, and returns those that were not there.
func (a *Archive) keep(ctx context.Context, bodies map[string]body) (stored map[string][]byte, err error) {
	packed, err := a.pack(ctx, bodies)
	if err != nil || len(packed) == 0 {
		return nil, err
	}
	now := moment(time.Now())
	return packed, a.contents.Update(ctx, func(tx *sql.Tx) error {
		for hash, data := range packed {
			_, err := tx.ExecContext(ctx, "INSERT INTO content (hash, data, at) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING", hash, data, now)
			if err == nil {
				_, err = tx.ExecContext(ctx, "DELETE FROM dropped WHERE hash = ?", hash)
			}
			if err != nil {
				return fmt.Errorf("keep content %s: %w", hash, err)
			}
		}
		return nil
	})
}

// pack compresses those bytes that are not kept yet.
func (a *Archive) pack(ctx context.Context, bodies map[string]body) (map[string][]byte, error) {
	packed := map[string][]byte{}
	err := a.contents.View(ctx, func(tx *sql.Tx) error {
		for hash, b := range bodies {
			var kept bool
			err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM content WHERE hash = ?1)
				OR ?2 AND EXISTS (SELECT 1 FROM dropped WHERE hash = ?1 AND wanted = 0)`, hash, b.file).Scan(&kept)
			if err != nil {
				return err
			}
			if !kept {
				packed[hash] = b.raw
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for contents: %w", err)
	}
	for hash, raw := range packed {
		packed[hash] = a.packer.EncodeAll(raw, nil)
	}
	return packed, nil
}
