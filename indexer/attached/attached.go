// Package attached keeps what attached files say. Each is read once by a version of the readers, in whatever process the Reader uses, and its text kept in the archive.
package attached

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"terrace/indexer/archive"
	"terrace/indexer/attach"
	"terrace/indexer/attach/child"
	"terrace/indexer/attach/plain"
)

// A Reader reads a file, as child.Pool does.
type Reader interface {
	Read(ctx context.Context, f attach.File) (attach.Text, error)
}

// A Text is what is known of a file.
type Text struct {
	Body   string
	State  archive.State // OK; NeedsOCR: pictures alone; Unsupported: it cannot be read, or only a part, which Body then is
	Reason string        // why it is not OK, or not whole; English
	Alien  bool          // of a format that no reader knows: nothing is kept of it
	Asked  bool          `json:",omitempty"` // see Files.More
	Older  bool          `json:"-"`          // made by readers before those of now, for the bytes are kept no more
}

// Files gives the texts of files. It may be used from several goroutines.
type Files struct {
	archive *archive.Archive
	reader  Reader

	More bool // the reader asks another program where its own have no text: files that have none without that are read again
}

// New makes Files that keep texts in a and read by r.
func New(a *archive.Archive, r Reader) *Files { return &Files{archive: a, reader: r} }

// ErrReader is wrapped where no file can be read now, whatever it is.
var ErrReader = errors.New("attached files cannot be read")

// Text gives what a file of the archive says. data are the bytes of that hash, or nil: then they are taken from the archive, which fails with archive.ErrUnknown where it
// has them no more, or as Content does. Where a text is kept of bytes that are not, it is that one, whichever readers made it. Other errors are ctx's, ErrReader or the archive's; what is wrong
// with the file is in the Text.
func (f *Files) Text(ctx context.Context, hash, name string, data []byte) (t Text, err error) {
	t, version, err := Kept(ctx, f.archive, hash)
	if err != nil && !errors.Is(err, archive.ErrUnknown) {
		return t, err
	}
	known := err == nil
	if known && version == attach.Version && (t.State == archive.OK || t.Asked || !f.More) {
		return t, nil
	}
	if data == nil {
		data, err = f.archive.Content(ctx, hash)
		if known && archive.NotKept(err) {
			t.Older = true
			return t, nil
		}
		if err != nil {
			return t, err
		}
	}
	if t, err = f.read(ctx, attach.File{Name: name, Data: data}); err != nil {
		return t, err
	}
	if t.Alien {
		return t, nil
	}
	kept, err := json.Marshal(t)
	if err != nil {
		return t, err
	}
	return t, f.archive.KeepText(ctx, hash, attach.Version, kept)
}

// Kept is the text that an archive keeps of a file, and the version of the readers that made it. archive.ErrUnknown where there is none.
func Kept(ctx context.Context, a *archive.Archive, hash string) (t Text, version string, err error) {
	kept, version, err := a.Text(ctx, hash)
	if errors.Is(err, archive.ErrDamaged) || err == nil && json.Unmarshal(kept, &t) != nil {
		err = archive.ErrUnknown // of no use
	}
	return t, version, err
}

// read reads a file now.
func (f *Files) read(ctx context.Context, file attach.File) (Text, error) {
	read, err := f.reader.Read(ctx, file)
	t := Text{Body: read.Body, State: archive.OK, Asked: f.More}
	switch {
	case ctx.Err() != nil:
		return t, ctx.Err()
	case err != nil && !ofFile(err):
		return t, fmt.Errorf("%w: %w", ErrReader, err)
	case err != nil:
		t.State, t.Reason, t.Alien = archive.Unsupported, "file: "+err.Error(), read.Format == ""
	case read.NeedsOCR:
		t.State, t.Reason = archive.NeedsOCR, "a scan: pictures and no text"
	case read.Cut > 0:
		t.Reason = fmt.Sprintf("text is too long, all beyond is left out: %d bytes", len(read.Body))
	case len(read.Skipped) > 0:
		t.Reason = fmt.Sprintf("%d files of the archive gave no text: %s", read.Unread, read.Skipped[0])
	case read.Scans > 0:
		t.Reason = fmt.Sprintf("%d of its pages are pictures without text", read.Scans)
	}
	return t, nil
}

// ofFile reports an error that the file is to blame for.
func ofFile(err error) bool {
	for _, own := range []error{plain.ErrBroken, plain.ErrEncrypted, plain.ErrUnsupported, plain.ErrLimit, child.ErrTimeout, child.ErrMemory, child.ErrCrashed} {
		if errors.Is(err, own) {
			return true
		}
	}
	return false
}
