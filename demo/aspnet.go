package demo

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// aspnet looks like old; to turn the pages of a list its form is sent back to it.
type aspnet struct{ old }

const aspnetPager = "AspNetPager1"

func (aspnet) list(k *column, _ int) string {
	return fmt.Sprintf("/NewsList.aspx?ClassID=%d", k.index+1)
}

func (a aspnet) parse(s *website, at *url.URL) place {
	id, _ := strconv.Atoi(at.Query().Get("ClassID"))
	if at.Path == "/NewsList.aspx" && id >= 1 && id <= len(s.columns) {
		return listPlace(s.columns[id-1], 1)
	}
	return a.old.parse(s, at).unlisted()
}

// viewState is what a form has to bring back.
func viewState(k *column) string { return "/wEPDwUKMTIz" + strconv.Itoa(k.index+k.count) }

// postedPage is the page of a list that a form asks for, or nowhere where it is not the list's own form.
func postedPage(first place, r *http.Request) place {
	n, err := strconv.Atoi(r.PostFormValue("__EVENTARGUMENT"))
	if err != nil || first.index >= 0 || r.PostFormValue("__EVENTTARGET") != aspnetPager || r.PostFormValue("__VIEWSTATE") != viewState(first.column) {
		return place{}
	}
	return listPlace(first.column, n)
}

func (a aspnet) turn(_ *handler, k *column, page int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<form method="post" id="form1" action="%s"><input type="hidden" name="__EVENTTARGET"><input type="hidden" name="__EVENTARGUMENT">
<input type="hidden" name="__VIEWSTATE" value="%s"><div id="%s">共%d条/%d页 第%d页 `, a.list(k, 1), viewState(k), aspnetPager, k.count, k.pages(), page)
	for _, p := range []int{page - 1, page + 1, k.pages()} {
		if p >= 1 && p <= k.pages() && p != page {
			fmt.Fprintf(&b, `<a href="javascript:__doPostBack('%s','%d')">%d</a> `, aspnetPager, p, p)
		}
	}
	b.WriteString(`</div></form><script>function __doPostBack(t, a) { var f = document.getElementById('form1'); f.__EVENTTARGET.value = t; f.__EVENTARGUMENT.value = a; f.submit(); }</script>`)
	return b.String()
}
