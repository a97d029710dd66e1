package indexer

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terrace/db"
	"terrace/indexer/archive"
)

// content is what the archive has of a page's bytes, or why it has none.
func (l *lab) content(site, path string) error {
	l.Helper()
	p, err := l.archive.Page(l.Context(), at(site, path))
	l.check(err)
	_, err = l.archive.Content(l.Context(), p.Content)
	return err
}

// contents changes the database of page bytes from outside.
func (l *lab) contents(statement string) {
	l.Helper()
	d, err := db.Open(l.Context(), filepath.Join(l.dir, "pages.db"))
	l.check(err)
	defer d.Close()
	l.check(d.Update(l.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(statement)
		return err
	}))
}

func (l *lab) inspected(site, path string) string {
	l.Helper()
	text, err := l.Inspect(l.Context(), at(site, path))
	l.check(err)
	return text
}

func TestADocumentIsMadeOfTheTextOfAFileWhoseBytesAreKeptNoMore(t *testing.T) {
	l := newLab(t)
	l.keepFiles = 90 * 24 * time.Hour
	l.offer("/1.html", archive.Article, "关于办理业务的通知", "<p>详见附件。</p>", archive.Link{URL: "/form.txt", Text: "提取申请表"})
	l.upload("/form.txt", "公积金账号、开户银行")
	read := func() string { // the file is read when its page is made a document
		l.check(l.CatchUp(t.Context()))
		return l.found()["/1.html"].Attachments[0].Text
	}
	text := read()
	l.check(l.Upkeep(t.Context(), time.Now().Add(80*24*time.Hour)))
	if err := l.content("gjj", "/form.txt"); err != nil {
		t.Errorf("after 80 days: %v", err)
	}
	l.check(l.Upkeep(t.Context(), time.Now().Add(80*24*time.Hour+time.Hour))) // not a day later
	l.check(l.Upkeep(t.Context(), time.Now().Add(91*24*time.Hour)))
	if err := l.content("gjj", "/form.txt"); !errors.Is(err, archive.ErrDropped) {
		t.Errorf("after 91 days: %v", err)
	}
	if err := l.content("gjj", "/1.html"); err != nil {
		t.Errorf("the page's own bytes: %v", err)
	}
	l.rebuilt()
	if got := read(); got != text || text == "" {
		t.Errorf("the file says %q, it said %q", got, text)
	}
	if got := l.inspected("gjj", "/form.txt"); !strings.Contains(got, "按 archive.keepFiles 不再保存，读出的文字保留\n") {
		t.Errorf("inspect says %s", got)
	}
	l.contents("UPDATE text SET version = 'before'") // the program gets other readers
	l.rebuilt()
	if got := read(); got != text {
		t.Errorf("the file says %q to other readers, it said %q", got, text)
	}
	if got := l.inspected("gjj", "/form.txt"); !strings.Contains(got, "文字由旧版程序读出，重新采集这个网址可以重读") {
		t.Errorf("inspect says %s", got)
	}
}

// rebuilt gives all pages new change numbers, so that all documents are made again.
func (l *lab) rebuilt() {
	l.Helper()
	_, err := l.archive.Resequence(l.Context(), archive.Scope{})
	l.check(err)
}

func TestWithoutASettingAllBytesOfFilesAreKept(t *testing.T) {
	l := newLab(t)
	l.offer("/1.html", archive.Article, "关于办理业务的通知", "<p>详见附件。</p>", archive.Link{URL: "/form.txt", Text: "提取申请表"})
	l.upload("/form.txt", "公积金账号、开户银行")
	l.check(l.CatchUp(t.Context()))
	l.check(l.Upkeep(t.Context(), time.Now().AddDate(10, 0, 0)))
	if err := l.content("gjj", "/form.txt"); err != nil {
		t.Error(err)
	}
}

func TestAPageWhoseBytesAreLostStopsNoOther(t *testing.T) {
	for name, harm := range map[string]string{
		"damaged": "UPDATE content SET data = x'00' WHERE n = 1",
		"missing": "DELETE FROM content WHERE n = 1",
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.crawl("gjj", archive.OK, "公积金甲", "/1.html")
			l.crawl("gjj", archive.OK, "公积金乙", "/2.html")
			l.contents(harm)
			l.check(l.CatchUp(t.Context()))
			if got := l.found(); len(got) != 1 || got["/2.html"].Title == "" {
				t.Errorf("found are %v", got)
			}
		})
	}
}

func TestAFileWhoseBytesAndTextAreLostStopsNoOtherPage(t *testing.T) {
	l := newLab(t)
	l.offer("/1.html", archive.Article, "关于办理业务的通知", "<p>详见附件。</p>", archive.Link{URL: "/form.txt", Text: "提取申请表"})
	l.upload("/form.txt", "公积金账号、开户银行")
	l.check(l.CatchUp(t.Context()))
	p, err := l.archive.Page(t.Context(), at("gjj", "/form.txt"))
	l.check(err)
	l.contents("DELETE FROM text; UPDATE content SET data = x'00' WHERE hash = '" + p.Content + "'")
	if err := l.content("gjj", "/form.txt"); !errors.Is(err, archive.ErrDamaged) {
		t.Fatalf("the bytes are not damaged: %v", err)
	}
	l.rebuilt()
	l.check(l.CatchUp(t.Context()))
	if got := l.found()["/1.html"]; len(got.Attachments) != 1 || got.Attachments[0].Name != "提取申请表" {
		t.Errorf("the page is found as %+v", got)
	}
}
