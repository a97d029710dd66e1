package compound

import (
	"errors"
	"fmt"

	"terrace/indexer/attach/plain"
)

// Records of a presentation that are read ([MS-PPT] 2.13.24, [MS-ODRAW] 2.2).
const (
	rtDocument       = 1000
	rtSlide          = 1006
	rtNotes          = 1008
	rtNotesAtom      = 1009
	rtSlidePersist   = 1011
	rtSlideShow      = 1017 // SlideShowSlideInfoAtom
	rtDrawing        = 1036
	rtOutlineRef     = 3998
	rtTextHeader     = 3999
	rtTextChars      = 4000
	rtTextBytes      = 4008
	rtSlideNumber    = 4056 // the first of the marks that stand for what changes
	rtSlideList      = 4080 // SlideListWithTextContainer
	rtUserEdit       = 4085
	rtDateTime       = 4087
	rtFooter         = 4090 // the last of those marks
	rtPersist        = 6002 // PersistDirectoryAtom
	artShape         = 0xF00A
	artPictureFrame  = 75 // a type of shape
	encryptedToken   = 0xF3D1C4DF
	maxRecordDepth   = 64
	recordHeaderSize = 8
	slideList        = 0
	notesList        = 2
)

// A record is a record of a presentation. Containers hold records.
type record struct {
	version, instance, kind int
	body                    []byte
}

func (r record) container() bool { return r.version == 15 || r.kind == rtDrawing }

// eachRecord gives the records in b, one behind the other; what is cut off at the end is shorter than it claims.
func eachRecord(b []byte, f func(record)) {
	for len(b) >= recordHeaderSize {
		size := u32(b, 4)
		f(record{version: u16(b, 0) & 15, instance: u16(b, 0) >> 4, kind: u16(b, 2), body: part(b, recordHeaderSize, size)})
		b = part(b, recordHeaderSize+size, len(b))
	}
}

// recordAt is the record that begins at a place in b.
func recordAt(b []byte, at int) record {
	head := part(b, at, recordHeaderSize)
	return record{
		version: u16(head, 0) & 15, instance: u16(head, 0) >> 4, kind: u16(head, 2), body: part(b, at+recordHeaderSize, u32(head, 4)),
	}
}

// readPPT takes the text of a presentation: the slides in order, then the notes. Slides that are not shown and the texts of masters are left out.
// Where the directory of slides is lost, they come in the order of the stream.
func readPPT(c *container, out *plain.Text) error {
	user, userErr := c.stream("Current User")
	if u32(user, 12) == encryptedToken || c.has("EncryptedSummary") {
		return plain.ErrEncrypted
	}
	data, err := c.stream("PowerPoint Document")
	p := &presentation{data: data, out: out, budget: 2 * len(data)}
	persist, document, editErr := p.edits(u32(user, 16))
	if errors.Is(editErr, plain.ErrEncrypted) {
		return editErr
	}
	at, ok := persist[document]
	if top := recordAt(data, at); ok && top.kind == rtDocument {
		slides, notes := lists(top)
		p.slides(slides, persist)
		p.slides(notes, persist)
		return err
	}
	p.stream()
	return errors.Join(err, fmt.Errorf("no directory of slides: %w", errors.Join(userErr, editErr, plain.ErrBroken)))
}

// edits reads the directory of what was saved, from the last time back to the first: the place of each object, and which of them is the document
// (2.1.2).
func (p *presentation) edits(at int) (persist map[int]int, document int, err error) {
	persist = map[int]int{}
	for last := len(p.data); at > 0 && at < last; {
		edit := recordAt(p.data, at)
		if edit.kind != rtUserEdit {
			return persist, document, plain.ErrBroken
		}
		if len(edit.body) >= 32 && u32(edit.body, 28) != 0 {
			return nil, 0, plain.ErrEncrypted
		}
		if document == 0 {
			document = u32(edit.body, 16)
		}
		if directory := recordAt(p.data, u32(edit.body, 12)); directory.kind == rtPersist && p.pay(len(directory.body)) {
			addPersist(persist, directory.body)
		}
		last, at = at, u32(edit.body, 8)
	}
	return persist, document, nil
}

// addPersist adds the places that a directory lists, but for objects that were saved again later (2.3.5).
func addPersist(persist map[int]int, b []byte) {
	for len(b) >= 4 {
		first, n := u32(b, 0)&0xFFFFF, u32(b, 0)>>20
		for i := range min(n, len(b)/4-1) {
			if _, later := persist[first+i]; !later {
				persist[first+i] = u32(b, 4+4*i)
			}
		}
		b = part(b, 4+4*n, len(b))
	}
}

// A slide is an entry of a list: where the slide is, and those of its texts that stand in the list.
type slide struct {
	ref   int
	texts []string
}

// lists are the slides of a document and its notes.
func lists(document record) (slides, notes []slide) {
	eachRecord(document.body, func(r record) {
		switch {
		case r.kind == rtSlideList && r.instance == slideList:
			slides = append(slides, list(r)...)
		case r.kind == rtSlideList && r.instance == notesList:
			notes = append(notes, list(r)...)
		}
	})
	return slides, notes
}

func list(r record) (slides []slide) {
	var t textRun
	flush := func() {
		if n := len(slides); n > 0 && t.open {
			slides[n-1].texts = append(slides[n-1].texts, t.string())
		}
		t = textRun{}
	}
	eachRecord(r.body, func(r record) {
		switch r.kind {
		case rtSlidePersist:
			flush()
			slides = append(slides, slide{ref: u32(r.body, 0)})
		case rtTextHeader:
			flush()
			t.open = true
		default:
			t.add(r)
		}
	})
	flush()
	return slides
}
