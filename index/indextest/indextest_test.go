package indextest

import (
	"testing"

	"terrace/index"
)

func TestMemoryKeepsThePromises(t *testing.T) {
	kept := map[string]*Memory{} // by directory
	Run(t, func(_ *testing.T, dir string, a index.Analyzer) (index.Index, func() error) {
		if kept[dir] == nil {
			kept[dir] = NewMemory(a)
		} else {
			kept[dir] = kept[dir].Reopen()
		}
		return kept[dir], kept[dir].Close
	})
}
