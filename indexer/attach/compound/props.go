package compound

import "slices"

// The properties of characters and paragraphs that matter here ([MS-DOC] 2.6).
const (
	cDeleted   = 0x0800 // sprmCFRMarkDel
	cHidden    = 0x083C // sprmCFVanish
	cSymbol    = 0x6A09 // sprmCSymbol: a sign of a font stands for the character
	pInTable   = 0x2416 // sprmPFInTable
	pRowEnd    = 0x2417 // sprmPFTtp
	pHuge      = 0x6646 // sprmPHugePapx: the properties are too many for their page, as those of rows with many cells
	pHuge97    = 0x6645 // as Word 97 wrote it
	tTable     = 0xD608 // sprmTDefTable, with a length of two bytes
	pTabs      = 0xC615 // sprmPChgTabs, whose length may be in what follows
	fkpSize    = 512
	maxFkpRuns = 101
)

// A span is bytes [from, to) of the document stream.
type span struct{ from, to int }

// spans are spans in order. The one asked for last is kept, as most questions go on from there.
type spans struct {
	list []span
	at   int
}

// has reports whether a byte is in a span. Questions in rising order cost nothing.
func (s *spans) has(fc int) bool {
	if s.at > 0 && s.list[s.at-1].to > fc {
		s.at, _ = slices.BinarySearchFunc(s.list, fc, func(a span, fc int) int { return a.to - fc - 1 })
	}
	for s.at < len(s.list) && s.list[s.at].to <= fc {
		s.at++
	}
	return s.at < len(s.list) && s.list[s.at].from <= fc
}

func (s *spans) add(from, to int) {
	if from < to {
		s.list = append(s.list, span{from, to})
	}
}

// sort puts the spans in order and joins those that overlap.
func (s *spans) sort() {
	slices.SortFunc(s.list, func(a, b span) int { return a.from - b.from })
	joined := s.list[:0]
	for _, a := range s.list {
		if n := len(joined); n > 0 && a.from <= joined[n-1].to {
			joined[n-1].to = max(joined[n-1].to, a.to)
			continue
		}
		joined = append(joined, a)
	}
	s.list = joined
}

// A look is what the properties say of the bytes of text.
type look struct {
	unseen  spans // hidden, deleted, or a sign of a font
	inTable spans
	rowEnds spans
}

func (f *fib) look() *look {
	l := &look{}
	f.runs(fcChpx, 1, func(from, to int, props []byte) {
		unseen := false
		each(props, func(code, value int) {
			unseen = unseen || code == cSymbol || (code == cHidden || code == cDeleted) && value&1 != 0
		})
		if unseen {
			l.unseen.add(from, to)
		}
	})
	f.runs(fcPapx, 13, func(from, to int, props []byte) {
		each(part(props, 2, len(props)), func(code, value int) {
			switch {
			case code == pInTable && value != 0:
				l.inTable.add(from, to)
			case code == pRowEnd && value != 0, code == pHuge, code == pHuge97:
				l.rowEnds.add(from, to)
			}
		})
	})
	l.unseen.sort()
	l.inTable.sort()
	l.rowEnds.sort()
	return l
}

// runs goes through the pages of properties that a pair lists (2.8.5, 2.8.6): of each run of text its place in the document stream and its
// properties. entry is the size of what points from a run to them.
func (f *fib) runs(pair, entry int, each func(from, to int, props []byte)) {
	plc := f.in(pair)
	n := (len(plc) - 4) / 8
	for i := range min(n, len(f.doc)/fkpSize) {
		page := part(f.doc, (u32(plc, 4*(n+1)+4*i)&0x3FFFFF)*fkpSize, fkpSize)
		runs := min(u8(page, fkpSize-1), maxFkpRuns)
		for r := range runs {
			at := 2 * u8(page, 4*(runs+1)+entry*r)
			if at == 0 {
				continue
			}
			size := u8(page, at)
			switch {
			case entry == 1:
			case size == 0:
				at++
				size = 2 * u8(page, at)
			default:
				size = 2*size - 1
			}
			each(u32(page, 4*r), u32(page, 4*r+4), part(page, at+1, size))
		}
	}
}

// each goes through a list of properties (2.2.5.1) and gives the first byte of each value.
func each(props []byte, f func(code, value int)) {
	for at := 0; at+2 < len(props); {
		code := u16(props, at)
		at += 2
		f(code, u8(props, at))
		switch code >> 13 {
		case 0, 1:
			at++
		case 2, 4, 5:
			at += 2
		case 3:
			at += 4
		case 7:
			at += 3
		default:
			at += variable(code, props, at)
		}
	}
}

// variable is the size of a value that says its own.
func variable(code int, props []byte, at int) int {
	switch size := u8(props, at); {
	case code == tTable:
		return 1 + u16(props, at)
	case code == pTabs && size == 255:
		deleted := u8(props, at+1)
		return 3 + 4*deleted + 3*u8(props, at+2+4*deleted)
	default:
		return 1 + size
	}
}
