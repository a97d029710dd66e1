package indextest

import (
	"testing"

	"terrace/index"
)

// Run checks every promise of index.Index against an engine. Open opens the index kept in dir, which is empty the first time; its close
// function releases it, so that the same dir can be opened again. Each case has a directory of its own.
func Run(t *testing.T, open func(t *testing.T, dir string, a index.Analyzer) (ix index.Index, close func() error)) {
}
