package indexer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"terrace/indexer/archive"
	"terrace/moves"
)

// closedLab is a lab after a few pages of a site were crawled and the site was then closed.
func closedLab(t *testing.T) *lab {
	t.Helper()
	l := newLab(t)
	l.publish("gjj", "/show1.html", "关于调整住房公积金提取额度的通知", "2020-05-01", "<p>"+strings.Repeat("旧网站上的公积金通知正文。", 20)+"</p>")
	l.publish("gjj", "/zhize.html", "公积金中心机关党委的岗位职责", "2018-01-01", "<p>"+strings.Repeat("旧网站上的公积金岗位职责。", 20)+"</p>")
	l.check(l.CatchUp(t.Context()))
	c := cluster
	c.Sites = slices.Clone(c.Sites)
	c.Sites[1].Closed = true
	return l.again(c, "1")
}

// arrive publishes the new page of /show1.html.
func (l *lab) arrive() {
	l.Helper()
	l.publish("portal", "/gjj/t1.html", "关于调整住房公积金提取额度的通知", "2020-05-01", "<p>"+strings.Repeat("改写过的公积金提取额度通知。", 20)+"</p>")
	l.check(l.CatchUp(l.Context()))
}

func (l *lab) add(old, to string) {
	l.Helper()
	r, err := l.PutMoves(l.Context(), []moves.Row{{Old: old, New: to}}, moves.Added, "张三")
	l.check(err)
	if len(r.Bad) > 0 {
		l.Fatalf("%+v", r.Bad)
	}
	l.check(l.CatchUp(l.Context()))
}

func (l *lab) decide(d moves.Decision, olds ...string) {
	l.Helper()
	_, unknown, err := l.DecideMoves(l.Context(), d, olds, "张三")
	l.check(err)
	if len(unknown) > 0 {
		l.Errorf("%s is not possible for %v", d, unknown)
	}
	l.check(l.CatchUp(l.Context()))
}

// is fails unless a typed URL is what is wanted: its state, and where its page is.
func (l *lab) is(typed, want string) {
	l.Helper()
	a, err := l.Address(l.Context(), typed)
	l.check(err)
	if got := strings.TrimSpace(string(a.State) + " " + a.URL); got != want {
		l.Errorf("%s is %s, want %s", typed, got, want)
	}
}

func TestAPageOfAClosedSiteGivesWayToItsNewOne(t *testing.T) {
	l := closedLab(t)
	l.holds("closed, without new pages", "/show1.html", "/zhize.html")
	l.is(at("gjj", "/show1.html"), "homeless")

	l.add(at("gjj", "/show1.html"), at("portal", "/gjj/t1.html"))
	l.holds("before the new page is there", "/show1.html", "/zhize.html")
	l.arrive()
	l.check(l.CatchUp(t.Context()))
	l.holds("once it is there", "/gjj/t1.html", "/zhize.html")
	c, err := l.Coverage(t.Context(), "gjj")
	l.check(err)
	if n := c.Sites[0].Sum(func(g archive.Group) bool { return g.Outcome == resettled }); n != 1 {
		t.Errorf("the ledger tells of %d pages that they are elsewhere: %+v", n, c.Sites[0].Groups)
	}
	l.is("GJJ.yunhe.example/show1.html?from=singlemessage", "moved "+at("portal", "/gjj/t1.html"))
	l.is(at("portal", "/gjj/t1.html"), "current "+at("portal", "/gjj/t1.html"))
	l.is("https://www.gjj.yunhe.example/zhize.html", "homeless")
	l.is(at("gjj", "/never.html"), "unknown")
	l.is("旧网址", "unknown")

	l.decide(moves.Remove, at("gjj", "/show1.html"))
	l.holds("the move is taken back", "/gjj/t1.html", "/show1.html", "/zhize.html")
}

