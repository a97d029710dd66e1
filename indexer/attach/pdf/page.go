package pdf

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"terrace/indexer/attach/plain"
)

const (
	maxObjects = 1000 // objects of a page among which a picture is looked for
	maxDepth   = 4    // of forms in forms among them
)

type document struct {
	pdfium pdfium.Pdfium
	ref    references.FPDF_DOCUMENT
}

func (d document) read(ctx context.Context, pages int, out *plain.Text) (err error) {
	w := writer{out: out}
	defer w.end()
	for n := range min(pages, maxPages) {
		if ctx.Err() != nil || out.Full() {
			return err
		}
		text, pageErr := d.text(n)
		if pageErr != nil {
			err = broken(fmt.Sprintf("read page %d of PDF", n+1), pageErr)
			if !errors.Is(pageErr, pdferrors.ErrPage) {
				return err // the module has failed
			}
		}
		if strings.ContainsFunc(text, isText) {
			w.page(n+1, text)
		} else if d.hasPicture(n) {
			out.Picture()
		}
	}
	if pages > maxPages {
		return fmt.Errorf("read PDF of %d pages: %w", pages, plain.ErrLimit)
	}
	return err
}

func isText(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

func (d document) page(n int) requests.Page {
	return requests.Page{ByIndex: &requests.PageByIndex{Document: d.ref, Index: n}}
}

func (d document) text(n int) (string, error) {
	loaded, err := d.pdfium.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: d.page(n)})
	if err != nil {
		return "", err
	}
	defer d.pdfium.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: loaded.TextPage})
	count, err := d.pdfium.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: loaded.TextPage})
	if err != nil || count.Count <= 0 {
		return "", err
	}
	text, err := d.pdfium.FPDFText_GetText(&requests.FPDFText_GetText{TextPage: loaded.TextPage, Count: count.Count})
	if err != nil {
		return "", err
	}
	return text.Text, nil
}

func (d document) hasPicture(n int) bool {
	count, err := d.pdfium.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: d.page(n)})
	if err != nil {
		return false
	}
	left := maxObjects
	for i := range min(count.Count, maxObjects) {
		object, err := d.pdfium.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: d.page(n), Index: i})
		if err == nil && d.isPicture(object.PageObject, maxDepth, &left) {
			return true
		}
	}
	return false
}

// isPicture reports that an object is a picture, or a form that holds one.
func (d document) isPicture(object references.FPDF_PAGEOBJECT, depth int, left *int) bool {
	kind, err := d.pdfium.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object})
	if *left--; err != nil || *left < 0 || depth == 0 {
		return false
	}
	if kind.Type != enums.FPDF_PAGEOBJ_FORM {
		return kind.Type == enums.FPDF_PAGEOBJ_IMAGE
	}
	count, err := d.pdfium.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: object})
	if err != nil {
		return false
	}
	for i := range min(count.Count, maxObjects) {
		inner, err := d.pdfium.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: object, Index: uint64(i)})
		if err == nil && d.isPicture(inner.PageObject, depth-1, left) {
			return true
		}
	}
	return false
}
