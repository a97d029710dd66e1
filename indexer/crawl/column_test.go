package crawl

import (
	"fmt"
	"slices"
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
