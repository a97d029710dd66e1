package crawl

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"terrace/indexer/archive"
)

// count tells how many pages under a path were asked for.
func (n *town) count(path string) int {
	count := 0
	for _, a := range n.asked {
		if strings.HasPrefix(a, path) {
			count++
		}
	}
	return count
}

func TestWhatGoesOnWithoutEndStopsByItself(t *testing.T) {
	for name, c := range map[string]struct {
		next func(path string) string // of a page
		from string
	}{
		"a calendar in the path": {func(path string) string {
			var year, month int
			fmt.Sscanf(path, "/rili/%d/%d/", &year, &month)
			return fmt.Sprintf("/rili/%04d/%02d/", year+month/12, month%12+1)
		}, "/rili/2026/01/"},
		"a session's id in the path": {func(path string) string {
			sum := 0
			for _, r := range path {
				sum = sum*31 + int(r)
			}
			return fmt.Sprintf("/s/%016x/index.html", uint64(sum)|0xa1<<56)
		}, "/s/a1b2c3d4e5f60718/index.html"},
		"a short session's id in the path": {func(path string) string {
			sum := 0
			for _, r := range path {
				sum = sum*31 + int(r)
			}
			return fmt.Sprintf("/k/%010x/index.html", uint64(sum)&0xffffffffff)
		}, "/k/a1b2c3d4e5/index.html"},
	} {
		t.Run(name, func(t *testing.T) {
			var shown atomic.Int32
			n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/" {
					fmt.Fprintf(w, `<title>首页</title><a href="%s">开始</a>`, c.from)
				} else if shown.Add(1) > 3*maxAlike {
					fmt.Fprint(w, `<title>活动日历</title><p>没有停下来。</p>`)
				} else if strings.HasPrefix(r.URL.Path, c.from[:3]) && !strings.Contains(r.URL.Path, "no-such-page") {
					fmt.Fprintf(w, `<title>活动日历</title><p>本月没有安排公开活动。</p><a href="%s">下一个</a>`, c.next(r.URL.Path))
				} else {
					http.NotFound(w, r)
				}
			})
			n.crawl(nil)
			if asked := n.count(c.from[:3]); asked > 2*maxAlike || asked < maxAlike {
				t.Errorf("asked for %d pages", asked)
			}
			pages, err := n.archive.Pages(t.Context(), archive.Filter{State: archive.Quarantined}, "", 10)
			if err != nil {
				t.Fatal(err)
			}
			if len(pages) != 1 || !strings.HasSuffix(pages[0].Reason, "goes on without end") {
				t.Errorf("reported %+v", pages)
			}
		})
	}
}

func TestACalendarWhoseMonthsLeadToTheirDaysStopsByItself(t *testing.T) {
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		var month, day int
		switch {
		case r.URL.Path == "/":
			fmt.Fprint(w, `<title>首页</title><a href="/rili?month=1">日程</a>`)
		case r.URL.Path == "/rili" && len(r.URL.RawQuery) < 12:
			fmt.Sscanf(r.URL.RawQuery, "month=%d", &month)
			fmt.Fprintf(w, "<title>%d月活动日程</title>", month)
			for d := range 28 {
				fmt.Fprintf(w, "<td><a href=/ri?day=%d.%d>%d</a></td>", month, d+1, d+1)
			}
			fmt.Fprintf(w, "<a href=/rili?month=%d>下一月</a>", month+1)
		case r.URL.Path == "/ri":
			fmt.Sscanf(r.URL.RawQuery, "day=%d.%d", &month, &day)
			fmt.Fprintf(w, "<title>%d月%d日活动日程</title><p>当日没有安排公开活动。</p>", month, day)
		default:
			http.NotFound(w, r)
		}
		if month > 2*maxAlike {
			t.Error("does not stop")
		}
	})
	n.crawl(nil)
	if months, days := n.count("/rili?"), n.count("/ri?"); months > maxAlike/4 || days > 28*maxAlike/4 {
		t.Errorf("asked for %d months and %d days", months, days)
	}
}

func TestASessionsIdInThePathsOfSeveralPagesStopsByItself(t *testing.T) {
	var given atomic.Int64
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" && !strings.HasPrefix(r.URL.Path, "/v/") || strings.Contains(r.URL.Path, "no-such-page") {
			http.NotFound(w, r)
			return
		}
		id := given.Add(1)
		if id > 10*maxAlike {
			fmt.Fprint(w, "<title>没有停下来</title>")
			return
		}
		for _, page := range []string{"index", "about"} {
			fmt.Fprintf(w, "<title>统一入口</title><p>欢迎您来到本站。</p><a href=/v/%010x/%s.jsp>进入</a>", 0xa1b2c3d4e5+id*7919, page)
		}
	})
	n.crawl(nil)
	if asked := n.count("/v/"); asked > 5*maxAlike {
		t.Errorf("asked for %d pages", asked)
	}
}

func TestLongListsAndColumnsAreNoTraps(t *testing.T) {
	const articles, perPage = 1800, 3
	names := strings.Split("甲乙丙丁戊己庚辛壬癸", "")
	title := func(i int) string { // numbers in characters: a title that is nothing but numbers could be a counter's
		s := ""
		for ; i > 0; i /= 10 {
			s += names[i%10]
		}
		return "关于表彰先进单位" + s + "的决定"
	}
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		id, _ := strconv.Atoi(r.URL.Query().Get("id"))
		switch {
		case r.URL.Path == "/":
			fmt.Fprint(w, `<title>首页</title><a href="/list?page=1">通知公告</a>`)
		case r.URL.Path == "/list" && page >= 1:
			fmt.Fprint(w, "<title>通知公告</title>")
			for i := (page - 1) * perPage; i < page*perPage; i++ {
				fmt.Fprintf(w, `<li><a href="/show?id=%d">%s</a></li>`, i+1, title(i+1))
			}
			if page*perPage < articles {
				fmt.Fprintf(w, `<a href="/list?page=%d">后面的</a>`, page+1)
			}
		case r.URL.Path == "/show" && id >= 1:
			fmt.Fprintf(w, "<title>云河州人民政府</title><h1>第 %d 号公告</h1><p>第 %d 号公告的正文，与别的只有号不同。</p>", id, id)
		default:
			http.NotFound(w, r)
		}
	})
	n.crawl(nil)
	if lists, shown := n.count("/list?"), n.count("/show?"); lists != articles/perPage || shown != articles {
		t.Errorf("%d list pages of %d, %d articles of %d", lists, articles/perPage, shown, articles)
	}
}
