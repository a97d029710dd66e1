// Package office reads the files of Word, Excel and PowerPoint since 2007 (ECMA-376, transitional and strict) and what WPS writes in their formats:
// documents, templates and those with macros.
//
// The readers follow the XML as it unpacks. They give what a reader of the file sees: nothing hidden, deleted, commented or computed from.
package office

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"terrace/indexer/attach/pack"
)

// kinds are the formats, with the folder their parts stand in and the main part by its usual name.
var kinds = []struct{ name, folder, main string }{
	{"docx", "word/", "word/document.xml"},
	{"xlsx", "xl/", "xl/workbook.xml"},
	{"pptx", "ppt/", "ppt/presentation.xml"},
}

// Kind tells what a ZIP file is by its parts: docx, xlsx, pptx, ofd, or an open format; empty for others, among them xlsb and plain archives. Templates and files
// with macros are of the kind of their documents.
func Kind(p *pack.Pack) string {
	if p.Has("OFD.xml") {
		return "ofd"
	}
	if kind := openKind(p); kind != "" {
		return kind
	}
	main := strings.ToLower(mainPart(p))
	if main == "" {
		return loose(p)
	}
	for _, k := range kinds {
		if strings.HasPrefix(main, k.folder) && path.Ext(main) == ".xml" {
			return k.name
		}
	}
	return ""
}

// loose tells the kind of a file that does not name its main part, or has lost it.
func loose(p *pack.Pack) string {
	office := p.Has("[Content_Types].xml")
	for _, name := range p.Names() {
		name = strings.ToLower(name)
		for _, k := range kinds {
			if name == k.main || office && strings.HasPrefix(name, k.folder) && path.Ext(name) == ".xml" {
				return k.name
			}
		}
		if strings.HasPrefix(name, "doc_0/") && path.Ext(name) == ".xml" {
			return "ofd"
		}
	}
	return ""
}

// mainPart is the part that the relationships of the package name as the document, empty where they name none that is there.
func mainPart(p *pack.Pack) string {
	for _, part := range readLinks(p, "").kinds["officeDocument"] {
		if p.Has(part) {
			return part
		}
	}
	return ""
}

// mainOr is mainPart, or usual.
func mainOr(p *pack.Pack, usual string) string {
	if main := mainPart(p); main != "" {
		return main
	}
	return usual
}

// links are the relationships of a part to others of the file (ECMA-376 part 2, 9.3).
type links struct {
	byID  map[string]string
	kinds map[string][]string // parts in order by the last word of the type
}

// readLinks reads the relationships of a part; those of the package where part is empty. A damaged list gives those before the damage.
func readLinks(p *pack.Pack, part string) links {
	l := links{byID: map[string]string{}, kinds: map[string][]string{}}
	dir, file := path.Split(part)
	list := dir + "_rels/" + file + ".rels"
	if !p.Has(list) {
		return l
	}
	_ = p.Scan(list, func(x *pack.Scanner) {
		x.Each(func(string) {
			x.Each(func(name string) {
				if name != "Relationship" || x.Attr("TargetMode") == "External" {
					return
				}
				kind, part := path.Base(x.Attr("Type")), target(dir, x.Attr("Target"))
				l.byID[x.Attr("Id")] = part
				l.kinds[kind] = append(l.kinds[kind], part)
			})
		})
	})
	return l
}

// target is the part that a relationship of a part in dir names.
func target(dir, name string) string {
	name = strings.ReplaceAll(name, `\`, "/")
	if strings.HasPrefix(name, "/") {
		return path.Clean(name)[1:]
	}
	return strings.TrimPrefix(path.Clean("/"+dir+name), "/")
}

// numbered are the parts called prefix, number, ".xml", by number: what there is to read where the main part is lost.
func numbered(p *pack.Pack, prefix string) (parts []string) {
	number := func(name string) int {
		low := strings.ToLower(name)
		if !strings.HasPrefix(low, prefix) || !strings.HasSuffix(low, ".xml") {
			return -1
		}
		n, err := strconv.Atoi(low[len(prefix) : len(low)-len(".xml")])
		if err != nil {
			return -1
		}
		return n
	}
	for _, name := range p.Names() {
		if number(name) >= 0 {
			parts = append(parts, name)
		}
	}
	slices.SortStableFunc(parts, func(a, b string) int { return number(a) - number(b) })
	return parts
}

// truth reads an attribute of the types ST_OnOff and boolean, where it is given.
func truth(value string) bool {
	switch strings.ToLower(value) {
	case "0", "false", "off", "no":
		return false
	}
	return true
}
