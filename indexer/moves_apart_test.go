package indexer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"terrace/indexer/archive"
	"terrace/moves"
)

// fetched records that a page or file of a site was fetched, and what it leads to; links are paths with what is known of them.
func (l *lab) fetched(site, path string, role archive.Role, body string, links ...archive.Link) {
	l.Helper()
	_, err := l.archive.Seed(l.Context(), archive.Link{URL: at(site, path), Site: site, Role: role, DueAt: time.Now()})
	l.check(err)
	p, err := l.archive.Page(l.Context(), at(site, path))
	l.check(err)
	for i := range links {
		links[i].URL, links[i].Site = at(site, links[i].URL), site
	}
	kind := "text/html; charset=utf-8"
	if role == archive.Attachment {
		kind = "text/plain"
	}
	l.check(l.archive.Record(l.Context(), archive.Visit{
		ID: p.ID, At: time.Now(), State: archive.OK, Role: role, Status: 200, ContentType: kind, Body: []byte(body), NextAt: time.Now().Add(time.Hour), Links: links,
	}))
}

// notice records an article with the files that it offers, each as a path and the text of the link to it.
func (l *lab) notice(site, path, title, day string, files ...string) {
	l.Helper()
	var links []archive.Link
	for i := 0; i < len(files); i += 2 {
		links = append(links, archive.Link{URL: files[i], Role: archive.Attachment, Text: files[i+1]})
	}
	text := strings.Repeat(site+"上的"+title+"正文。", 20)
	l.fetched(site, path, archive.Article, fmt.Sprintf("<title>%[1]s</title><h1>%[1]s</h1><p>%[2]s</p><div class=content><p>%[3]s</p></div>", title, day, text), links...)
}

// column records a list page with its name, its entries and its later pages.
func (l *lab) column(site, path, name string, entries []string, later ...string) {
	l.Helper()
	var links []archive.Link
	for _, e := range entries {
		links = append(links, archive.Link{URL: e, Role: archive.Article, Entry: true})
	}
	for _, p := range later {
		links = append(links, archive.Link{URL: p, Role: archive.List, Continues: true})
	}
	l.fetched(site, "/", archive.Home, site+path, archive.Link{URL: path, Role: archive.List, Text: name})
	l.fetched(site, path, archive.List, fmt.Sprint(path, entries), links...)
}

func dated(i int) string { return fmt.Sprintf("2020-05-%02d", i+1) }

func subject(i int) string {
	return fmt.Sprintf("关于第%d批公积金贷款业务办理安排的通知", i+1)
}

// shut closes the site gjj of a lab.
func (l *lab) shut() *lab {
	l.Helper()
	l.check(l.CatchUp(l.Context()))
	c := cluster
	c.Sites = slices.Clone(c.Sites)
	c.Sites[1].Closed = true
	again := l.again(c, "1")
	again.check(again.CatchUp(l.Context()))
	return again
}

func (l *lab) proposes(accept bool) Proposing {
	l.Helper()
	p, err := l.ProposeMoves(l.Context(), accept, "张三", func(Proposing) error { return nil })
	l.check(err)
	l.check(l.CatchUp(l.Context()))
	return p
}

// listed is the whole list of moves that are not of pages: state, old path, new path, whether it is sure, and why.
func (l *lab) listed(paths ...string) string {
	l.Helper()
	all, _, _, err := l.Moves(l.Context(), "", "", moves.MaxBatch)
	l.check(err)
	var out []string
	for _, m := range all {
		path := strings.TrimPrefix(m.Old.Text, at("gjj", ""))
		if slices.Contains(paths, path) {
			out = append(out, fmt.Sprintf("%s %s → %s %v %s", m.State, path, strings.TrimPrefix(m.New, at("portal", "")), m.Sure, m.Evidence))
		}
	}
	return strings.Join(out, "\n")
}

