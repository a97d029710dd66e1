package office

import (
	"strings"

	"terrace/indexer/attach/pack"
)

// A drawing reads shapes: those of a slide, of a notes page, of a sheet, and the points of a diagram.
type drawing struct {
	*writer
	x     *pack.Scanner
	pack  *pack.Pack
	links links
	notes bool // only the body is wanted, not the number and the date of the page
}

// readDrawing reads the shapes of a part in their order.
func readDrawing(p *pack.Pack, part string, w *writer, notes bool) error {
	return p.Scan(part, func(x *pack.Scanner) {
		d := &drawing{writer: w, x: x, pack: p, links: readLinks(p, part), notes: notes}
		x.Each(d.element)
		w.out.End()
	})
}

// readDiagram reads the texts of a diagram's data (ECMA-376 part 1, 21.4): the points hold them.
func readDiagram(p *pack.Pack, part string, w *writer) {
	_ = p.Scan(part, func(x *pack.Scanner) {
		d := &drawing{writer: w, x: x, pack: p}
		x.Each(func(string) { x.Each(d.points) })
	})
}

// points reads a list of points, each with its text in a t of its own.
func (d *drawing) points(name string) {
	if name != "ptLst" {
		return
	}
	d.x.Each(func(string) {
		d.x.Each(func(name string) {
			if name == "t" {
				d.x.Each(d.element)
			}
		})
	})
}

func (d *drawing) element(name string) {
	switch name {
	case "sp", "grpSp", "graphicFrame", "cxnSp", "pic":
		d.shape(name)
	case "p":
		d.x.Each(d.element)
		d.end()
	case "t":
		d.write(d.x.Text())
	case "br":
		d.end()
	case "fld":
		if kind := d.x.Attr("type"); kind != "slidenum" && !strings.HasPrefix(kind, "datetime") {
			d.x.Each(d.element)
		}
	case "tr":
		d.x.Each(d.element)
		d.end()
	case "tc":
		d.cell(2, func() { d.x.Each(d.element) })
	case "AlternateContent":
		d.alternate(d.x, d.element)
	case "relIds":
		if part := d.links.byID[d.x.Link("dm")]; part != "" {
			readDiagram(d.pack, part, d.writer)
		}
	case "rPr", "pPr", "endParaRPr", "bodyPr", "lstStyle", "spPr", "grpSpPr", "bg", "style", "tblPr", "tcPr", "extLst", "timing", "transition":
	default:
		d.x.Each(d.element)
	}
}

// shape reads a shape unless it is hidden. Its first element says that, and what of a page it holds.
func (d *drawing) shape(kind string) {
	hidden := false
	d.x.Each(func(name string) {
		switch {
		case strings.HasPrefix(name, "nv"):
			hidden = d.unseen()
		case !hidden:
			d.element(name)
		}
	})
	if kind == "pic" && !hidden {
		d.picture()
	}
}

// unseen reads the properties of a shape that are not about its looks.
func (d *drawing) unseen() (hidden bool) {
	d.x.Each(func(name string) {
		if name == "cNvPr" && d.x.Attr("hidden") != "" && truth(d.x.Attr("hidden")) {
			hidden = true
		}
		if name != "nvPr" || !d.notes {
			return
		}
		body := false
		d.x.Each(func(name string) { body = body || name == "ph" && d.x.Attr("type") == "body" })
		hidden = hidden || !body
	})
	return hidden
}
