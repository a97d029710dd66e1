package warc

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/nlnwa/gowarc/v3"
)

// fileSize is how large a file gets before the next one is begun.
const fileSize = 1 << 30

// sumsName is the list of files that sha256sum -c reads.
const sumsName = "sha256sums.txt"

// A writer writes records into files of a folder, each record a gzip member of its own, so that readers can begin with any.
type writer struct {
	dir, software, operator string
	begun                   time.Time
	sums                    []string // lines for the files that are whole
	written                 int64    // bytes of all files

	name   string // of the file that is open
	info   string // id of its warcinfo record
	file   *os.File
	buffer *bufio.Writer
	sum    hash.Hash
	size   int64
	packer *gzip.Writer
}

func newWriter(dir, software, operator string) *writer {
	return &writer{dir: dir, software: software, operator: operator, begun: time.Now().UTC(), packer: gzip.NewWriter(nil)}
}

// Write takes what the packer makes.
func (w *writer) Write(b []byte) (int, error) {
	w.sum.Write(b)
	n, err := w.buffer.Write(b)
	w.size, w.written = w.size+int64(n), w.written+int64(n)
	return n, err
}

// put writes records that belong together into one file.
func (w *writer) put(records ...gowarc.WarcRecord) error {
	for _, r := range records {
		w.packer.Reset(w)
		_, _, err := gowarc.NewMarshaler().Marshal(w.packer, r, 0)
		if err := errors.Join(err, w.packer.Close(), r.Close()); err != nil {
			return err
		}
	}
	return nil
}

// full reports that the file which is open is to be closed.
func (w *writer) full() bool { return w.file != nil && w.size >= fileSize }

// nameOf is the name of the n-th file.
func (w *writer) nameOf(n int) string {
	return fmt.Sprintf("terrace-%s-%05d.warc.gz", w.begun.Format("20060102150405"), n)
}

// ready sees that a file is open.
func (w *writer) ready() error {
	if w.file != nil {
		return nil
	}
	w.name = w.nameOf(len(w.sums) + 1)
	f, err := os.OpenFile(filepath.Join(w.dir, w.name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	w.file, w.buffer, w.sum, w.size = f, bufio.NewWriterSize(f, 1<<20), sha256.New(), 0
	return w.introduce()
}

// close ends the file that is open.
func (w *writer) close() error {
	if w.file == nil {
		return nil
	}
	err := errors.Join(w.buffer.Flush(), w.file.Sync(), w.file.Close())
	w.file = nil
	w.sums = append(w.sums, fmt.Sprintf("%x  %s\n", w.sum.Sum(nil), w.name))
	return err
}

// end ends the last file and writes the list of all.
func (w *writer) end() error {
	if len(w.sums) == 0 { // an export of nothing has a file, too
		if err := w.ready(); err != nil {
			return err
		}
	}
	if err := w.close(); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(w.dir, sumsName))
	if err != nil {
		return err
	}
	for _, line := range w.sums {
		if _, err := io.WriteString(f, line); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return errors.Join(f.Sync(), f.Close(), flush(w.dir))
}

// abandon closes what is open.
func (w *writer) abandon() {
	if w.file != nil {
		w.file.Close()
	}
}

// flush makes the names in a folder durable.
func flush(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
