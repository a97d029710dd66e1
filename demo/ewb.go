package demo

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
)

// ewb looks like clean; a list shows no rows: a script posts JSON for those of each page, to where another script says.
type ewb struct{ clean }

const (
	ewbCommon = "/js/webBuilderCommon.js"
	ewbScript = "/js/infoList.js"
	ewbAction = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
	ewbGUID   = "5d0c6f2e-8f5b-4a57-9d3e-6a1b7c40e2d9"
	mostAsked = 4096 // bytes of what is posted
)

var ewbList = regexp.MustCompile(`^/xxgk/003(\d{3})/list\.html$`)

func (ewb) list(k *column, _ int) string { return fmt.Sprintf("/xxgk/003%03d/list.html", k.index+1) }

func (s ewb) parse(of *website, u *url.URL) place {
	if m := ewbList.FindStringSubmatch(u.Path); m != nil {
		if n, _ := strconv.Atoi(m[1]); n >= 1 && n <= len(of.columns) {
			return listPlace(of.columns[n-1], 1)
		}
	}
	return s.clean.parse(of, u).unlisted()
}

func (ewb) turn(*handler, *column, int) string {
	return fmt.Sprintf(`<button id="more">更多</button><script src="%s"></script><script src="%s"></script>`, ewbCommon, ewbScript)
}

// answer serves the scripts, and what they post for; ok is false for anything else.
func (s ewb) answer(h *handler, r *http.Request) (p reply, ok bool) {
	p = reply{status: http.StatusOK, kind: "text/javascript; charset=utf-8", modified: newest}
	switch {
	case r.URL.Path == ewbCommon:
		p.body = fmt.Appendf(nil, "var siteInfo = {\"siteGuid\":\"%s\",\"projectName\":\"/EWB-FRONT\",\"webVersion\":\"5.0\"}\n", ewbGUID)
	case r.URL.Path == ewbScript:
		p.body = []byte(ewbRows)
	case r.URL.Path == ewbAction && r.Method == http.MethodPost:
		p = reply{status: http.StatusOK, kind: "application/json; charset=utf-8", body: s.rows(h, r.Body)}
	default:
		return reply{}, false
	}
	return p, true
}

// rows are those of a page of a column, as data, or none.
func (ewb) rows(h *handler, posted io.Reader) []byte {
	var asked struct {
		CategoryNum, SiteGUID string
		PageIndex, PageSize   int
	}
	type row struct {
		Title    string `json:"title"`
		InfoURL  string `json:"infourl"`
		InfoDate string `json:"infodate"`
	}
	data, total := []row{}, 0
	err := json.NewDecoder(io.LimitReader(posted, mostAsked)).Decode(&asked)
	at := ewb{}.parse(h.site, &url.URL{Path: "/xxgk/" + asked.CategoryNum + "/list.html"})
	if err == nil && at.column != nil && asked.SiteGUID == ewbGUID && asked.PageIndex >= 0 && asked.PageSize >= 1 && asked.PageSize <= 50 {
		total = at.column.count
		for _, i := range h.items(at.column, asked.PageIndex*asked.PageSize, asked.PageSize) {
			data = append(data, row{i.Text, i.URL, dotted(i.Date)})
		}
	}
	body, err := json.Marshal(map[string]any{"custom": map[string]any{"data": data, "total": total}, "status": map[string]int{"code": 1}})
	if err != nil {
		return []byte("{}") // none of these values fails
	}
	return body
}

const ewbRows = `var column = location.pathname.split('/')[2], at = 0;
function rows() {
  fetch(siteInfo.projectName + "/rest/lightfrontaction/getgovinfolist", {
    method: 'POST', headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({deptcode: '', categorynum: column, pageIndex: at++, pageSize: 15, siteGuid: siteInfo.siteGuid})
  }).then(function (r) { return r.json(); }).then(function (r) {
    r.custom.data.forEach(function (i) {
      var row = document.querySelector('ul.list').appendChild(document.createElement('li'));
      var link = row.appendChild(document.createElement('a'));
      link.href = i.infourl; link.textContent = link.title = i.title;
      row.appendChild(document.createElement('time')).textContent = i.infodate;
    });
  });
}
document.getElementById('more').onclick = rows;
rows();
`
