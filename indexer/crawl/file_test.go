package crawl

import (
	"net/http"
	"strings"
	"testing"

	"terrace/indexer/attach"
	"terrace/indexer/attached"
)

// A file that cannot be read stays one that cannot, though its server failed in between and then says that it has not changed.
func TestWhatIsKnownOfAFileOutlastsAFailure(t *testing.T) {
	down := false
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/":
			w.Write([]byte("<p>见<a href=/a.docx>附件</a>"))
		case r.URL.Path != "/a.docx":
			http.NotFound(w, r)
		case down:
			w.WriteHeader(http.StatusInternalServerError)
		case r.Header.Get("If-None-Match") != "":
			w.WriteHeader(http.StatusNotModified)
		default:
			w.Header().Set("ETag", `"1"`)
			w.Write([]byte("PK\x03\x04 and no more"))
		}
	})
	read := func(o *Options) { o.Files = attached.New(n.archive, attach.NewReader("")) }
	n.crawl(read)
	first := n.state("/a.docx")
	if !strings.HasPrefix(first, "unsupported ") {
		t.Fatalf("at first it is %q", first)
	}
	down = true
	n.recrawl()
	n.crawl(read)
	if got := n.state("/a.docx"); !strings.HasPrefix(got, "retry ") {
		t.Fatalf("while the server fails it is %q", got)
	}
	down = false
	n.recrawl()
	n.crawl(read)
	if got := n.state("/a.docx"); got != first {
		t.Errorf("then it is %q, want %q", got, first)
	}
}
