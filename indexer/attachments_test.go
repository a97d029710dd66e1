package indexer

import (
	"testing"
	"time"

	"terrace/indexer/archive"
)

// upload records that a text file was fetched.
func (l *lab) upload(path, text string) { l.uploadAs(path, "", text) }

// uploadAs is upload of a file that the server has a name for.
func (l *lab) uploadAs(path, name, text string) {
	l.Helper()
	_, err := l.archive.Seed(l.Context(), archive.Link{URL: at("gjj", path), Site: "gjj", Role: archive.Attachment, DueAt: time.Now()})
	l.check(err)
	p, err := l.archive.Page(l.Context(), at("gjj", path))
	l.check(err)
	l.check(l.archive.Record(l.Context(), archive.Visit{
		ID: p.ID, At: time.Now(), State: archive.OK, Role: archive.Attachment, Status: 200, ContentType: "text/plain", FileName: name, Body: []byte(text), NextAt: time.Now().Add(time.Hour),
	}))
}

// offer records that a page of some role was fetched that leads to files.
func (l *lab) offer(path string, role archive.Role, title, body string, files ...archive.Link) {
	l.Helper()
	_, err := l.archive.Seed(l.Context(), archive.Link{URL: at("gjj", path), Site: "gjj", DueAt: time.Now()})
	l.check(err)
	p, err := l.archive.Page(l.Context(), at("gjj", path))
	l.check(err)
	for i := range files {
		files[i].URL, files[i].Site, files[i].Role = at("gjj", files[i].URL), "gjj", archive.Attachment
	}
	l.check(l.archive.Record(l.Context(), archive.Visit{
		ID: p.ID, At: time.Now(), State: archive.OK, Role: role, Status: 200, ContentType: "text/html; charset=utf-8", NextAt: time.Now().Add(time.Hour), Links: files,
		Body: []byte("<title>" + title + "</title><h1>" + title + "</h1><div class=content>" + body + "</div>"),
	}))
}

func TestAPageIsFoundByItsAttachments(t *testing.T) {
	l := newLab(t)
	form := archive.Link{URL: "/form.txt", Text: "附件：提取申请表"}
	l.offer("/1.html", archive.Article, "关于办理业务的通知", "<p>详见附件。</p>", form)
	l.check(l.CatchUp(t.Context()))
	if a := l.found()["/1.html"].Attachments; len(a) != 1 || a[0].Name != "提取申请表" || a[0].Text != "" || a[0].URL != at("gjj", "/form.txt") {
		t.Errorf("before the file was fetched: %+v", a)
	}
	l.upload("/form.txt", "公积金账号、开户银行")
	l.check(l.CatchUp(t.Context()))
	l.lives(1) // by 公积, which the attachment alone holds
	if a := l.found()["/1.html"].Attachments; len(a) != 1 || a[0].Text != "公积金账号、开户银行" {
		t.Errorf("after the file was fetched: %+v", a)
	}
	l.upload("/form.txt", "姓名")
	l.check(l.CatchUp(t.Context()))
	l.lives(0)
	l.offer("/1.html", archive.Article, "关于办理业务的通知", "<p>详见附件。</p>")
	l.check(l.CatchUp(t.Context()))
	if a := l.found()["/1.html"].Attachments; len(a) != 0 {
		t.Errorf("the page offers nothing any more: %+v", a)
	}
}

func TestAnAttachmentIsFoundByItsFileName(t *testing.T) {
	for _, c := range []struct{ anchor, path, sent, name, text string }{
		{"点击下载", "/d.jsp?id=3", "公积金提取表.doc", "公积金提取表.doc", "姓名"},
		{"附件1", "/d.jsp?id=4", "公积金提取表.doc", "公积金提取表.doc", "姓名"},
		{"附件1.doc", "/f/P0201.doc", "", "附件1.doc", "姓名"},
		{"附件二.doc", "/d.jsp?id=4", "公积金提取表.doc", "公积金提取表.doc", "姓名"},
		{"附件1.申请表.doc", "/f/P0201.doc", "", "申请表.doc", "姓名"},
		{"附件1：申请表", "/d.jsp?id=5", "公积金提取表.doc", "申请表", "公积金提取表.doc\n姓名"},
		{"公积金提取表", "/d.jsp?id=6", "公积金提取表.doc", "公积金提取表", "姓名"},
		{"附件下载", "/f/%B9%AB%BB%FD%BD%F0.doc", "", "公积金.doc", "姓名"},
		{"表格下载", "/f/P0201.doc", "P0201.doc", "表格下载", "姓名"},
	} {
		l := newLab(t)
		l.offer("/1.html", archive.Article, "关于办理业务的通知", "<p>详见附件。</p>", archive.Link{URL: c.path, Text: c.anchor})
		l.uploadAs(c.path, c.sent, "姓名")
		l.check(l.CatchUp(t.Context()))
		if a := l.found()["/1.html"].Attachments; len(a) != 1 || a[0].Name != c.name || a[0].Text != c.text {
			t.Errorf("%+v: %+v", c, a)
		}
	}
}

