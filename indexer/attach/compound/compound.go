// Package compound reads the binary files of Word, Excel and PowerPoint up to 2003 and what WPS writes in their formats: compound files ([MS-CFB]) that
// hold [MS-DOC], [MS-XLS] and [MS-PPT].
//
// The readers give what a reader of the file sees: nothing hidden, deleted, commented or computed from. They go through a file a fixed number of times,
// however its parts point at each other.
package compound

import (
	"errors"
	"fmt"

	"terrace/indexer/attach/plain"
)

// Kind tells what a compound file is by the streams at its root: doc, xls, ppt; empty for others, and for what is no compound file. Files of WPS are of
// the kind whose format they are in.
func Kind(data []byte) string {
	c, _ := open(data)
	switch {
	case c == nil:
		return ""
	case c.has("WordDocument"):
		return "doc"
	case c.has("Workbook"), c.has("Book"):
		return "xls"
	case c.has("PowerPoint Document"):
		return "ppt"
	}
	return ""
}

// Read takes the text of a document, workbook or presentation. Its errors wrap plain.ErrBroken, plain.ErrEncrypted (also for files since 2007, which are
// compound files when they have a password), plain.ErrUnsupported, or plain.ErrLimit; what could be read is in out.
func Read(data []byte, out *plain.Text) error {
	c, err := open(data)
	if c == nil {
		return err
	}
	switch {
	case c.has("WordDocument"):
		return wrap("doc", errors.Join(err, readDoc(c, out)))
	case c.has("Workbook"):
		return wrap("xls", errors.Join(err, readXLS(c, "Workbook", out)))
	case c.has("Book"):
		return wrap("xls", errors.Join(err, readXLS(c, "Book", out)))
	case c.has("PowerPoint Document"):
		return wrap("ppt", errors.Join(err, readPPT(c, out)))
	case c.has("EncryptedPackage"):
		return wrap("package", plain.ErrEncrypted)
	case err != nil:
		return err
	}
	return wrap("compound file", plain.ErrUnsupported)
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("read %s: %w", what, err)
}
