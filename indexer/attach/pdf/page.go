package pdf

import (
	"context"
	"errors"
	"fmt"
	"unicode"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"terrace/indexer/attach/plain"
)

const (
	maxObjects  = 1000 // objects of a page among which a picture is looked for
	maxDepth    = 4    // of forms in forms among them
	fewOnPage   = 10   // letters: a stamp or the number of a page, as a scanner adds them
	manyStrokes = 20   // lines and shapes that are letters in outlines rather than a frame
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
		said := countText(text)
		if said > 0 {
			w.page(n+1, text)
		}
		if said < fewOnPage && d.isDrawn(n, text == "") {
			out.Picture()
		}
	}
	if pages > maxPages {
		return fmt.Errorf("read PDF of %d pages: %w", pages, plain.ErrLimit)
	}
	return err
}

func countText(text string) (n int) {
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			n++
		}
	}
	return n
}

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

// isDrawn reports that a page shows a picture or, where it has no text at all, text that cannot be read or is drawn in outlines.
func (d document) isDrawn(n int, silent bool) bool {
	count, err := d.pdfium.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: d.page(n)})
	if err != nil {
		return false
	}
	left, strokes := maxObjects, 0
	for i := range min(count.Count, maxObjects) {
		object, err := d.pdfium.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: d.page(n), Index: i})
		if err != nil {
			continue
		}
		if d.isPicture(object.PageObject, maxDepth, &left) {
			return true
		}
		switch kind, err := d.pdfium.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object.PageObject}); {
		case err != nil || !silent:
		case kind.Type == enums.FPDF_PAGEOBJ_TEXT:
			return true
		case kind.Type == enums.FPDF_PAGEOBJ_PATH:
			strokes++
		}
	}
	return strokes >= manyStrokes
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
