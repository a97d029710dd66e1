package bluge

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"terrace/index"
)

// Backup copies a generation, as it is at this moment, into a folder that is not there yet, while it is searched and written. The folder is
// then an index with that one generation, live; Verify checks it and Restore takes it back. A backup that did not end leaves no folder.
func (ix *Index) Backup(ctx context.Context, name, to string) error {
	if err := ix.backup(ctx, name, filepath.Clean(to)); err != nil {
		return fmt.Errorf("back up generation %q to %s: %w", name, to, err)
	}
	return nil
}

func (ix *Index) backup(ctx context.Context, name, to string) (err error) {
	ix.mu.RLock()
	g := ix.find(name)
	ix.mu.RUnlock()
	if g == nil {
		return index.ErrNoGeneration
	}
	if err := g.enter(ctx); err != nil {
		return err
	}
	defer g.leave()
	if _, err := os.Lstat(to); err == nil {
		return os.ErrExist
	}
	making := filepath.Join(filepath.Dir(to), newPrefix+filepath.Base(to))
	if err := ix.disk.remove(making); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = ix.disk.remove(making)
		}
	}()
	folder := filepath.Join(making, name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if err := g.copyTo(ctx, folder); err != nil {
		return err
	}
	m := g.manifest
	m.Served = true
	if err := writeManifest(ix.disk, folder, m); err != nil {
		return err
	}
	if err := writeCurrent(ix.disk, making, name); err != nil {
		return err
	}
	if err := ix.disk.rename(making, to); err != nil {
		return err
	}
	return ix.disk.syncDir(filepath.Dir(to))
}

// copyTo writes the segments and the snapshot of this moment.
func (g *generation) copyTo(ctx context.Context, folder string) error {
	snapshot, err := g.writer.bluge.Reader()
	if err != nil {
		return err
	}
	defer snapshot.Close()
	stop := make(chan struct{})
	defer context.AfterFunc(ctx, func() { close(stop) })()
	if err := snapshot.Backup(newDirectory(g.ix.disk, folder, g.ix.log), stop); err != nil {
		return err
	}
	return ctx.Err()
}

// Restore takes the live generation of a backup into the index and returns its name. It is not live before it is promoted. A backup that is
// damaged is refused with ErrDamaged or ErrFormat and changes nothing.
func (ix *Index) Restore(ctx context.Context, from string) (name string, err error) {
	name, err = ix.restore(ctx, from)
	if err != nil {
		return "", fmt.Errorf("restore %s: %w", from, err)
	}
	return name, nil
}

func (ix *Index) restore(ctx context.Context, from string) (string, error) {
	found, err := Verify(ctx, from)
	if err != nil {
		return "", err
	}
	current := ""
	for _, v := range found {
		if v.Live && v.Err != nil {
			return "", v.Err
		}
		if v.Live {
			current = v.Generation
		}
	}
	if current == "" {
		return "", index.ErrNoGeneration
	}
	m, err := readManifest(filepath.Join(from, current))
	if err != nil {
		return "", err
	}
	ix.changing.Lock()
	defer ix.changing.Unlock()
	m.Served, m.Created = false, time.Now().UTC() // a name of its own: nobody may take it for the one that was backed up
	g, err := ix.make(m, func(folder string) error { return ix.copyFiles(ctx, filepath.Join(from, current), folder) })
	if err != nil {
		return "", err
	}
	return g.name, nil
}

// copyFiles copies a generation's files but its manifest.
func (ix *Index) copyFiles(ctx context.Context, from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == manifestFile {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		in, err := os.Open(filepath.Join(from, e.Name()))
		if err != nil {
			return err
		}
		err = writeFile(ix.disk, filepath.Join(to, e.Name()), func(w io.Writer) error { _, err := io.Copy(w, in); return err })
		in.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