func TestTheLedgerTellsScansFromFilesThatAreRead(t *testing.T) {
	l := newLab(t)
	l.offer("/1.html", archive.Article, "关于办理业务的通知", "<p>详见附件。</p>", archive.Link{URL: "/scan.txt", Text: "扫描件"}, archive.Link{URL: "/form.txt", Text: "表"})
	l.upload("/scan.txt", "scan")
	l.upload("/form.txt", "form")
	p, err := l.archive.Page(t.Context(), at("gjj", "/scan.txt"))
	l.check(err)
	l.check(l.archive.Record(t.Context(), archive.Visit{
		ID: p.ID, At: time.Now(), State: archive.NeedsOCR, Role: archive.Attachment, Status: 200, Body: []byte("pictures"), NextAt: time.Now().Add(time.Hour),
	}))
	l.check(l.CatchUp(t.Context()))
	c, err := l.Coverage(t.Context(), "gjj")
	l.check(err)
	got := map[string]int{}
	for _, g := range c.Sites[0].Groups {
		got[g.Outcome] += g.Pages
	}
	if got["needs_ocr"] != 1 || got["found with its page"] != 1 {
		t.Errorf("%+v", got)
	}
}

func TestAPageWithoutTextIsADocumentForItsAttachment(t *testing.T) {
	l := newLab(t)
	l.offer("/1.html", archive.Article, "2024年部门预算公开", "", archive.Link{URL: "/budget.txt", Text: "2024年部门预算"})
	l.check(l.CatchUp(t.Context()))
	if _, ok := l.found()["/1.html"]; !ok {
		t.Errorf("found %v", l.found())
	}
}

func TestAFileThatAListAloneLeadsToIsADocument(t *testing.T) {
	l := newLab(t)
	link := archive.Link{URL: "/list.txt", Text: "2024年轮候名单公示.xls", Date: "2024-03-06"}
	l.offer("/tzgg/", archive.List, "通知公告", "", link)
	l.upload("/list.txt", "公积金轮候：张三 李四")
	l.check(l.CatchUp(t.Context()))
	d := l.found()["/list.txt"]
	if d.Title != "2024年轮候名单公示" || d.Date() != 20240306 || d.Copies[0].Department != "gjj" {
		t.Errorf("%+v", d)
	}
	l.offer("/1.html", archive.Article, "关于公示的通知", "<p>现予公示。</p>", archive.Link{URL: "/list.txt", Text: "名单"})
	l.check(l.CatchUp(t.Context()))
	if _, own := l.found()["/list.txt"]; own || len(l.found()["/1.html"].Attachments) != 1 {
		t.Errorf("once a page offers it: %+v", l.found())
	}
	l.offer("/1.html", archive.Article, "关于公示的通知", "<p>现予公示。</p>")
	l.check(l.CatchUp(t.Context()))
	if _, own := l.found()["/list.txt"]; !own {
		t.Errorf("once no page offers it any more: %+v", l.found())
	}
}

func TestAFileOfTheSitesFrameIsNoPagesAttachment(t *testing.T) {
	l := newLab(t)
	for _, path := range paths(25) {
		l.offer(path, archive.Article, "关于"+path+"的通知", "<p>正文。</p>", archive.Link{URL: "/help.txt", Text: "操作手册"})
	}
	l.upload("/help.txt", "公积金")
	l.check(l.CatchUp(t.Context()))
	l.lives(0)
}

