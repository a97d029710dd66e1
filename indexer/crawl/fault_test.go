package crawl

import (
	"net/http"
	"strings"
	"testing"

	"terrace/indexer/attached"
	"terrace/indexer/fault"
)

func TestAPageThatMakesTheProgramPanicEndsItsOwnVisitAlone(t *testing.T) {
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			w.Write([]byte("<p>见<a href=/a.docx>附件</a>和<a href=/b.html>通知</a>"))
		case "/a.docx":
			w.Write([]byte("PK\x03\x04 and more"))
		case "/b.html":
			w.Write([]byte("<title>通知</title><p>河堤修缮工程今日在东岸动工，为期三个月。"))
		default:
			http.NotFound(w, r)
		}
	})
	n.crawl(func(o *Options) { o.Files = attached.New(n.archive, nil) }) // without a reader it panics over each file
	if got := n.state("/a.docx"); got != "retry "+fault.Err.Error() {
		t.Errorf("the file is %q", got)
	}
	if got := n.state("/b.html"); !strings.HasPrefix(got, "ok") {
		t.Errorf("the page beside it is %q", got)
	}
}
