// Package dbtest opens databases for tests.
package dbtest

import (
	"path/filepath"
	"testing"

	"terrace/db"
)

// Open opens the database in a file of a folder, and closes it when the test ends.
func Open(t testing.TB, dir, name string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}
