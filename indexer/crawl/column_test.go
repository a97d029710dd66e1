package crawl

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"terrace/indexer/archive"
)

// column writes a column of TRS with two notices a page, latest first.
func column(pages map[string]string, notices []string) {
	for i := range (len(notices) + 1) / 2 {
		path, text := "/tzgg/", "<title>通知公告</title><ul>"
		if i > 0 {
			path = fmt.Sprintf("/tzgg/index_%d.html", i)
		}
		for _, n := range notices[2*i : min(2*i+2, len(notices))] {
			text += fmt.Sprintf("<li><a href=/%s.html>关于%s的通知公告</a>2026-01-01</li>", n, n)
			pages["/"+n+".html"] = "<title>" + n + "</title><p>正文正文正文" + n + "</p>"
		}
		pages[path] = text + fmt.Sprintf(`</ul><script>createPageHTML(%d, %d, "index", "html", %d);</script>`, (len(notices)+1)/2, i, len(notices))
	}
}

// entries are how many notices of the column the archive knows, and how many the column says it has.
func entries(n *town) (known, said int) {
	n.Helper()
	columns, _, err := n.archive.Columns(n.Context(), "", "town")
	if err != nil || len(columns) != 1 {
		n.Fatal(columns, err)
	}
	for _, pages := range columns[0].Entries {
		known += pages
	}
	return known, columns[0].Said
}

func TestAColumnThatTheConfigurationNamesIsAColumn(t *testing.T) {
	pages := map[string]string{"/": "<p>欢迎</p>"}
	column(pages, []string{"a4", "a3", "a2", "a1"})
	n := newTown(t, pages)
	n.site.Seeds = []string{n.server.URL + "/", n.server.URL + "/tzgg/"}
	n.later(0)
	if known, said := entries(n); known != 4 || said != 4 {
		t.Errorf("of %d notices %d are known to be of the column", said, known)
	}
	if p := n.page("/"); p.Role != archive.Home {
		t.Errorf("the home page is %s", p.Role)
	}
}

func TestAColumnIsSeenByItsFirstPageAndItsOtherPagesSeldom(t *testing.T) {
	pages := map[string]string{"/": "<a href=/tzgg/>通知公告</a>"}
	column(pages, []string{"a6", "a5", "a4", "a3", "a2", "a1"})
	n := newTown(t, pages)
	n.later(0)
	column(pages, []string{"a7", "a6", "a5", "a4", "a3", "a2", "a1"})
	if got := n.later(2 * time.Hour); !slices.Equal(got, []string{"/a7.html"}) {
		t.Errorf("after a new notice asked for %v", got)
	}
	if slices.ContainsFunc(n.asked, func(path string) bool { return strings.HasPrefix(path, "/tzgg/index_1") }) {
		t.Errorf("the second page of the column was asked for within two hours: %v", n.asked)
	}
	if known, said := entries(n); known != 7 || said != 7 {
		t.Errorf("of %d notices %d are known to be of the column", said, known)
	}
	column(pages, []string{"a9", "a8", "a7", "a6", "a5", "a4", "a3", "a2", "a1"})
	if got := n.later(4 * time.Hour); !slices.Equal(got, []string{"/a8.html", "/a9.html"}) {
		t.Errorf("after two more asked for %v", got)
	}
	column(pages, []string{"a9", "a8", "a7", "a6", "a5", "a4", "a3", "a1"})
	n.later(24 * 3 * time.Hour)
	if known, said := entries(n); known != 8 || said != 8 {
		t.Errorf("once one has been taken off, of %d notices %d are known to be of the column", said, known)
	}
}

func TestAColumnThatWasTooShortToBeKnownAsOneBecomesOneAsItGrows(t *testing.T) {
	pages := map[string]string{"/": "<a href=/tzgg.html>通知公告</a>"}
	grow := func(notices int) {
		text := "<title>通知公告</title><ul>"
		for i := notices; i > 0; i-- {
			text += fmt.Sprintf("<li><a href=/a%d.html>关于第%d批项目的通知公告</a>2026-01-02</li>", i, i)
			pages[fmt.Sprintf("/a%d.html", i)] = fmt.Sprintf("<title>关于第%d批项目的通知公告</title><p>正文正文正文%d</p>", i, i)
		}
		pages["/tzgg.html"] = text + "</ul><p>本网站由云河州人民政府办公室主办，未经书面许可，任何单位和个人不得转载、摘编本网站的内容，违者必究。</p>"
	}
	grow(3)
	n := newTown(t, pages)
	n.later(0)
	grow(9)
	n.later(25 * time.Hour)
	grow(10)
	if got := n.later(27 * time.Hour); !slices.Equal(got, []string{"/a10.html"}) {
		t.Errorf("two hours after a new notice asked for %v", got)
	}
	if known, _ := entries(n); known != 10 {
		t.Errorf("%d of 10 notices are known to be of the column", known)
	}
}

