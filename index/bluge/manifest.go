package bluge

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"terrace/index"
)

// format is the version of what this package writes into a generation's folder.
const format = 1

// The files and folders of an index: a folder a generation, and beside them
const (
	currentFile  = "CURRENT"       // the name of the live generation
	lockFile     = "LOCK"          // held by the process that has the index open
	manifestFile = "manifest.json" // in each generation's folder

	newPrefix       = ".new-"  // of a folder being made
	dropPrefix      = ".drop-" // of a folder being removed
	temporarySuffix = ".tmp"   // of a file being written
)

// A manifest says what a generation's folder holds.
type manifest struct {
	Format  int                `json:"format"`
	Created time.Time          `json:"created"`
	Served  bool               `json:"served"` // has been live
	Made    index.Fingerprints `json:"made"`
}

// check reports whether this program can read the folder.
func (m *manifest) check() error {
	if m.Format != format {
		return fmt.Errorf("%w: format %d, this program reads %d", ErrFormat, m.Format, format)
	}
	return nil
}

func readManifest(folder string) (m manifest, err error) {
	b, err := os.ReadFile(filepath.Join(folder, manifestFile))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("%w: %s: %v", ErrDamaged, manifestFile, err)
	}
	return m, nil
}

func writeManifest(d disk, folder string, m manifest) error {
	b, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return err
	}
	return replaceFile(d, filepath.Join(folder, manifestFile), append(b, '\n'))
}

// readCurrent returns the name of the live generation, empty where there is none.
func readCurrent(dir string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, currentFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(b)), err
}

func writeCurrent(d disk, dir, name string) error {
	return replaceFile(d, filepath.Join(dir, currentFile), []byte(name+"\n"))
}
