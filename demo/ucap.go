package demo

import (
	"fmt"
	"net/url"
	"regexp"
)

// ucap looks like tagged; its script counts the pages of a list from 1.
type ucap struct{ tagged }

var ucapList = regexp.MustCompile(`^/([a-z/]+)/list(?:_(\d+))?\.shtml$`)

func (ucap) list(k *column, page int) string {
	if page == 1 {
		return "/" + k.path + "/list.shtml"
	}
	return fmt.Sprintf("/%s/list_%d.shtml", k.path, page)
}

func (u ucap) parse(s *website, at *url.URL) place {
	if p := s.pagesUnder(ucapList, at.Path); p.column != nil {
		return p
	}
	return u.tagged.parse(s, at).unlisted()
}

func (ucap) turn(_ *handler, k *column, page int) string {
	return fmt.Sprintf(`<div id="page_div"></div><script type="text/javascript">
function createPageHTML(box, count, current, name, ext) {
  var html = '';
  for (var i = 1; i <= count; i++) html += '<a href="' + name + (i > 1 ? '_' + i : '') + '.' + ext + '">' + i + '</a> ';
  document.getElementById(box).innerHTML = html;
}
createPageHTML('page_div',%d, %d,'list','shtml',%d);</script>`, k.pages(), page, k.count)
}