// jpage answers as 大汉's system, whose later rows are asked for by POST, with so many notices, the latest first.
func jpage(w http.ResponseWriter, r *http.Request, notices int) {
	rows := func(from, to int) (out string) {
		for i := from; i <= min(to, notices); i++ {
			n := notices + 1 - i
			out += fmt.Sprintf("<record><![CDATA[<li><a href='/a%d.html'>第%d次%s公告</a>2026-01-02</li>]]></record>", n, n, matters[n%len(matters)])
		}
		return fmt.Sprintf("<datastore><totalrecord>%d</totalrecord><recordset>%s</recordset></datastore>", notices, out)
	}
	var n int
	switch r.URL.Path {
	case "/":
		fmt.Fprint(w, "<a href=/col/index.html>公示公告</a>")
	case "/col/index.html":
		fmt.Fprintf(w, `<title>公示公告</title><script type="text/xml">%s</script><script>$("#7").jpage({totalRecord:%d,perPage:1,groupSize:3,proxyUrl:'/dataproxy.jsp',ajaxType:'post',ajaxParam:{columnid:7}})</script>`, rows(1, 3), notices)
	case "/dataproxy.jsp":
		if r.Method != http.MethodPost || r.FormValue("columnid") != "7" {
			http.Error(w, "POST, please", http.StatusMethodNotAllowed)
			return
		}
		from, _ := strconv.Atoi(r.FormValue("startrecord"))
		to, _ := strconv.Atoi(r.FormValue("endrecord"))
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, rows(from, to))
	default:
		if _, err := fmt.Sscanf(r.URL.Path, "/a%d.html", &n); err != nil || n > notices {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, "<title>第%d次公告</title><p>正文正文正文%d</p>", n, n)
	}
}

func TestAListWhoseRowsAreAskedForByPOSTGrowsAndShrinks(t *testing.T) {
	notices := 11
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) { jpage(w, r, notices) })
	n.later(0)
	for _, asked := range n.answered {
		if strings.HasPrefix(asked, "/dataproxy.jsp") && !strings.HasSuffix(asked, " 200\n") {
			t.Errorf("asked without the form: %s", asked)
		}
	}
	if known, said := entries(n); known != 11 || said != 11 {
		t.Errorf("of %d notices %d are known", said, known)
	}
	notices = 6
	n.later(24 * 8 * time.Hour)
	if known, said := entries(n); known != 6 || said != 6 {
		t.Errorf("once five have been taken off, of %d notices %d are known", said, known)
	}
	notices = 18
	n.later(24 * 16 * time.Hour)
	if got := n.state("/dataproxy.jsp?startrecord=4&endrecord=6&perpage=1#!post:columnid=7"); got != "ok" {
		t.Errorf("once all rows have moved on, the second page is %q", got)
	}
	if known, said := entries(n); known != 18 || said != 18 {
		t.Errorf("once all rows have moved on, of %d notices %d are known", said, known)
	}
}

func TestMoreNewNoticesThanAPageHoldsAreAllFoundAtOnce(t *testing.T) {
	pages := map[string]string{"/": "<a href=/tzgg/>通知公告</a>"}
	old := []string{"a4", "a3", "a2", "a1"}
	column(pages, old)
	n := newTown(t, pages)
	n.later(0)
	column(pages, append([]string{"a9", "a8", "a7", "a6", "a5"}, old...))
	n.later(2 * time.Hour)
	for i := 5; i <= 9; i++ {
		if got := n.state(fmt.Sprintf("/a%d.html", i)); got != string(archive.OK) {
			t.Errorf("notice %d is %q", i, got)
		}
	}
}
