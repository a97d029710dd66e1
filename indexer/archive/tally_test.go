package archive

import (
	"database/sql"
	"path/filepath"
	"slices"
	"testing"

	"terrace/db"
)

func TestAnArchiveOfAnOlderProgramIsCounted(t *testing.T) {
	dir := t.TempDir()
	state, err := db.Open(t.Context(), filepath.Join(dir, "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	steps := stateSteps[:slices.Index(stateSteps, tallyStep)]
	if err := state.Migrate(t.Context(), "archive", steps); err != nil {
		t.Fatal(err)
	}
	err = state.Update(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 100)
			INSERT INTO page (n, visits, id, site, url, role, state, reason, moved_to, imported, next_at, interval, fails, status, etag, last_modified, content_type, content, size, first_seen,
				last_verified, last_changed, referrer, anchor, list_date, change, deleted)
			SELECT n, 1, 'id' || n, 's' || (n % 3), '', CASE n % 2 WHEN 0 THEN 'list' ELSE 'article' END, CASE n % 5 WHEN 0 THEN 'gone' ELSE 'ok' END, '', '', n % 7 = 0, 0, 0, 0, 200, '', '', '',
				'', 0, 1, n, 50, '', '', '', 0, 0 FROM k;
			UPDATE page SET content = 'hash' || n, change = n WHERE state = 'ok';
			INSERT INTO outcome SELECT 'live', n, 'no text' FROM page WHERE n % 4 = 0;
			UPDATE counter SET change = 100`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := state.Close(); err != nil {
		t.Fatal(err)
	}
	l := openLab(t, dir)
	for _, f := range l.faults() {
		if f == "miscounted " {
			t.Error("what the ledger counts by is not what is there")
		}
	}
	tallies, err := l.Tallies(t.Context(), day(0))
	l.check(err)
	pages := 0
	for _, site := range tallies {
		for _, n := range site.States {
			pages += n
		}
	}
	if pages != 100 || len(tallies) != 3 {
		t.Errorf("%d pages of %d sites", pages, len(tallies))
	}
}