func TestAnAttachmentOfAClosedSiteGoesToThatOfItsNewPage(t *testing.T) {
	l := newLab(t)
	l.notice("gjj", "/1.html", subject(0), dated(0), "/a.txt", "附件1：申请表", "/b.txt", "附件2：名单", "/c.txt", "附件3：流程图", "/form.txt", "空表")
	l.fetched("gjj", "/a.txt", archive.Attachment, "申请表，字节相同")
	l.fetched("gjj", "/b.txt", archive.Attachment, "名单，旧的字节")
	l.fetched("gjj", "/c.txt", archive.Attachment, "流程图")
	l.fetched("gjj", "/form.txt", archive.Attachment, "空表，字节相同")
	l.notice("gjj", "/2.html", "公积金中心机关党委的岗位职责", "2018-01-01", "/d.txt", "附件：职责表", "/e.txt", "附件：电话")
	l.fetched("gjj", "/d.txt", archive.Attachment, "职责表，字节相同")
	l.fetched("gjj", "/e.txt", archive.Attachment, "电话")
	l.notice("portal", "/n/1.html", subject(0), dated(0), "/n/1.txt", "申请表.txt", "/n/2.txt", "名单.txt")
	l.fetched("portal", "/n/1.txt", archive.Attachment, "申请表，字节相同")
	l.fetched("portal", "/n/2.txt", archive.Attachment, "名单，新的字节")
	l.notice("portal", "/n/9.html", "关于公开各项职责的一份说明", "2021-01-01", "/n/3.txt", "表一", "/n/4.txt", "表二")
	l.fetched("portal", "/n/3.txt", archive.Attachment, "职责表，字节相同")
	l.fetched("portal", "/n/4.txt", archive.Attachment, "空表，字节相同")
	l = l.shut()
	l.is(at("gjj", "/a.txt"), "homeless")

	files := []string{"/a.txt", "/b.txt", "/c.txt", "/d.txt", "/e.txt", "/form.txt"}
	want := `proposed /a.txt → /n/1.txt true 附件字节相同
proposed /b.txt → /n/2.txt true 附件名相同，编号不同，字节不同
proposed /c.txt → /n/1.html true 所在网页的新网页上没有认出这个附件，到那个网页
proposed /d.txt → /n/3.txt true 附件字节相同，在别的网页上
proposed /form.txt → /n/4.txt true 附件字节相同，在别的网页上`
	if p, want := l.proposes(false), (Proposing{Done: 8, Total: 8, Files: 6, Proposed: 6, Sure: 6, ToPage: 1, Homeless: 2}); p != want {
		t.Errorf("%+v, want %+v", p, want)
	}
	if got := l.listed(files...); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	l.is(at("gjj", "/a.txt"), "homeless")
	if got := l.homes(); !strings.Contains(got, at("gjj", "/a.txt")+" 已提出新网址，等管理员认可："+at("portal", "/n/1.txt")) || !strings.Contains(got, at("gjj", "/e.txt")+" 没有找到新附件") {
		t.Errorf("without a home:\n%s", got)
	}

	l.decide(moves.Reject, at("gjj", "/d.txt"))
	if p := l.proposes(true); p.Accepted != 5 {
		t.Errorf("accepted: %+v", p)
	}
	for path, want := range map[string]string{"/a.txt": "moved /n/1.txt", "/b.txt": "moved /n/2.txt", "/c.txt": "moved /n/1.html", "/form.txt": "moved /n/4.txt", "/d.txt": "homeless", "/e.txt": "homeless"} {
		state, to, _ := strings.Cut(want, " ")
		if to != "" {
			to = " " + at("portal", to)
		}
		l.is(at("gjj", path), state+to)
	}
	if got := l.homes(); strings.Contains(got, "/a.txt") || !strings.Contains(got, "/d.txt 提出的新网址被否决") {
		t.Errorf("without a home:\n%s", got)
	}
	if a, err := l.Address(t.Context(), at("gjj", "/a.txt")); err != nil || !a.File || a.Title != subject(0) {
		t.Errorf("the box shows %+v, %v", a, err)
	}
	if a, err := l.Address(t.Context(), at("gjj", "/e.txt")); err != nil || !a.File || a.Title != "公积金中心机关党委的岗位职责" {
		t.Errorf("the box shows %+v, %v", a, err)
	}
}