func TestAWithdrawnAttachmentIsTakenFromItsPageAtOnce(t *testing.T) {
	l := newLab(t)
	l.offer("/1.html", archive.Article, "关于办理业务的通知", "<p>详见附件。</p>", archive.Link{URL: "/form.txt", Text: "名单"})
	l.upload("/form.txt", "公积金账号")
	l.check(l.CatchUp(t.Context()))
	l.lives(1)
	r, err := l.Withdraw(t.Context(), WithdrawOrder{Page: at("gjj", "/form.txt"), Reason: "有个人信息", Purge: true})
	l.check(err)
	if d := l.found()["/1.html"]; len(d.Attachments) != 0 || d.Title == "" {
		t.Errorf("%+v", d)
	}
	l.lives(0)
	l.upload("/form.txt", "公积金账号")
	l.check(l.CatchUp(t.Context()))
	l.lives(0)
	_, err = l.UndoWithdrawal(t.Context(), r.Entry.ID, "")
	l.check(err)
	l.upload("/form.txt", "公积金账号")
	l.check(l.CatchUp(t.Context()))
	l.lives(1)
}

func TestWhatAnswersForASitemapIsNoDocument(t *testing.T) {
	l := newLab(t)
	l.offer("/sitemap.xml", archive.Sitemap, "很抱歉，您访问的页面不存在", "<p>公积金中心的网站没有这个网页，请返回首页。</p>")
	l.crawl("gjj", archive.OK, text, "/a.html")
	l.check(l.CatchUp(t.Context()))
	l.holds("crawled", "/a.html")
}

func TestAFileThatOnlyTheCopyOfAPageStillHasIsFound(t *testing.T) {
	l := newLab(t)
	const title, body = "云河州社保补贴办法", "<p>第一条　为了规范补贴的发放，维护职工的合法权益，制定本办法。</p><p>第二条　符合条件的职工可以按季申请，名单见附件，公示七天。</p>"
	for _, path := range []string{"/a.html", "/b.html"} {
		l.offer(path, archive.Article, title, body+body, archive.Link{URL: path + ".txt", Text: "名单"})
	}
	l.check(l.CatchUp(t.Context()))
	l.lives(0)
	l.upload("/b.html.txt", "公积金账号")
	l.check(l.CatchUp(t.Context()))
	l.lives(1)
	if all := l.found(); len(all) != 1 {
		t.Errorf("%d documents", len(all))
	}
	l.upload("/b.html.txt", "社保账号")
	l.check(l.CatchUp(t.Context()))
	l.lives(0)
}

func TestAnAttachmentThatIsElsewhereIsReadAndWithdrawnThere(t *testing.T) {
	for _, c := range []struct {
		name             string
		was, good, there bool
	}{{"for now", false, false, false}, {"for good", false, true, false}, {"after it was here", true, true, false}, {"where it was found before", true, false, true}} {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t)
			l.offer("/1.html", archive.Article, "关于办理业务的通知", "<p>详见附件。</p>", archive.Link{URL: "/old.txt", Text: "名单"})
			if c.was {
				l.upload("/old.txt", "姓名")
			}
			if c.there {
				l.upload("/new.txt", "公积金账号")
			}
			l.check(l.CatchUp(t.Context()))
			p, err := l.archive.Page(t.Context(), at("gjj", "/old.txt"))
			l.check(err)
			l.check(l.archive.Record(t.Context(), archive.Visit{ID: p.ID, At: time.Now(), State: archive.Redirect, MovedTo: at("gjj", "/new.txt"), Permanent: c.good}))
			_, err = l.archive.Settle(t.Context(), "gjj", time.Now().Add(time.Hour)) // what was held has taken effect by then
			l.check(err)
			l.check(l.CatchUp(t.Context()))
			l.upload("/new.txt", "公积金账号")
			l.check(l.CatchUp(t.Context()))
			l.lives(1)
			r := l.withdraw(WithdrawOrder{Page: at("gjj", "/new.txt")})
			l.lives(0)
			l.undo(r.ID)
			l.lives(1)
			l.withdraw(WithdrawOrder{Page: at("gjj", "/old.txt")})
			l.lives(0)
		})
	}
}

func TestAFileThatIsGoneIsTakenFromItsPage(t *testing.T) {
	l := newLab(t)
	l.offer("/1.html", archive.Article, "关于办理业务的通知", "<p>详见附件。</p>", archive.Link{URL: "/form.txt", Text: "名单"})
	l.upload("/form.txt", "公积金账号")
	l.check(l.CatchUp(t.Context()))
	l.lives(1)
	l.crawl("gjj", archive.Gone, "", "/form.txt")
	l.check(l.CatchUp(t.Context()))
	l.lives(0)
}
