package main

import (
	"context"
	"database/sql"
	"fmt"
)

// history gives the pages that were visited three more visits each, which found them unchanged.
func (c cluster) history(ctx context.Context, tx *sql.Tx) error {
	for range 3 {
		for _, statement := range []string{
			"UPDATE page SET visits = visits + 1, last_verified = CASE WHEN content <> '' THEN last_verified + 86400000 ELSE 0 END WHERE visits > 0",
			`INSERT INTO visit (page, slot, visits, at, state, reason, status, content)
				SELECT n, visits, visits, last_verified, state, 'not modified', 304, content FROM page WHERE visits > 1`,
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
	}
	return nil
}

const columns = `n, visits, id, site, url, role, state, reason, moved_to, imported, next_at, interval, fails, status, etag, last_modified, content_type, content, size,
	first_seen, last_verified, last_changed, referrer, anchor, list_date, change, deleted, listed, head, outside`

// copies are the statements that copy the part once more, as part number ?1, whose pages are numbered from ?2 on and whose changes from ?3 on; ?4 is the last page of the
// first part. Ids and hashes are turned round, so that they stay as scattered as hashes are; the bytes under a hash are another's then.
var copies = []string{
	"DROP TABLE IF EXISTS temp.part",
	"CREATE TEMP TABLE part AS SELECT " + columns + " FROM page WHERE n <= ?4",
	`UPDATE part SET n = n + ?2, id = substr(id, 1 + ?1 % 16) || substr(id, 1, ?1 % 16) || ?1, url = url || '?part=' || ?1, change = CASE change WHEN 0 THEN 0 ELSE change + ?3 END,
		head = CASE head WHEN '' THEN '' ELSE substr(head, 1 + ?1 % 16) || substr(head, 1, ?1 % 16) || ?1 END,
		content = substr(content, 1 + ?1 % 64) || substr(content, 1, ?1 % 64)`,
	"INSERT INTO page (" + columns + ") SELECT " + columns + " FROM part",
	"INSERT INTO name SELECT name || '?part=' || ?1, page + ?2 FROM name WHERE page <= ?4",
	"INSERT INTO link SELECT source + ?2, target + ?2, entry FROM link WHERE source <= ?4",
	"INSERT INTO visit SELECT page + ?2, slot, visits, at, state, reason, status, substr(content, 1 + ?1 % 64) || substr(content, 1, ?1 % 64) FROM visit WHERE page <= ?4",
	"INSERT INTO outcome SELECT generation, page + ?2, reason FROM outcome WHERE page <= ?4",
	"DROP TABLE IF EXISTS temp.troubled",
	"CREATE TEMP TABLE troubled AS SELECT * FROM trouble WHERE page <= ?4",
	"UPDATE troubled SET page = page + ?2",
	"INSERT INTO trouble SELECT * FROM troubled",
	"UPDATE counter SET change = change + ?5",
	"UPDATE cursor SET change = change + ?5",
}

// multiply copies the part until there are as many as there are to be.
func (c cluster) multiply(ctx context.Context, o *opened) error {
	var pages, changes int64
	err := o.state.View(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT max(n), (SELECT change FROM counter) FROM page").Scan(&pages, &changes)
	})
	for part := int64(1); part < int64(c.parts()) && err == nil; part++ {
		if err = o.state.Update(ctx, func(tx *sql.Tx) error { return copyPart(ctx, tx, part, pages, changes) }); err != nil {
			break
		}
		err = o.contents.Update(ctx, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO content (hash, data) SELECT substr(hash, 1 + ?1 % 64) || substr(hash, 1, ?1 % 64), data FROM content ORDER BY n LIMIT (SELECT count(*) / ?1 FROM content)", part)
			return err
		})
	}
	return err
}

func copyPart(ctx context.Context, tx *sql.Tx, part, pages, changes int64) error {
	for _, statement := range copies {
		if _, err := tx.ExecContext(ctx, statement, part, part*pages, part*changes, pages, changes); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