func TestAPageOfAClosedSiteIsBackWhenItsNewOneIsGone(t *testing.T) {
	l := closedLab(t)
	l.add(at("gjj", "/show1.html"), at("portal", "/gjj/t1.html"))
	l.arrive()
	l.check(l.CatchUp(t.Context()))
	l.holds("with its new page", "/gjj/t1.html", "/zhize.html")
	l.crawl("portal", archive.Gone, "", "/gjj/t1.html")
	l.check(l.CatchUp(t.Context()))
	l.holds("when that is gone", "/show1.html", "/zhize.html")
	if a, err := l.Address(t.Context(), at("gjj", "/show1.html")); err != nil || a.State != moves.Homeless || a.ID == "" {
		t.Errorf("the old URL leads to %+v, %v", a, err)
	}
}

func TestAPageOfAClosedSiteStaysAwayWhenItsNewOneIsWithdrawn(t *testing.T) {
	l := closedLab(t)
	l.add(at("gjj", "/show1.html"), at("portal", "/gjj/t1.html"))
	l.arrive()
	l.check(l.CatchUp(t.Context()))
	r := l.withdraw(WithdrawOrder{Page: at("portal", "/gjj/t1.html"), Purge: true})
	if len(r.Elsewhere) != 1 || r.Elsewhere[0].URL != at("gjj", "/show1.html") {
		t.Errorf("the receipt tells of old pages: %+v", r.Elsewhere)
	}
	l.crawl("portal", archive.Gone, "", "/gjj/t1.html")
	l.check(l.CatchUp(t.Context()))
	_, err := l.archive.Resequence(t.Context(), archive.Scope{Site: "gjj"})
	l.check(err)
	l.check(l.CatchUp(t.Context()))
	l.holds("when its site takes it away too, and all is made anew", "/zhize.html")
	l.undo(r.ID)
	l.check(l.CatchUp(t.Context()))
	l.holds("undone", "/show1.html", "/zhize.html")
}

func TestWithdrawingAnOldPageTellsOfItsNewOne(t *testing.T) {
	l := closedLab(t)
	l.add(at("gjj", "/show1.html"), at("portal", "/gjj/t1.html"))
	l.arrive()
	l.check(l.CatchUp(t.Context()))
	r := l.withdraw(WithdrawOrder{Page: at("gjj", "/show1.html")})
	if len(r.Elsewhere) != 1 || r.Elsewhere[0].URL != at("portal", "/gjj/t1.html") {
		t.Errorf("the receipt tells of the new page: %+v", r.Elsewhere)
	}
}

func TestAPrefixMovesThePagesThatAreThere(t *testing.T) {
	l := closedLab(t)
	l.publish("portal", "/gjj/show1.html", "关于调整住房公积金提取额度的通知", "2020-05-01", "<p>"+strings.Repeat("改写过的公积金提取额度通知。", 20)+"</p>")
	l.check(l.CatchUp(t.Context()))
	l.add("gjj.yunhe.example", at("portal", "/gjj/"))
	l.holds("with the prefix", "/gjj/show1.html", "/zhize.html")
	l.is(at("gjj", "/show1.html"), "moved "+at("portal", "/gjj/show1.html"))
	if got := l.homes(); got != "http://gjj.yunhe.example/zhize.html 新网址不在存档里，请核对：http://www.yunhe.example/gjj/zhize.html" {
		t.Errorf("without a home: %s", got)
	}
	l.decide(moves.Remove, "gjj.yunhe.example/*")
	l.holds("without it", "/gjj/show1.html", "/show1.html", "/zhize.html")
}

// homes lists the old pages without a new one.
func (l *lab) homes() string {
	l.Helper()
	var out []string
	l.check(l.HomelessPages(l.Context(), func(p HomelessPage) error { out = append(out, p.URL+" "+p.Why); return nil }))
	return strings.Join(out, "\n")
}

