package demo

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// jpaas looks like clean; the other pages of a list are pieces that a script asks for, as JSON.
type jpaas struct{ clean }

const unitPath = "/api-gateway/jpaas-publish-server/front/page/build/unit"

func (jpaas) list(k *column, _ int) string { return fmt.Sprintf("/col/col%d/index.html", k.index+11) }

// pager is the box from which the script takes what it asks for, and how often.
func (jpaas) pager(k *column, page int) string {
	asks := fmt.Sprintf(`{"webId":"%d","pageId":"%d","parseType":"bulidstatic","pageType":"column","tagId":"当前栏目列表"}`, k.site.index, k.index+11)
	return fmt.Sprintf(`<table class="pagination" querydata="%s" uniturl="%s" count="%d" rows="%d" pageno="%d"></table>`, html.EscapeString(asks), unitPath, k.count, perPage, page)
}

// unit answers with a piece of a list, or says that it failed.
func (s jpaas) unit(h *handler, query url.Values) reply {
	var asked struct{ PageNo int }
	answer := map[string]any{"success": false, "code": "500", "message": "参数有误"}
	id, err := strconv.Atoi(query.Get("pageId"))
	if err == nil && json.Unmarshal([]byte(query.Get("paramJson")), &asked) == nil && id >= 11 && id < 11+len(h.site.columns) && asked.PageNo >= 1 {
		k := h.site.columns[id-11]
		var rows strings.Builder
		for _, i := range h.items(k, (asked.PageNo-1)*perPage, perPage) {
			fmt.Fprintf(&rows, `<li><a href="%s" title="%s">%s</a><time>%s</time></li>`, i.URL, i.Text, cut(24, i.Text), dotted(i.Date))
		}
		piece := fmt.Sprintf(`<div class="page-content"><ul>%s</ul></div>%s`, rows.String(), s.pager(k, asked.PageNo))
		answer = map[string]any{"success": true, "code": "200", "data": map[string]string{"html": piece}}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		body = []byte("{}") // none of these values fails
	}
	return reply{status: http.StatusOK, kind: "application/json; charset=utf-8", body: body, modified: newest}
}

func (s jpaas) turn(_ *handler, k *column, page int) string {
	return s.pager(k, page) + `<button id="more">更多</button><script>
var box = document.querySelector('table.pagination'), at = 1;
document.getElementById('more').onclick = function () {
  var data = JSON.parse(box.getAttribute('querydata')), param = JSON.stringify({pageNo: ++at, pageSize: +box.getAttribute('rows')});
  data.paramJson = param;
  fetch(box.getAttribute('uniturl') + '?' + new URLSearchParams(data)).then(function (r) { return r.json(); }).then(function (r) {
    var piece = document.createElement('div');
    piece.innerHTML = r.data.html;
    piece.querySelectorAll('li').forEach(function (row) { document.querySelector('ul.list').appendChild(row); });
  });
};
</script>`
}
