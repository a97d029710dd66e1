package crawl

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"terrace/indexer/archive"
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

func TestAFileKeepsItsTextWhereSomethingElseAnswersForIt(t *testing.T) {
	const whole = `{\rtf1 the list of subsidies}`
	for name, c := range map[string]struct{ path, answer, want string }{
		"a login form for a file by its name":  {"/a.rtf", "<html><title>用户登录</title><form>密码<input type=password></form></html>", "suspect " + archive.PageForFile},
		"an error page for a file without one": {"/down?id=3", "<html><title>出错了</title><p>文件不存在</p></html>", "suspect " + archive.PageForFile},
		"nothing at all":                       {"/a.rtf", "", "suspect " + archive.BrokenFile},
		"a file that is cut off":               {"/a.docx", "PK\x03\x04 and no more", "suspect " + archive.BrokenFile},
		"another text":                         {"/a.rtf", `{\rtf1 the list of 2026}`, "ok"},
	} {
		t.Run(name, func(t *testing.T) {
			answer := whole
			n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.RequestURI() {
				case "/":
					fmt.Fprintf(w, "<p>附件：<a href=%q>补贴名单.rtf</a>", c.path)
				case c.path:
					w.Header().Set("Content-Type", "application/octet-stream")
					if strings.HasPrefix(answer, "<html>") {
						w.Header().Set("Content-Type", "text/html; charset=utf-8")
					}
					w.Write([]byte(answer))
				default:
					http.NotFound(w, r)
				}
			})
			read := func(o *Options) { o.Files = attached.New(n.archive, attach.NewReader("")) }
			n.crawl(read)
			first := n.page(c.path)
			answer = c.answer
			n.recrawl()
			n.crawl(read)
			if got := n.state(c.path); got != c.want {
				t.Errorf("it is %q, want %q", got, c.want)
			}
			if now := n.page(c.path); c.want != "ok" && (now.Content != first.Content || now.Role != archive.Attachment) {
				t.Errorf("its text is not kept: %+v", now)
			}
			answer = whole
			n.recrawl()
			n.crawl(read)
			if now := n.page(c.path); now.State != archive.OK || now.Content != first.Content {
				t.Errorf("when it is back: %+v", now)
			}
		})
	}
}

func TestWhatADownloadSendsIsAFileWhateverItsLinkAndTypeSay(t *testing.T) {
	for name, c := range map[string]struct {
		mime, sent, body string
		want             archive.Role
	}{
		"a text":                          {"application/force-download", `attachment; filename="a.txt"`, "the list of subsidies", archive.Attachment},
		"a table":                         {"application/x-msdownload", `attachment; filename*=UTF-8''%E5%90%8D%E5%8D%95.csv`, "name,sum\nZhang,3\n", archive.Attachment},
		"a document that is a web page":   {"application/msword", `attachment; filename=a.doc`, "<html><body><p>the list of subsidies</html>", archive.Attachment},
		"a page as a document, text/html": {"text/html", `attachment; filename=a.xls`, "<html><body><table><tr><td>the list</html>", archive.Attachment},
		"behind a mark and a blank line":  {"application/octet-stream", "", "\xef\xbb\xbf\r\n{\\rtf1 the list of subsidies}", archive.Attachment},
		"a page of a framework that calls everything f.txt": {"text/html", `inline;filename=f.txt`, "<html><body><p>the list of subsidies is here</html>", archive.Article},
	} {
		t.Run(name, func(t *testing.T) {
			n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.RequestURI() {
				case "/":
					w.Write([]byte("<p>见<a href=/down.jsp?id=3>点击下载</a>"))
				case "/down.jsp?id=3":
					w.Header().Set("Content-Type", c.mime)
					w.Header().Set("Content-Disposition", c.sent)
					w.Write([]byte(c.body))
				default:
					http.NotFound(w, r)
				}
			})
			n.crawl(func(o *Options) { o.Files = attached.New(n.archive, attach.NewReader("")) })
			if p := n.page("/down.jsp?id=3"); p.Role != c.want || p.State != archive.OK {
				t.Errorf("it is %s, %s %s", p.Role, p.State, p.Reason)
			}
		})
	}
}

func TestOfAWithheldFileNoTextIsKept(t *testing.T) {
	const whole = `{\rtf1 the list of subsidies}`
	n := newTown(t, map[string]string{"/": "<p>见<a href=/a.rtf>附件</a>", "/a.rtf": whole})
	n.archive.Withhold(nil, func(_, url string) bool { return strings.HasSuffix(url, "/a.rtf") })
	n.crawl(func(o *Options) { o.Files = attached.New(n.archive, attach.NewReader("")) })
	if p := n.page("/a.rtf"); p.State != archive.OK || p.Content != "" {
		t.Errorf("the page is %+v", p)
	}
	if text, _, err := n.archive.Text(t.Context(), archive.HashOf([]byte(whole))); !errors.Is(err, archive.ErrUnknown) {
		t.Errorf("kept is %q, %v", text, err)
	}
}
