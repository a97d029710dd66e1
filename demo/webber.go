package demo

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
)

// webber looks like tagged; it numbers the pages of a list from the last one, which is 1.htm.
type webber struct{ tagged }

var webberList = regexp.MustCompile(`^/([a-z/]+?)(?:/(\d+))?\.htm$`)

func (webber) list(k *column, page int) string {
	if page == 1 {
		return "/" + k.path + ".htm"
	}
	return fmt.Sprintf("/%s/%d.htm", k.path, k.pages()-page+1)
}

func (w webber) parse(s *website, at *url.URL) place {
	p := s.pagesUnder(webberList, at.Path)
	if p.column == nil {
		return w.tagged.parse(s, at).unlisted()
	}
	if m := webberList.FindStringSubmatch(at.Path); m[2] != "" {
		n, _ := strconv.Atoi(m[2])
		return listPlace(p.column, p.column.pages()-n+1)
	}
	return p
}

func (w webber) turn(_ *handler, k *column, page int) string {
	return fmt.Sprintf(`<span>共%d条&nbsp;&nbsp;%d/%d</span> <input id="goto" size="3" /> <a href="javascript:;" onclick="_simple_list_gotopage_fun(%d,'goto',2)">跳转</a>
<script type="text/javascript">function _simple_list_gotopage_fun(total, box) {
  var n = document.getElementById(box).value;
  location.href = n > 1 ? '/%s/' + (total - n + 1) + '.htm' : '%s';
}</script>`, k.count, page, k.pages(), k.pages(), k.path, w.list(k, 1))
}
