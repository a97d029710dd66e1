package demo

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// dede looks like old; one turns the pages of a list with a box of choices.
type dede struct{ old }

var dedeList = regexp.MustCompile(`^/html/list_(\d+)_(\d+)\.html$`)

func (dede) list(k *column, page int) string {
	return fmt.Sprintf("/html/list_%d_%d.html", k.index+1, page)
}

func (d dede) parse(s *website, at *url.URL) place {
	if p := s.pagesUnder(dedeList, at.Path); p.column != nil {
		return p
	}
	return d.old.parse(s, at).unlisted()
}

func (d dede) turn(_ *handler, k *column, page int) string {
	return fmt.Sprintf("<span class=\"pageinfo\">共 <strong>%d</strong>页<strong>%d</strong>条</span> ", k.pages(), k.count) + choices(d, k, page)
}

// choices is a box that lists the pages of a list by number.
func choices(s style, k *column, page int) string {
	var b strings.Builder
	b.WriteString("<select name='sldd' onchange='location.href=this.options[this.selectedIndex].value;'>")
	for p := 1; p <= k.pages(); p++ {
		selected := ""
		if p == page {
			selected = " selected"
		}
		fmt.Fprintf(&b, "<option value='%s'%s>%d</option>", s.list(k, p), selected, p)
	}
	b.WriteString("</select>")
	return b.String()
}
