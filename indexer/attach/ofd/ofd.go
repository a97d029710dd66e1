// Package ofd reads OFD, the fixed layout format of Chinese public offices (GB/T 33190-2016).
//
// A page is text at positions; what a reader would read is put together from them: lines from pieces, paragraphs from lines.
package ofd

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"terrace/indexer/attach/pack"
	"terrace/indexer/attach/plain"
)

// Read takes the text of an OFD file: of every document in it the version in force, page by page, with what its template says where that is used
// first, and behind the pages what the annotations show (watermarks, seals), each wording once. Custom tags, outlines, attachments and what is marked as
// invisible are left out. The errors are those of pack.Pack; plain.ErrEncrypted too where pages are encrypted by GM/T 0099. What could be read
// is in out.
func Read(data []byte, out *plain.Text) error {
	p, err := pack.Open(data)
	if p == nil {
		return err
	}
	roots, rootErr := readRoots(p)
	err = cmp.Or(err, rootErr)
	before := out.String()
	for _, root := range roots {
		d := &document{pack: p, out: out, root: root}
		err = cmp.Or(err, d.read())
	}
	if p.Has(encryptions) && (err != nil || out.String() == before) {
		return fmt.Errorf("read ofd: %w", plain.ErrEncrypted)
	}
	return err
}

// readRoots are the root parts of the documents: those that OFD.xml names, or where it is lost, those that are there.
func readRoots(p *pack.Pack) (roots []string, err error) {
	var versions []string
	err = p.Scan("OFD.xml", func(x *pack.Scanner) {
		x.Each(func(string) {
			x.Each(func(name string) {
				if name == "DocBody" {
					root, current := readBody(x)
					roots, versions = append(roots, root), append(versions, current)
				}
			})
		})
	})
	var found []string
	for i, root := range roots {
		if v := version(p, versions[i]); v != "" {
			root = v
		}
		if root = locate(p, root, ""); root != "" && !slices.Contains(found, root) && len(found) < maxDocuments {
			found = append(found, root)
		}
	}
	if len(found) > 0 {
		return found, err
	}
	return present(p), err
}

// encryptions is the part that says how others are encrypted (GM/T 0099-2020, C.2).
const encryptions = "Encryptions.xml"

// maxDocuments is how many documents of a file are read.
const maxDocuments = 1000

// readBody reads a DocBody (7.4): the root it names, and the list of its current version.
func readBody(x *pack.Scanner) (root, current string) {
	x.Each(func(name string) {
		switch name {
		case "DocRoot":
			root = strings.TrimSpace(x.Text())
		case "Versions":
			x.Each(func(string) {
				if x.Attr("Current") == "true" || x.Attr("Current") == "1" {
					current = x.Attr("BaseLoc")
				}
			})
		}
	})
	return root, current
}

// version is the root part of a version (annex on versions, DocVersion), empty where it cannot be told.
func version(p *pack.Pack, list string) (root string) {
	part := locate(p, list, "")
	if part == "" {
		return ""
	}
	_ = p.Scan(part, func(x *pack.Scanner) {
		x.Each(func(string) {
			x.Each(func(name string) {
				if name == "DocRoot" {
					root = strings.TrimSpace(x.Text())
				}
			})
		})
	})
	return locate(p, root, path.Dir(part), path.Dir(path.Dir(part)))
}

// present are the root parts that are in the file; where there are none either, its pages, which stand for themselves.
func present(p *pack.Pack) (roots []string) {
	for _, name := range p.Names() {
		if strings.EqualFold(path.Base(name), "Document.xml") && len(roots) < maxDocuments {
			roots = append(roots, name)
		}
	}
	if len(roots) > 0 {
		return roots
	}
	for _, name := range p.Names() {
		if low := strings.ToLower(name); strings.Contains(low, "page") && path.Base(low) == "content.xml" {
			roots = append(roots, name)
		}
	}
	slices.SortStableFunc(roots, func(a, b string) int { return lastNumber(a) - lastNumber(b) })
	return roots
}

// lastNumber is the number that the folder of a part ends in.
func lastNumber(name string) int {
	dir := path.Dir(name)
	n, _ := strconv.Atoi(dir[len(strings.TrimRight(dir, "0123456789")):])
	return n
}

// locate is the part that a location names (7.2): from the root where it begins with a slash, else from the first of the folders from which it leads
// to a part, then from the root. Empty where it leads to none.
func locate(p *pack.Pack, loc string, folders ...string) string {
	loc = strings.TrimSpace(strings.ReplaceAll(loc, `\`, "/"))
	if loc == "" {
		return ""
	}
	if !strings.HasPrefix(loc, "/") {
		for _, folder := range folders {
			if name := path.Join(folder, loc); p.Has(name) {
				return name
			}
		}
	}
	for _, folder := range append([]string{""}, folders...) {
		if name := path.Join(folder, loc); p.Has(name) {
			return strings.TrimPrefix(path.Clean("/"+name), "/")
		}
	}
	return ""
}
