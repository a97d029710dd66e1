package compound

import (
	"errors"
	"slices"
	"testing"

	"terrace/indexer/attach/plain"
)

func atom(kind, instance int, body ...[]byte) []byte {
	all := slices.Concat(body...)
	return slices.Concat(n16(instance<<4, kind), words([]int{len(all)}), all)
}

func box(kind, instance int, records ...[]byte) []byte {
	b := atom(kind, instance, records...)
	put16(b, 0, instance<<4|15)
	return b
}

// shape is a shape of a drawing with the records of its text.
func shape(records ...[]byte) []byte { return box(0xF004, 0, box(0xF00D, 0, records...)) }

func chars(s string) []byte {
	return slices.Concat(atom(rtTextHeader, 0, n16(0, 0)), atom(rtTextChars, 0, utf16le(s)))
}

func slideOf(kind int, shapes ...[]byte) []byte {
	return box(kind, 0, box(rtDrawing, 0, box(0xF002, 0, box(0xF003, 0, shapes...))))
}

// A show is a presentation to be built. Objects are numbered from 2; the document is 1.
type show struct {
	slides, notes [][]byte   // objects
	outline       [][][]byte // records of each slide in the list
	old           [][]byte   // of a time before, under the numbers of the slides
	password      bool
	lost          bool // the place of the last edit
}

func (s show) file() []byte {
	objects := slices.Concat(s.slides, s.notes)
	var lists [2][]byte
	for i := range objects {
		entry := atom(rtSlidePersist, 0, words([]int{i + 2, 0, 0, 0, 0}))
		if i < len(s.outline) {
			entry = slices.Concat(entry, slices.Concat(s.outline[i]...))
		}
		if i < len(s.slides) {
			lists[0] = append(lists[0], entry...)
		} else {
			lists[1] = append(lists[1], entry...)
		}
	}
	document := box(rtDocument, 0, box(rtSlideList, 1), box(rtSlideList, slideList, lists[0]), box(rtSlideList, notesList, lists[1]))
	stream := box(1016, 0, chars("单击此处编辑母版标题样式"))
	last := 0
	save := func(objects [][]byte) {
		var places []int
		for _, o := range objects {
			places = append(places, len(stream))
			stream = append(stream, o...)
		}
		directory := len(stream)
		stream = append(stream, atom(rtPersist, 0, words([]int{1 | len(places)<<20}), words(places))...)
		edit := []int{0, 0, last, directory, 1, 0, 0}
		if s.password {
			edit = append(edit, 9)
		}
		last = len(stream)
		stream = append(stream, atom(rtUserEdit, 0, words(edit))...)
	}
	if s.old != nil {
		save(append([][]byte{document}, s.old...))
	}
	save(append([][]byte{document}, objects...))
	if s.lost {
		last = 1 << 20
	}
	user := atom(4086, 0, words([]int{20, 0xE391C05F, last}))
	return streams{"PowerPoint Document": stream, "Current User": user}.file()
}

func TestPresentation(t *testing.T) {
	hidden := box(rtSlide, 0, atom(rtSlideShow, 0, make([]byte, 10), n16(4)), slideOf(rtSlide, shape(chars("藏")))[8:])
	number := slices.Concat(chars("第*页"), atom(rtSlideNumber, 0, words([]int{1})))
	for _, c := range []struct {
		name string
		s    show
		want string
	}{
		{"shapes in order", show{slides: [][]byte{slideOf(rtSlide, shape(chars("标题")), shape(chars("要点一\r要点二\v续")))}}, "标题\n要点一\n要点二\n续"},
		{"a byte a character", show{slides: [][]byte{slideOf(rtSlide, shape(atom(rtTextBytes, 0, []byte("caf\xe9"))))}}, "café"},
		{"slides in the order of the list, then notes", show{
			slides: [][]byte{slideOf(rtSlide, shape(chars("一"))), slideOf(rtSlide, shape(chars("二")))},
			notes:  [][]byte{slideOf(rtNotes, shape(chars("注")))},
		}, "一\n二\n注"},
		{"texts that stand in the list", show{
			slides:  [][]byte{slideOf(rtSlide, shape(atom(rtOutlineRef, 0, words([]int{1}))), shape(chars("图注")), shape(atom(rtOutlineRef, 0, words([]int{7}))))},
			outline: [][][]byte{{chars("正文"), chars("标题")}},
		}, "标题\n图注\n正文"},
		{"only what was saved last", show{
			slides: [][]byte{slideOf(rtSlide, shape(chars("新")))}, old: [][]byte{slideOf(rtSlide, shape(chars("旧")))},
		}, "新"},
		{"groups in groups", show{slides: [][]byte{slideOf(rtSlide, box(0xF003, 0, box(0xF003, 0, shape(chars("深")))))}}, "深"},
		{"numbers of slides", show{slides: [][]byte{slideOf(rtSlide, shape(number))}}, "第页"},
		{"hidden slides", show{slides: [][]byte{hidden, slideOf(rtSlide, shape(chars("显")))}}, "显"},
	} {
		t.Run(c.name, func(t *testing.T) { want(t, c.s.file(), c.want) })
	}
}

func TestPicturesOfPresentations(t *testing.T) {
	out := plain.New(1 << 10)
	s := show{slides: [][]byte{slideOf(rtSlide, box(0xF004, 0, atom(artShape, artPictureFrame, make([]byte, 8))))}}
	if err := Read(s.file(), out); err != nil || out.Pictures() != 1 {
		t.Errorf("got %d pictures, %v; want 1", out.Pictures(), err)
	}
}

func TestPresentationsWithPassword(t *testing.T) {
	if _, err := read(t, show{slides: [][]byte{slideOf(rtSlide, shape(chars("密")))}, password: true}.file()); !errors.Is(err, plain.ErrEncrypted) {
		t.Errorf("got %v, want %v", err, plain.ErrEncrypted)
	}
}

// TestPresentationsWithoutDirectory reads the slides as they stand in the stream, but for the master of the notes.
func TestPresentationsWithoutDirectory(t *testing.T) {
	master := box(rtNotes, 0, atom(rtNotesAtom, 0, words([]int{0, 0})), chars("单击此处编辑母版文本样式"))
	s := show{
		slides: [][]byte{slideOf(rtSlide, shape(chars("一"))), slideOf(rtSlide, shape(chars("二")))}, notes: [][]byte{master},
		outline: [][][]byte{{chars("提纲")}}, lost: true,
	}
	if got, err := read(t, s.file()); !errors.Is(err, plain.ErrBroken) || got != "提纲\n一\n二" {
		t.Errorf("got %q, %v", got, err)
	}
}
