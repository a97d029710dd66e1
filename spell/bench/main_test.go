package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The bars are those of the command's whole run, with room for a part of the queries.
func TestMisspelledQueriesAreRestored(t *testing.T) {
	dir := os.Getenv("TERRACE_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	if _, err := os.Stat(filepath.Join(dir, "spelling")); err != nil {
		t.Skip("no material to misspell: ", err)
	}
	b, err := prepare(dir, 1, corpora...)
	if err != nil {
		t.Fatal(err)
	}
	var all tally
	for _, name := range sets {
		part, err := b.measure(dir, name, 20, 0)
		if err != nil {
			t.Fatal(err)
		}
		all.add(&part)
	}
	if all.queries[kinds] == 0 || all.restored() < .82 || all.share(kinds) > .015 {
		t.Errorf("restored less than .82 or changed more than .015 of the right queries:\n%s", &all)
	}
}
