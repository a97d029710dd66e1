package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
)

// Content returns the bytes with a hash, as they were fetched or imported. It fails with ErrUnknown where they are not kept: then the
// page that named them has changed since and has a later change number.
func (a *Archive) Content(ctx context.Context, hash string) ([]byte, error) {
	raw, err := a.unpacked(ctx, "SELECT data FROM content WHERE hash = ?", hash)
	if err != nil {
		return nil, fmt.Errorf("content %s: %w", hash, err)
	}
	if HashOf(raw) != hash {
		return nil, fmt.Errorf("content %s: the bytes kept are others", hash)
	}
	return raw, nil
}

// unpacked asks for packed bytes and unpacks them; ErrUnknown where there are none.
func (a *Archive) unpacked(ctx context.Context, query string, args ...any) ([]byte, error) {
	var packed []byte
	err := a.contents.View(ctx, func(tx *sql.Tx) error { return tx.QueryRowContext(ctx, query, args...).Scan(&packed) })
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrUnknown
	}
	if err != nil {
		return nil, err
	}
	raw, err := a.unpacker.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return raw, nil
}

// dropContent removes the bytes with a hash and what readers made of them, and reports whether there were any.
func dropContent(ctx context.Context, tx *sql.Tx, hash string) (bool, error) {
	if _, err := tx.ExecContext(ctx, "DELETE FROM text WHERE hash = ?", hash); err != nil {
		return false, err
	}
	res, err := tx.ExecContext(ctx, "DELETE FROM content WHERE hash = ?", hash)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// HashOf is the hash under which bytes are kept: SHA-256, hexadecimal.
func HashOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// keep stores bytes by their hashes.
func (a *Archive) keep(ctx context.Context, bodies map[string][]byte) error {
	packed, err := a.pack(ctx, bodies)
	if err != nil || len(packed) == 0 {
		return err
	}
	return a.contents.Update(ctx, func(tx *sql.Tx) error {
		for hash, data := range packed {
			_, err := tx.ExecContext(ctx, "INSERT INTO content (hash, data) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING", hash, data)
			if err != nil {
				return fmt.Errorf("keep content %s: %w", hash, err)
			}
		}
		return nil
	})
}

// pack compresses those bytes that are not kept yet.
func (a *Archive) pack(ctx context.Context, bodies map[string][]byte) (map[string][]byte, error) {
	packed := map[string][]byte{}
	err := a.contents.View(ctx, func(tx *sql.Tx) error {
		for hash, raw := range bodies {
			var kept bool
			if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM content WHERE hash = ?)", hash).Scan(&kept); err != nil {
				return err
			}
			if !kept {
				packed[hash] = raw
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
