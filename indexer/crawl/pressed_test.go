package crawl

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
)

// Each button sends the form of the page it stands on, and the server goes on from there.
func TestPagesBehindAButtonThatSubmitsAreReachedByPressingItAgain(t *testing.T) {
	const last = 5
	n := newTownOf(t, ledTo("/list.aspx", func(w http.ResponseWriter, r *http.Request) {
		page := 1
		if r.Method == http.MethodPost {
			from, _ := strconv.Atoi(r.PostFormValue("__VIEWSTATE"))
			if r.PostFormValue("btnNext") != "下一页" || r.PostFormValue("__EVENTTARGET") != "" || from == 0 {
				http.Error(w, "bad request", http.StatusInternalServerError)
				return
			}
			page = from + 1
		}
		fmt.Fprintf(w, `<form method="post"><input type="hidden" name="__VIEWSTATE" value="%d"><table>%s</table>第%d/%d页`, page, notice(page), page, last)
		if page < last {
			fmt.Fprint(w, `<input type="submit" name="btnNext" value="下一页">`)
		}
		fmt.Fprint(w, `<input type="submit" name="btnSearch" value="搜索"></form>`)
	}))
	n.crawl(nil)
	n.listed(last)
	if known, _ := entries(n); known != last {
		t.Errorf("%d entries are known", known)
	}
}

// A menu of pages sends the form as soon as one is chosen.
func TestPagesOfAMenuThatPostsBackAreAskedForByTheirNumbers(t *testing.T) {
	const last = 4
	n := newTownOf(t, ledTo("/list.aspx", func(w http.ResponseWriter, r *http.Request) {
		page := 1
		if r.Method == http.MethodPost {
			page, _ = strconv.Atoi(r.PostFormValue("ddlPage"))
			if r.PostFormValue("__EVENTTARGET") != "ddlPage" || r.PostFormValue("__VIEWSTATE") == "" {
				http.Error(w, "bad request", http.StatusInternalServerError)
				return
			}
		}
		fmt.Fprintf(w, `<form method="post"><input type="hidden" name="__VIEWSTATE" value="%d"><table>%s</table>转到 <select name="ddlPage" onchange="javascript:setTimeout('__doPostBack(\'ddlPage\',\'\')', 0)">`, page, notice(page))
		for i := 1; i <= last; i++ {
			fmt.Fprintf(w, `<option value="%d"%s>第%d页</option>`, i, map[bool]string{true: " selected"}[i == page], i)
		}
		fmt.Fprint(w, `</select></form>`)
	}))
	n.crawl(nil)
	n.listed(last)
	if posted := n.count("/list.aspx"); posted > 1+2*(last-1) {
		t.Errorf("asked for %d pages", posted)
	}
}