func TestEveryPageOfAClosedSiteWithoutAHomeIsListed(t *testing.T) {
	l := newLab(t)
	text := "<p>" + strings.Repeat("旧网站上的公积金岗位职责。", 20) + "</p>"
	l.publish("gjj", "/", "公积金中心", "", "<a href=/zhize.html>岗位职责</a>")
	l.publish("gjj", "/zhize.html", "公积金中心机关党委的岗位职责", "2018-01-01", text)
	l.publish("gjj", "/map.html", "交通示意图", "2018-01-01", "<meta name=robots content=noindex><img src=/map.png>")
	l.publish("portal", "/gjj/zhize.html", "公积金中心机关党委的岗位职责", "2018-01-01", text)
	l.check(l.CatchUp(t.Context()))
	c := cluster
	c.Sites = slices.Clone(c.Sites)
	c.Sites[1].Closed = true
	l = l.again(c, "1")

	want := []string{
		at("gjj", "/zhize.html") + " 正文与 " + at("portal", "/gjj/zhize.html") + " 相同，还没有提出",
		at("gjj", "/") + " 没有正文可比对，请指定新网页",
		at("gjj", "/map.html") + " 没有正文可比对，请指定新网页",
	}
	got := strings.Split(l.homes(), "\n")
	slices.Sort(got[1:])
	if !slices.Equal(got, want) {
		t.Errorf("without a home: %q, want %q", got, want)
	}
	for old, to := range map[string]string{"/": "/gjj/zhize.html", "/zhize.html": "/gjj/zhize.html", "/map.html": "/gjj/zhize.html"} {
		l.add(at("gjj", old), at("portal", to))
	}
	if got := l.homes(); got != "" {
		t.Errorf("with homes given: %s", got)
	}
}

func TestMovesAreProposedFromListAndArchive(t *testing.T) {
	l := closedLab(t)
	l.arrive()
	l.publish("portal", "/gjj/t2.html", "关于举办公积金业务培训的预备通知", "2021-02-03", "<p>"+strings.Repeat("公积金业务培训的安排。", 20)+"</p>")
	l.check(l.CatchUp(t.Context()))
	r, err := l.PutMoves(t.Context(), []moves.Row{
		{Line: 2, Old: "http://older.example/1", Title: "关于举办公积金业务培训的预备通知 - 云河州公积金中心", Date: "2021-02-03"},
		{Line: 3, Old: "http://older.example/2", Title: "已经没有了的一份公积金通知", Date: "2011-02-03"},
		{Line: 4, Old: "no url"},
	}, moves.Imported, "张三")
	if err != nil || r.Pages != 2 || len(r.Bad) != 1 || r.Bad[0].Line != 4 {
		t.Fatalf("%+v %v", r, err)
	}
	p, err := l.ProposeMoves(t.Context(), false, "", func(Proposing) error { return nil })
	if want := (Proposing{Done: 4, Total: 4, Proposed: 2, Sure: 2, Homeless: 2}); err != nil || p != want {
		t.Errorf("%+v %v, want %+v", p, err, want)
	}
	l.is("http://older.example/1", "homeless") // a proposal is none yet
	if got, want := l.homes(), "http://older.example/1 已提出新网址，等管理员认可：http://www.yunhe.example/gjj/t2.html\n"+
		"http://older.example/2 没有找到新网页\nhttp://gjj.yunhe.example/show1.html 已提出新网址，等管理员认可：http://www.yunhe.example/gjj/t1.html\nhttp://gjj.yunhe.example/zhize.html 没有找到新网页"; sorted(got) != sorted(want) {
		t.Errorf("without a home:\n%s\nwant\n%s", got, want)
	}
	l.decide(moves.Reject, "http://older.example/1")
	p, err = l.ProposeMoves(t.Context(), true, "", func(Proposing) error { return nil })
	if err != nil || p.Accepted != 1 {
		t.Errorf("%+v %v", p, err)
	}
	l.check(l.CatchUp(t.Context()))
	l.holds("accepted", "/gjj/t1.html", "/gjj/t2.html", "/zhize.html")
	l.is(at("gjj", "/show1.html"), "moved "+at("portal", "/gjj/t1.html"))
	l.is("http://older.example/1", "homeless")
}

func sorted(lines string) string {
	all := strings.Split(lines, "\n")
	slices.Sort(all)
	return strings.Join(all, "\n")
}

func TestATextThatBothSitesPublishIsAPair(t *testing.T) {
	l := closedLab(t)
	l.publish("portal", "/gjj/other.html", "公积金中心机关党委的岗位职责", "2022-12-12", "<p>"+strings.Repeat("旧网站上的公积金岗位职责。", 20)+"</p>")
	l.check(l.CatchUp(t.Context()))
	if _, err := l.ProposeMoves(t.Context(), true, "", func(Proposing) error { return nil }); err != nil {
		t.Fatal(err)
	}
	l.is(at("gjj", "/zhize.html"), "moved "+at("portal", "/gjj/other.html"))
}

