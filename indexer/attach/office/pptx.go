package office

import (
	"cmp"

	"terrace/indexer/attach/pack"
	"terrace/indexer/attach/plain"
)

// ReadPptx takes the text of a presentation: slide by slide in the order they are shown, shapes, tables, groups and diagrams, behind each slide its
// notes. Hidden slides and shapes, slide numbers and what the layout says are left out. The errors are those of pack.Pack; what could be read is in
// out.
func ReadPptx(data []byte, out *plain.Text) error {
	p, err := pack.Open(data)
	if p == nil {
		return err
	}
	slides, orderErr := slideOrder(p)
	err = cmp.Or(err, orderErr)
	for _, slide := range slides {
		err = cmp.Or(err, readSlide(p, slide, &writer{out: out}))
	}
	return err
}

// slideOrder are the slides as they are shown; by their numbers where the presentation does not name any.
func slideOrder(p *pack.Pack) (slides []string, err error) {
	main := mainOr(p, "ppt/presentation.xml")
	all := readLinks(p, main)
	err = p.Scan(main, func(x *pack.Scanner) {
		x.Each(func(string) {
			x.Each(func(name string) {
				if name != "sldIdLst" {
					return
				}
				x.Each(func(string) {
					if part := all.byID[x.Link("id")]; part != "" && len(slides) < pack.MaxEntries {
						slides = append(slides, part)
					}
				})
			})
		})
	})
	if len(slides) == 0 {
		slides = numbered(p, "ppt/slides/slide")
	}
	return slides, err
}

func readSlide(p *pack.Pack, part string, w *writer) error {
	if hiddenSlide(p, part) {
		return nil
	}
	err := readDrawing(p, part, w, false)
	for _, notes := range readLinks(p, part).kinds["notesSlide"] {
		err = cmp.Or(err, readDrawing(p, notes, w, true))
	}
	return err
}

func hiddenSlide(p *pack.Pack, part string) (hidden bool) {
	_ = p.Scan(part, func(x *pack.Scanner) {
		x.Each(func(string) {
			hidden = !truth(x.Attr("show"))
			x.Stop()
		})
	})
	return hidden
}
