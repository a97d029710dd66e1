package compound

import (
	"unicode/utf16"

	"terrace/indexer/attach/plain"
)

// A presentation is one while it is read.
type presentation struct {
	data   []byte
	out    *plain.Text
	budget int // bytes of the stream that may still be gone through, for slides can share them
}

func (p *presentation) pay(n int) bool {
	p.budget -= n
	return p.budget >= 0
}

// slides writes the slides of a list.
func (p *presentation) slides(list []slide, persist map[int]int) {
	for _, s := range list {
		if p.out.Full() {
			return
		}
		at, ok := persist[s.ref]
		r := recordAt(p.data, at)
		if ok && (r.kind == rtSlide || r.kind == rtNotes) && p.pay(len(r.body)) {
			p.slide(r, s.texts)
			continue
		}
		for _, text := range s.texts {
			p.paragraphs(text)
		}
	}
}

// slide writes a slide: its shapes in order, with those of the texts of the list that they refer to, then the rest of these.
func (p *presentation) slide(r record, texts []string) {
	shown := true
	eachRecord(r.body, func(r record) {
		if r.kind == rtSlideShow && u16(r.body, 10)&4 != 0 {
			shown = false
		}
	})
	if !shown {
		return
	}
	s := shapes{presentation: p, texts: texts, told: make([]bool, len(texts))}
	eachRecord(r.body, func(r record) {
		if r.kind == rtDrawing {
			s.walk(r, 0)
		}
	})
	for i, text := range texts {
		if !s.told[i] {
			p.paragraphs(text)
		}
	}
}

func (p *presentation) paragraphs(text string) {
	p.out.Write(text)
	p.out.End()
}

// stream writes the slides as they stand in the stream, with texts of lists before them.
func (p *presentation) stream() {
	eachRecord(p.data, func(r record) {
		switch r.kind {
		case rtDocument:
			slides, notes := lists(r)
			p.slides(slides, nil)
			p.slides(notes, nil)
		case rtSlide, rtNotes:
			if !notesMaster(r) {
				p.slide(r, nil)
			}
		}
	})
}

// notesMaster reports whether notes belong to no slide (2.5.6).
func notesMaster(r record) bool {
	master := false
	eachRecord(r.body, func(r record) { master = master || r.kind == rtNotesAtom && u32(r.body, 0) == 0 })
	return master
}

// shapes writes the shapes of a slide.
type shapes struct {
	*presentation
	texts []string
	told  []bool
}

// walk goes through the records of a drawing. The text of a shape is what its records say together.
func (s *shapes) walk(r record, depth int) {
	if depth > maxRecordDepth {
		return
	}
	var t textRun
	eachRecord(r.body, func(r record) {
		switch {
		case r.container():
			s.walk(r, depth+1)
		case r.kind == artShape && r.instance == artPictureFrame:
			s.out.Picture()
		case r.kind == rtOutlineRef:
			if i := u32(r.body, 0); i < len(s.texts) && !s.told[i] {
				s.told[i] = true
				s.paragraphs(s.texts[i])
			}
		case r.kind == rtTextHeader:
			s.paragraphs(t.string())
			t = textRun{}
		default:
			t.add(r)
		}
	})
	s.paragraphs(t.string())
}

// A textRun is text and the marks in it that stand for numbers of slides, dates and footers.
type textRun struct {
	open bool
	text []uint16
}

func (t *textRun) add(r record) {
	switch {
	case r.kind == rtTextChars:
		t.text = append(t.text, units(r.body)...)
	case r.kind == rtTextBytes:
		for _, b := range r.body {
			t.text = append(t.text, uint16(b))
		}
	case r.kind == rtSlideNumber || r.kind >= rtDateTime && r.kind <= rtFooter:
		if at := u32(r.body, 0); at < len(t.text) {
			t.text[at] = 0
		}
	}
}

func (t *textRun) string() string { return string(utf16.Decode(t.text)) }
