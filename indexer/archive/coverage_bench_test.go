package archive

import (
	"database/sql"
	"testing"
)

// A million pages of 100 sites, as crawls of all of them write them down side by side: of each site a sitemap of all pages and 20 lists of 25 pages with 19
// entries a page; one page in five gave no document, one in 47 is gone. q counts the pages of a site s, and n(s, q) is a page's number.
const million = `
CREATE TEMP TABLE k AS WITH RECURSIVE k(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM k WHERE i < 999999)
	SELECT i + 1 AS n, i / 200 % 100 AS s, i / 20000 * 200 + i % 200 AS q FROM k;
INSERT INTO page (n, visits, id, site, url, role, state, reason, moved_to, imported, next_at, interval, fails, status, etag, last_modified,
	content_type, content, size, first_seen, last_verified, last_changed, referrer, anchor, list_date, change, deleted, listed, head)
SELECT n, 1, printf('id%014d', n), 's' || s, 'http://www.s' || s || '.example.gov.cn/zwgk/tzgg/202603/t20260301_' || q || '.html',
	CASE WHEN q = 0 THEN 'sitemap' WHEN q <= 500 THEN 'list' ELSE 'article' END,
	CASE WHEN n % 47 = 7 THEN 'gone' ELSE 'ok' END, '', '', 0, n, 86400000, 0, 200, '"e' || n || '"', 'Mon, 02 Mar 2026 08:00:00 GMT', 'text/html; charset=utf-8',
	CASE WHEN n % 47 = 7 THEN '' ELSE printf('%064d', n) END, 20000, 1, 1000 + n % 3, 1001, '', '关于做好有关工作的通知' || n, '2026-03-01', n, 0, 500,
	CASE WHEN q BETWEEN 21 AND 500 THEN printf('id%014d', s * 200 + (q - 1) % 20 + 2) ELSE '' END
FROM k;
INSERT INTO link (source, target, entry) SELECT ((1 + (q - 501) % 500) / 200 * 100 + s) * 200 + (1 + (q - 501) % 500) % 200 + 1, n, 1 FROM k WHERE q > 500;
INSERT INTO link (source, target, entry) SELECT s * 200 + 1, n, 0 FROM k WHERE q > 0;
INSERT INTO outcome (generation, page, reason) SELECT 'live', n, 'copy' FROM page WHERE n % 5 = 0;
INSERT INTO cursor VALUES ('live', 1000000, 1);
UPDATE counter SET change = 1000000;
DROP TABLE k`

func BenchmarkCoverageOfAMillionPages(b *testing.B) {
	l := newLab(b)
	l.check(l.state.Update(b.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(b.Context(), million)
		return err
	}))
	b.Run("sites", func(b *testing.B) {
		for b.Loop() {
			sites, _, err := l.Coverage(b.Context(), "live", "")
			if l.check(err); len(sites) != 100 {
				b.Fatalf("%d sites", len(sites))
			}
		}
	})
	b.Run("columns of all", func(b *testing.B) { columnsOf(b, l, "", 2000) })
	b.Run("columns of a site", func(b *testing.B) { columnsOf(b, l, "s5", 20) })
	b.Run("missing", func(b *testing.B) {
		for b.Loop() {
			entries, _, err := l.Missing(b.Context(), "live", "id00000000000005", "", 100)
			if l.check(err); len(entries) == 0 {
				b.Fatal("nothing is missing")
			}
		}
	})
}

func columnsOf(b *testing.B, l *lab, site string, want int) {
	for b.Loop() {
		columns, _, err := l.Columns(b.Context(), "live", site)
		if l.check(err); len(columns) != want {
			b.Fatalf("%d columns", len(columns))
		}
	}
}