func TestAProposalThatIsCancelledKeepsWhatWasDecided(t *testing.T) {
	l := closedLab(t)
	l.arrive()
	stop := errors.New("stop")
	if _, err := l.ProposeMoves(t.Context(), true, "", func(Proposing) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
	_, err := l.ProposeMoves(t.Context(), false, "", func(Proposing) error {
		_, err := l.ProposeMoves(t.Context(), false, "", func(Proposing) error { return nil })
		return err
	})
	if !errors.Is(err, ErrProposing) || errors.Is(err, ErrBusy) {
		t.Errorf("at the same time: %v", err)
	}
	if p, err := l.ProposeMoves(t.Context(), false, "", func(Proposing) error { return nil }); err != nil || p.Total != 2 {
		t.Errorf("again: %+v %v", p, err)
	}
}

func TestARedirectForGoodIsALearnedMove(t *testing.T) {
	l := newLab(t)
	l.publish("gjj", "/old.html", "关于调整住房公积金提取额度的通知", "", "<p>"+strings.Repeat("公积金通知正文。", 20)+"</p>")
	p, err := l.archive.Page(t.Context(), at("gjj", "/old.html"))
	l.check(err)
	l.check(l.archive.Record(t.Context(), archive.Visit{
		ID: p.ID, At: time.Now(), State: archive.Redirect, Status: 301, MovedTo: at("portal", "/new.html"), Permanent: true,
		Links: []archive.Link{{URL: at("portal", "/new.html"), Site: "portal"}},
	}))
	_, err = l.archive.Settle(t.Context(), "gjj", time.Now().Add(time.Hour))
	l.check(err)
	l.publish("portal", "/new.html", "关于调整住房公积金提取额度的通知", "", "<p>"+strings.Repeat("公积金通知正文。", 20)+"</p>")
	l.check(l.CatchUp(t.Context()))
	l.is("http://www.gjj.yunhe.example/old.html", "moved "+at("portal", "/new.html"))
	var got []string
	each := func() {
		got = nil
		l.check(l.EachMove(t.Context(), func(m moves.Move) error {
			got = append(got, fmt.Sprintf("%s %s %s", m.Origin, m.Old.Text, m.New))
			return nil
		}))
	}
	each()
	if want := []string{"learned http://gjj.yunhe.example/old.html http://www.yunhe.example/new.html"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	l.add(at("gjj", "/old.html"), at("portal", "/other.html"))
	l.add("gjj.yunhe.example", at("portal", "/"))
	l.is(at("gjj", "/old.html"), "moved "+at("portal", "/other.html")) // an administrator knows better
	each()
	if want := []string{"added http://gjj.yunhe.example/old.html http://www.yunhe.example/other.html", "added gjj.yunhe.example/* http://www.yunhe.example/"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestWhatIsWithdrawnIsNotFoundByItsURL(t *testing.T) {
	l := closedLab(t)
	l.arrive()
	l.add("http://older.example/1", at("portal", "/gjj/t1.html"))
	l.is("http://older.example/1", "moved "+at("portal", "/gjj/t1.html"))
	l.withdraw(WithdrawOrder{Page: at("portal", "/gjj/t1.html")})
	l.withdraw(WithdrawOrder{Page: at("gjj", "/zhize.html")})
	l.is("http://older.example/1", "unknown")
	l.is(at("portal", "/gjj/t1.html"), "unknown")
	l.is(at("gjj", "/zhize.html"), "unknown")
	if got := l.homes(); strings.Contains(got, "zhize") {
		t.Errorf("it is listed: %s", got)
	}
	l.check(l.EachMove(t.Context(), func(m moves.Move) error { t.Errorf("%s is given away", m.New); return nil }))
}

func TestMovesInACircleLeadNowhere(t *testing.T) {
	l := newLab(t)
	l.add("http://a.example/1", "http://b.example/1")
	l.add("http://b.example/1", "http://a.example/1")
	l.is("http://a.example/1", "homeless")
	l.add("http://c.example/1", "http://d.example/1")
	l.add("http://d.example/1", "http://e.example/1")
	l.is("http://c.example/1", "moved http://e.example/1")
}

func TestAClosedSiteIsNotToBeCrawledAgain(t *testing.T) {
	l := closedLab(t)
	for _, o := range []Order{{Site: "gjj", Mode: Recrawl}, {URL: at("gjj", "/show1.html"), Mode: Recrawl}} {
		if _, err := l.Start(t.Context(), o); !errors.Is(err, ErrOrder) || !strings.Contains(err.Error(), "已关闭") {
			t.Errorf("%+v: %v", o, err)
		}
	}
	j := l.start(Order{Site: "gjj"}) // before the rebuild for another configuration
	l.run()
	if j = l.ended(j.ID); j.State != Done {
		t.Errorf("its documents cannot be made anew: %+v", j)
	}
}

func TestOrdersAboutMovesAreChecked(t *testing.T) {
	l := newLab(t)
	for name, err := range map[string]error{
		"state":    third(l.Moves(t.Context(), "none", "", 10)),
		"decision": second(l.DecideMoves(t.Context(), "none", []string{"http://a.example/1"}, "")),
		"many":     second(l.DecideMoves(t.Context(), moves.Accept, make([]string, moves.MaxBatch+1), "")),
		"by":       second(l.DecideMoves(t.Context(), moves.Accept, nil, strings.Repeat("名", 101))),
	} {
		if !errors.Is(err, ErrMoves) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := l.PutMoves(t.Context(), make([]moves.Row, moves.MaxBatch+1), moves.Added, ""); !errors.Is(err, ErrMoves) {
		t.Error(err)
	}
}

func second(_ int, _ []string, err error) error                              { return err }
func third(_ []moves.Move, _ string, _ map[moves.State]int, err error) error { return err }

func TestAPageOfAClosedSiteIsFoundAgainWhenItsNewOneIsGone(t *testing.T) {
	l := closedLab(t)
	l.arrive()
	l.add(at("gjj", "/show1.html"), at("portal", "/gjj/t1.html"))
	l.holds("with the new page", "/gjj/t1.html", "/zhize.html")
	l.crawl("portal", archive.Gone, "", "/gjj/t1.html")
	l.check(l.CatchUp(t.Context()))
	l.holds("without it", "/show1.html", "/zhize.html")
}

func TestMovesInForceAreFollowedThoughTheProposalIsCancelled(t *testing.T) {
	l := closedLab(t)
	l.arrive()
	rows := []moves.Row{{Old: at("gjj", "/show1.html"), Title: "关于调整住房公积金提取额度的通知", Date: "2020-05-01"}}
	for i := range 97 { // with /zhize.html and a file a hundred are looked at, after which the caller is told
		rows = append(rows, moves.Row{Old: at("gjj", fmt.Sprintf("/never%d.html", i)), Title: fmt.Sprintf("第%d号", i)})
	}
	_, err := l.PutMoves(t.Context(), rows, moves.Imported, "")
	l.check(err)
	l.upload("/form.txt", "表")
	ctx, leave := context.WithCancel(t.Context())
	p, err := l.ProposeMoves(ctx, true, "", func(p Proposing) error { leave(); return ctx.Err() })
	if p.Accepted != 1 || !errors.Is(err, context.Canceled) {
		t.Fatalf("%+v, %v", p, err)
	}
	l.check(l.CatchUp(t.Context()))
	l.holds("cancelled", "/gjj/t1.html", "/zhize.html")
}

func TestAPageOfAClosedSiteStaysAwayWhenItsNewOneIsPurged(t *testing.T) {
	l := closedLab(t)
	l.arrive()
	l.add(at("gjj", "/show1.html"), at("portal", "/gjj/t1.html"))
	l.withdraw(WithdrawOrder{Page: at("portal", "/gjj/t1.html"), Purge: true})
	l.check(l.CatchUp(t.Context()))
	l.holds("purged", "/zhize.html")
	l.is(at("gjj", "/show1.html"), "unknown")
}
