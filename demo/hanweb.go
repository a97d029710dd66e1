package demo

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// hanweb looks like clean; the rows of a list stand in CDATA, those beyond the first 45 come from a proxy.
type hanweb struct{ clean }

const (
	dataProxy = "/module/web/jpage/dataproxy.jsp"
	rowGroup  = 3 * perPage
)

func (hanweb) list(k *column, _ int) string { return fmt.Sprintf("/col/col%d/index.html", k.index+11) }

func (hanweb) record(h *handler, k *column, from, n int) string {
	var b strings.Builder
	for _, i := range h.items(k, from, n) {
		fmt.Fprintf(&b, "<record><![CDATA[<li><a href='%s' title='%s'>%s</a><time>%s</time></li>]]></record>\n", i.URL, i.Text, cut(24, i.Text), dotted(i.Date))
	}
	return b.String()
}

// rows answers for the proxy.
func (s hanweb) rows(h *handler, query url.Values) reply {
	id, _ := strconv.Atoi(query.Get("columnid"))
	from, _ := strconv.Atoi(query.Get("startrecord"))
	to, _ := strconv.Atoi(query.Get("endrecord"))
	rows, count := "", 0
	if id >= 11 && id < 11+len(h.site.columns) && from >= 1 && to >= from {
		k := h.site.columns[id-11]
		rows, count = s.record(h, k, from-1, min(to-from+1, rowGroup)), k.count
	}
	body := fmt.Sprintf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<datastore><totalrecord>%d</totalrecord><recordset>\n%s</recordset></datastore>\n", count, rows)
	return reply{status: http.StatusOK, kind: "text/xml; charset=utf-8", body: []byte(body), modified: newest}
}

func (s hanweb) turn(h *handler, k *column, _ int) string {
	return fmt.Sprintf(`<script type="text/xml" id="rows"><datastore><recordset>
%s</recordset></datastore></script><button id="more">更多</button><script>
var $ = function (box) { return { jpage: function (o) {
  var at = 15, list = document.querySelector('ul.list'), text = document.getElementById('rows').textContent;
  document.getElementById('more').onclick = function () {
    var show = function (t) { (t.match(/CDATA\[[^]*?\]\]/g) || []).slice(at %% 45 / 15 * 15).slice(0, 15).forEach(function (r) { list.insertAdjacentHTML('beforeend', r.slice(6, -2)); }); at += 15; };
    if (at < 45) { show(text); return; }
    var from = at - at %% 45 + 1;
    fetch(o.proxyUrl + '?startrecord=' + from + '&endrecord=' + (from + 44) + '&perpage=15&columnid=' + o.ajaxParam.columnid).then(function (r) { return r.text(); }).then(show);
  };
} }; };
$('#list').jpage({totalRecord:%d,perPage:%d,groupSize:3,proxyUrl:'%s',ajaxParam:{columnid:%d}});
</script>`, s.record(h, k, 0, rowGroup), k.count, perPage, dataProxy, k.index+11)
}
