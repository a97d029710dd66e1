package demo

import (
	"fmt"
	"net/url"
	"regexp"
)

// empire looks like old; its lists say how long they are in a title, and one turns their pages with a box of choices.
type empire struct{ old }

var empireList = regexp.MustCompile(`^/([a-z/]+)/(?:index(?:_(\d+))?\.html)?$`)

func (empire) list(k *column, page int) string {
	if page == 1 {
		return "/" + k.path + "/"
	}
	return fmt.Sprintf("/%s/index_%d.html", k.path, page)
}

func (e empire) parse(s *website, at *url.URL) place {
	if p := s.pagesUnder(empireList, at.Path); p.column != nil {
		return p
	}
	return e.old.parse(s, at).unlisted()
}

func (e empire) turn(_ *handler, k *column, page int) string {
	return fmt.Sprintf(`<a title="总数">&nbsp;<b>%d</b> </a>&nbsp;`, k.count) + choices(e, k, page)
}
