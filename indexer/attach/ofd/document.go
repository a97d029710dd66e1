package ofd

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"terrace/indexer/attach/pack"
	"terrace/indexer/attach/plain"
)

// maxPages is how many pages of a document are read.
const maxPages = 5000

// A document is read page by page.
type document struct {
	pack *pack.Pack
	out  *plain.Text
	root string

	pages       []page
	templates   map[string]string // parts by id, but for those already shown
	resources   []string          // locations
	annotations string
	units       map[string][]object // composite graphic units by id, but for those already shown
	shown       map[string]bool     // wordings of annotations
}

type page struct {
	id, loc string
}

func (d *document) read() error {
	d.templates, d.units, d.shown = map[string]string{}, map[string][]object{}, map[string]bool{}
	if !strings.EqualFold(path.Base(d.root), "Content.xml") {
		if err := d.structure(); len(d.pages) == 0 {
			return err
		}
	} else {
		d.pages = []page{{loc: "/" + d.root}}
	}
	err := d.readUnits()
	for _, pg := range d.pages {
		err = cmp.Or(err, d.page(pg))
	}
	return cmp.Or(err, d.readAnnotations())
}

func (d *document) folder() string { return path.Dir(d.root) }

// structure reads the root part (7.5).
func (d *document) structure() error {
	return d.pack.Scan(d.root, func(x *pack.Scanner) {
		x.Each(func(string) {
			x.Each(func(name string) {
				switch name {
				case "CommonData":
					x.Each(func(name string) { d.common(x, name) })
				case "Pages":
					x.Each(func(string) {
						if len(d.pages) < maxPages {
							d.pages = append(d.pages, page{id: x.Attr("ID"), loc: x.Attr("BaseLoc")})
						}
					})
				case "Annotations":
					d.annotations = x.Text()
				}
			})
		})
	})
}

func (d *document) common(x *pack.Scanner, name string) {
	switch name {
	case "TemplatePage":
		d.templates[x.Attr("ID")] = x.Attr("BaseLoc")
	case "PublicRes", "DocumentRes":
		if len(d.resources) < maxDocuments {
			d.resources = append(d.resources, x.Text())
		}
	}
}

// readUnits reads the composite graphic units of the resources (13): drawings that pages use by name.
func (d *document) readUnits() (err error) {
	for _, loc := range d.resources {
		part := locate(d.pack, loc, d.folder())
		if part == "" {
			continue // a page is read without it
		}
		err = cmp.Or(err, d.pack.Scan(part, func(x *pack.Scanner) {
			x.Each(func(string) {
				x.Each(func(name string) {
					if name == "CompositeGraphicUnits" {
						x.Each(func(string) {
							id := x.Attr("ID")
							r := reader{x: x}
							x.Each(r.element)
							d.units[id] = r.objects
						})
					}
				})
			})
		}))
	}
	return err
}

// page writes a page together with the templates that no page before had.
func (d *document) page(pg page) error {
	part := locate(d.pack, pg.loc, d.folder())
	if part == "" {
		part = strings.TrimSpace(pg.loc) // so that the error names it
	}
	objects, templates, err := d.objects(part)
	for _, id := range templates {
		loc, fresh := d.templates[id]
		if !fresh {
			continue
		}
		delete(d.templates, id)
		if part := locate(d.pack, loc, d.folder()); part != "" {
			below, _, wrong := d.objects(part)
			objects, err = append(below, objects...), cmp.Or(err, wrong)
		}
	}
	d.write(objects, nil)
	return err
}

// objects reads the content of a page or template (7.7), and which templates it stands on.
func (d *document) objects(part string) (all []object, templates []string, err error) {
	r := reader{}
	err = d.pack.Scan(part, func(x *pack.Scanner) {
		r.x = x
		x.Each(func(string) {
			x.Each(func(name string) {
				switch name {
				case "Template":
					templates = append(templates, x.Attr("TemplateID"))
				case "Content":
					x.Each(r.element)
				}
			})
		})
	})
	return r.objects, templates, err
}

// write lays out objects and writes their lines but those already seen, where that is asked for.
func (d *document) write(objects []object, seen map[string]bool) {
	var pieces []piece
	for _, o := range objects {
		if o.picture {
			d.out.Picture()
		}
		for _, part := range d.units[o.unit] {
			pieces = append(pieces, part.within(o).pieces()...)
		}
		delete(d.units, o.unit)
		pieces = append(pieces, o.pieces()...)
	}
	for _, l := range paragraphs(pieces) {
		text := strings.Join(l, "\t")
		if seen[text] {
			continue
		}
		if seen != nil {
			seen[text] = true
		}
		for _, cell := range l {
			d.out.Write(cell)
			d.out.Cell()
		}
		d.out.End()
	}
}

// readAnnotations writes what annotations show (15): each page's are in a part of their own.
func (d *document) readAnnotations() error {
	list := locate(d.pack, d.annotations, d.folder())
	if list == "" {
		return nil
	}
	var parts []string
	err := d.pack.Scan(list, func(x *pack.Scanner) {
		x.Each(func(string) {
			x.Each(func(string) {
				x.Each(func(name string) {
					if part := locate(d.pack, x.Text(), path.Dir(list), d.folder()); part != "" && len(parts) < maxPages {
						parts = append(parts, part)
					}
				})
			})
		})
	})
	for _, part := range slices.Compact(parts) {
		err = cmp.Or(err, d.pack.Scan(part, d.annotated))
	}
	return err
}

// annotated writes the appearances of a page's annotations.
func (d *document) annotated(x *pack.Scanner) {
	x.Each(func(string) {
		x.Each(func(string) {
			if x.Attr("Visible") == "false" {
				return
			}
			x.Each(func(name string) {
				if name != "Appearance" {
					return
				}
				r := reader{x: x}
				x.Each(r.element)
				d.write(r.objects, d.shown)
			})
		})
	})
}