func TestWhatFollowsFromAPageIsNoSurerThanThat(t *testing.T) {
	l := newLab(t)
	l.notice("gjj", "/1.html", subject(0), "", "/a.txt", "申请表", "/b.txt", "名单", "/c.txt", "流程图")
	l.fetched("gjj", "/a.txt", archive.Attachment, "申请表，字节相同")
	l.fetched("gjj", "/b.txt", archive.Attachment, "名单，旧的字节")
	l.notice("portal", "/n/1.html", subject(0), "", "/n/1.txt", "申请表", "/n/2.txt", "名单")
	l.fetched("portal", "/n/1.txt", archive.Attachment, "申请表，字节相同")
	l.fetched("portal", "/n/2.txt", archive.Attachment, "名单，新的字节")
	l = l.shut()
	l.proposes(true)
	files := []string{"/1.html", "/a.txt", "/b.txt", "/c.txt"}
	if got, want := l.listed(files...), `proposed /1.html → /n/1.html false 标题相同且唯一，没有日期可以核对
in_force /a.txt → /n/1.txt true 附件字节相同
proposed /b.txt → /n/2.txt false 附件名相同，字节不同；那个网页的新网址还没有认可
proposed /c.txt → /n/1.html false 所在网页的新网页上没有认出这个附件，到那个网页；那个网页的新网址还没有认可`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	l.decide(moves.Accept, at("gjj", "/1.html"))
	if p := l.proposes(true); p.Accepted != 2 || p.Known != 1 {
		t.Errorf("once the page is accepted: %+v", p)
	}
	l.is(at("gjj", "/b.txt"), "moved "+at("portal", "/n/2.txt"))
}

func TestWithdrawnAttachmentsAreNoNewHome(t *testing.T) {
	l := newLab(t)
	l.notice("gjj", "/1.html", subject(0), dated(0), "/a.txt", "名单", "/b.txt", "电话")
	l.fetched("gjj", "/a.txt", archive.Attachment, "名单，字节相同")
	l.fetched("gjj", "/b.txt", archive.Attachment, "电话，字节相同")
	l.notice("portal", "/n/1.html", subject(0), dated(0), "/n/1.txt", "名单")
	l.fetched("portal", "/n/1.txt", archive.Attachment, "名单，字节相同")
	l = l.shut()
	l.withdraw(WithdrawOrder{Page: at("portal", "/n/1.txt")})
	l.withdraw(WithdrawOrder{Page: at("gjj", "/b.txt")})
	l.proposes(true)
	l.is(at("gjj", "/a.txt"), "moved "+at("portal", "/n/1.html"))
	l.is(at("gjj", "/b.txt"), "unknown")
	if got := l.homes(); strings.Contains(got, "/b.txt") {
		t.Errorf("it is listed: %s", got)
	}
}

func TestATextOfBothSitesIsAPairThoughTheListNamesIt(t *testing.T) {
	l := closedLab(t)
	l.publish("portal", "/gjj/other.html", "公积金中心机关党委的岗位职责", "2022-12-12", "<p>"+strings.Repeat("旧网站上的公积金岗位职责。", 20)+"</p>")
	l.check(l.CatchUp(t.Context()))
	if _, err := l.PutMoves(t.Context(), []moves.Row{{Old: at("gjj", "/zhize.html"), Title: "公积金中心机关党委的岗位职责", Date: "2018-01-01"}}, moves.Imported, ""); err != nil {
		t.Fatal(err)
	}
	if p, want := l.proposes(false), (Proposing{Done: 2, Total: 2, Proposed: 1, Sure: 1, Homeless: 1}); p != want {
		t.Errorf("%+v, want %+v", p, want)
	}
	if got, want := l.listed("/zhize.html"), "proposed /zhize.html → /gjj/other.html true 正文相同"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAPageThatWasLedElsewhereGoesOnWithIt(t *testing.T) {
	l := newLab(t)
	l.notice("gjj", "/old.html", subject(0), dated(0))
	p, err := l.archive.Page(t.Context(), at("gjj", "/old.html"))
	l.check(err)
	l.check(l.archive.Record(t.Context(), archive.Visit{
		ID: p.ID, At: time.Now(), State: archive.Redirect, Status: 301, MovedTo: at("gjj", "/new.html"), Permanent: true,
		Links: []archive.Link{{URL: at("gjj", "/new.html"), Site: "gjj"}},
	}))
	_, err = l.archive.Settle(t.Context(), "gjj", time.Now().Add(time.Hour))
	l.check(err)
	l.notice("gjj", "/new.html", subject(0), dated(0))
	l = l.shut()
	l.add(at("gjj", "/new.html"), at("portal", "/n/1.html"))
	l.is(at("gjj", "/old.html"), "moved "+at("portal", "/n/1.html"))
}
