package rtf

import (
	"strings"

	"terrace/indexer/attach/plain"
)

// A destination is what the text of a group is.
type destination int

const (
	shown destination = iota
	unseen
	fontTable
	instruction // of a field
	upper       // \upr: its text again in Unicode
)

// destinations are the words that say what a group is; of the groups that begin with \*, only those named here are looked into. The rest of the words
// that RTF 1.9.1 lists as destinations either begin with \* or hold text.
var destinations = map[string]destination{
	"fonttbl": fontTable, "fldinst": instruction, "upr": upper,

	"colortbl": unseen, "stylesheet": unseen, "info": unseen, "listtables": unseen, "filetbl": unseen, "revtbl": unseen, "objdata": unseen,
	"objclass": unseen, "objname": unseen, "pict": unseen, "nonshppict": unseen, "annotation": unseen, "atnid": unseen, "atnauthor": unseen,
	"sn": unseen, "sv": unseen, "sp": unseen, "bkmkstart": unseen, "bkmkend": unseen, "tc": unseen, "tcn": unseen, "xe": unseen, "rxe": unseen,
	"txe": unseen, "ftnsep": unseen, "ftnsepc": unseen, "ftncn": unseen, "aftnsep": unseen, "aftnsepc": unseen, "aftncn": unseen,
	"nonesttables": unseen, "pntxta": unseen, "pntxtb": unseen, "pgptbl": unseen, "listtable": unseen, "listoverridetable": unseen, "rsidtbl": unseen,
	"generator": unseen, "template": unseen, "formfield": unseen, "datafield": unseen, "themedata": unseen, "colorschememapping": unseen,
	"latentstyles": unseen, "datastore": unseen, "xmlnstbl": unseen, "mmathPr": unseen, "private": unseen, "private1": unseen, "shprslt": unseen,

	"ud": shown, "do": shown, "shpinst": shown, "shppict": shown, "shptxt": shown, "footnote": shown, "header": shown, "headerl": shown, "headerr": shown,
	"headerf": shown, "footer": shown, "footerl": shown, "footerr": shown, "footerf": shown, "fldrslt": shown, "result": shown,
}

// enter follows a word that may say what the group is. optional is that \* stands before it.
func (r *reader) enter(name string, optional bool) {
	kind, known := destinations[name]
	before := len(r.outer) - 1
	switch {
	case !known:
		if optional {
			r.out = nil
		}
	case name == "ud" && before > 0 && r.outer[before].kind == upper:
		r.kind, r.out = shown, r.outer[before-1].out
	case r.out == nil:
	case kind == shown:
		r.aside(name)
	case kind == instruction:
		r.kind, r.out = kind, plain.New(maxCode)
	default:
		if name == "pict" {
			r.out.Picture()
		}
		r.kind, r.out = kind, nil
	}
}

// maxCode is how much of a field's code is looked at, in bytes.
const maxCode = 256

// aside sees to it that what stands at the edge of the page does not fall into the sentence where it is anchored.
func (r *reader) aside(name string) {
	switch {
	case name == "fldrslt" && r.ofPages:
		r.out = nil
	case name == "footnote":
		r.out, r.rowed = r.notes, false
		r.out.End()
	case strings.HasPrefix(name, "header") || strings.HasPrefix(name, "footer"):
		r.out, r.rowed = r.headers, false
		r.out.End()
	}
}

// leave follows the end of a group: a field whose code is read may be one of page numbers, which are no text.
func (r *reader) leave(ended group) {
	if ended.kind != instruction || r.kind == instruction || ended.out == nil {
		return
	}
	name, _, _ := strings.Cut(ended.out.String(), " ")
	switch strings.ToUpper(name) {
	case "PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF":
		r.ofPages = true
	}
}
