package db

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// replace puts a whole database in the place of one that is closed, durably.
func replace(path, fresh string) error {
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return fmt.Errorf("%s is in use: its log is not empty", path)
	}
	if err := os.Chmod(fresh, 0o600); err != nil {
		return err
	}
	if err := flush(fresh); err != nil {
		return err
	}
	if err := os.Rename(fresh, path); err != nil {
		return err
	}
	return flush(filepath.Dir(path))
}

// flush makes a file, or the names in a folder, durable.
func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
