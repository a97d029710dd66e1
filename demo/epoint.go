package demo

import (
	"fmt"
	"net/url"
	"regexp"
)

// epoint looks like clean; the pages of a list are moreinfo.html, 2.html and so on, opened by a script.
type epoint struct{ clean }

var epointList = regexp.MustCompile(`^/([a-z/]+)/(?:moreinfo|(\d+))\.html$`)

func (epoint) list(k *column, page int) string {
	if page == 1 {
		return "/" + k.path + "/moreinfo.html"
	}
	return fmt.Sprintf("/%s/%d.html", k.path, page)
}

func (e epoint) parse(s *website, at *url.URL) place {
	if p := s.pagesUnder(epointList, at.Path); p.column != nil {
		return p
	}
	return e.clean.parse(s, at).unlisted()
}

func (epoint) turn(_ *handler, k *column, page int) string {
	return fmt.Sprintf(`<div class="ewb-page" id="categorypagingcontent"><p class="ewb-page-number">%d/%d</p>
<a href="javascript:;" onclick="ShowAjaxNewPage(window.location.pathname,'categorypagingcontent',%d)">下页</a></div>
<script>function ShowAjaxNewPage(path, box, n) { location.href = path.replace(/[^\/]*$/, n + '.html'); }</script>`, page, k.pages(), min(page+1, k.pages()))
}
