package bluge

import (
	"io"
	"os"
	"path/filepath"
)

// A disk is where an index is written. Every change that a power cut may undo goes through it, so that a test can cut the power.
type disk interface {
	create(name string) (diskFile, error) // an empty file, in place of what was there
	rename(from, to string) error
	remove(name string) error  // with all that is in it; an absent name is no error
	makeDir(name string) error // the parent must be there
	syncDir(name string) error // the names in a directory outlast a power cut on return
}

// A diskFile is being written. What Sync has returned from outlasts a power cut, where the file's name does.
type diskFile interface {
	io.WriteCloser
	Sync() error
}

// machine is the disk of this machine.
type machine struct{}

func (machine) create(name string) (diskFile, error) {
	return os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
}

func (machine) rename(from, to string) error { return os.Rename(from, to) }
func (machine) remove(name string) error     { return os.RemoveAll(name) }
func (machine) makeDir(name string) error    { return os.Mkdir(name, 0o700) }

func (machine) syncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	err = d.Sync()
	if e := d.Close(); err == nil {
		err = e
	}
	return err
}

// writeFile makes a file whose content outlasts a power cut on return; its name does not yet.
func writeFile(d disk, name string, write func(io.Writer) error) error {
	f, err := d.create(name)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		_ = d.remove(name)
	}
	return err
}

// replaceFile changes a file so that after a crash it is the old one or the new one, and after return the new one.
func replaceFile(d disk, name string, b []byte) error {
	temporary := name + temporarySuffix
	err := writeFile(d, temporary, func(w io.Writer) error { _, err := w.Write(b); return err })
	if err != nil {
		return err
	}
	if err := d.rename(temporary, name); err != nil {
		_ = d.remove(temporary)
		return err
	}
	return d.syncDir(filepath.Dir(name))
}
