package indexer

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"terrace/index"
	"terrace/indexer/archive"
	"terrace/indexer/attach"
	"terrace/indexer/attached"
	"terrace/withdraw"
)

func (l *lab) withdraw(o WithdrawOrder) Receipt {
	l.Helper()
	o.Reason = "公示了身份证号"
	r, err := l.Withdraw(l.Context(), o)
	l.check(err)
	if !r.Settled {
		l.Error("the index has not followed")
	}
	return r
}

func (l *lab) undo(id string) Receipt {
	l.Helper()
	r, err := l.UndoWithdrawal(l.Context(), id, "")
	l.check(err)
	return r
}

// holds fails unless the live generation holds the documents of these paths.
func (l *lab) holds(when string, want ...string) {
	l.Helper()
	var got []string
	for path := range l.found() {
		got = append(got, path)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		l.Errorf("%s: %v are in the index, want %v", when, got, want)
	}
}

func TestAWithdrawnPageStaysAwayWhateverHappens(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, "/a.html", "/b.html", "/c.html")
	l.check(l.CatchUp(t.Context()))
	_, before := l.generations()

	r := l.withdraw(WithdrawOrder{Page: at("portal", "/a.html"), By: "张三"})
	l.holds("on return", "/b.html", "/c.html")
	if len(r.Pages) != 1 || r.Pages[0].Title != "关于/a.html的通知" || r.Pages[0].URL != at("portal", "/a.html") || r.By != "张三" || r.At.IsZero() {
		t.Errorf("the receipt tells %+v", r)
	}
	l.crawl("portal", archive.OK, text+"改。", "/a.html")
	l.check(l.CatchUp(t.Context()))
	l.holds("crawled again", "/b.html", "/c.html")
	got, err := l.Inspect(t.Context(), at("portal", "/a.html"))
	if err != nil || !strings.Contains(got, "状态：已撤回") || !strings.Contains(got, "采集：已抓取") || strings.Contains(got, "缴存人") {
		t.Errorf("inspected: %v\n%s", err, got)
	}

	l = l.again(cluster, "1")
	stop := l.run()
	if j := l.ended(l.start(Order{}).ID); j.State != Done {
		t.Fatalf("%+v", j)
	}
	stop()
	l.holds("rebuilt", "/b.html", "/c.html")
	l.check(l.Promote(t.Context(), before.Name))
	l.holds("rolled back", "/b.html", "/c.html")

	l.undo(r.ID)
	l.holds("undone", "/a.html", "/b.html", "/c.html")
	l.undo(r.ID)
	l.holds("undone twice", "/a.html", "/b.html", "/c.html")
}

func TestAGenerationThatStillHoldsAWithdrawnPageIsRidOfItBeforeItGoesLive(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, "/a.html", "/b.html")
	l.check(l.CatchUp(t.Context()))
	a, b := l.found()["/a.html"], l.found()["/b.html"]
	restored, err := l.index.Create(t.Context(), index.Fingerprints{}) // as of a backup: without cursor and relations
	l.check(err)
	forgotten := index.Document{ID: "forgotten", Title: "早已撤回", Body: "公积金", Copies: []index.Copy{{URL: "http://www.yunhe.example/old.html"}}}
	l.check(restored.Put(t.Context(), a, b, forgotten))
	l.withdraw(WithdrawOrder{Page: at("portal", "/a.html")})
	_, err = l.withdrawn.Add(t.Context(), withdraw.Entry{Page: "forgotten", Reason: "存档早已不记得", At: time.Now()}, withdraw.Page{ID: "forgotten"})
	l.check(err)

	l.check(l.Promote(t.Context(), restored.Name()))
	l.holds("restored", "/b.html")
}

func TestWithdrawingOneOfSeveralPlaces(t *testing.T) {
	for _, c := range []struct{ name, withdrawn, left string }{
		{"the original: the copy takes its place", "/original.html", "/copy.html"},
		{"the copy: the document loses that place", "/copy.html", "/original.html"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t)
			const title = "云河州住房公积金提取办法"
			l.publish("portal", "/copy.html", title, "发布日期：2023-05-09 来源：公积金中心", rules+rules)
			l.publish("gjj", "/original.html", title, "发布日期：2023-05-10", rules+rules)
			l.check(l.CatchUp(t.Context()))
			site := map[string]string{"/copy.html": "portal", "/original.html": "gjj"}
			r := l.withdraw(WithdrawOrder{Page: at(site[c.withdrawn], c.withdrawn)})
			l.holds("withdrawn", c.left)
			if d := l.found()[c.left]; len(d.Copies) != 1 {
				t.Errorf("it is published at %+v", d.Copies)
			}
			if len(r.Elsewhere) != 1 || r.Elsewhere[0].URL != at(site[c.left], c.left) {
				t.Errorf("the same stands at %+v", r.Elsewhere)
			}
			l.undo(r.ID)
			if d := l.found()["/original.html"]; len(d.Copies) != 2 {
				t.Errorf("undone it is published at %+v", d.Copies)
			}
		})
	}
}

func TestALinkToAWithdrawnPageIsGone(t *testing.T) {
	l := newLab(t)
	l.publish("portal", "/old.html", "云河州住房公积金提取办法", "发布日期：2010-03-01 发文字号：云政发〔2010〕5号", rules)
	l.publish("portal", "/new.html", "云河州住房公积金提取管理办法", "发布日期：2023-05-10 发文字号：云政发〔2023〕9号", rules+repeal)
	l.check(l.CatchUp(t.Context()))
	l.withdraw(WithdrawOrder{Page: at("portal", "/new.html")})
	if d := l.found()["/old.html"]; d.Links != nil || d.Validity != "" {
		t.Errorf("it still leads to %+v and is %q", d.Links, d.Validity)
	}
}

func TestFilesOfAWithdrawnPageThatStayAreTold(t *testing.T) {
	l := newLab(t)
	for _, path := range []string{"/a.html", "/b.html"} {
		l.offer(path, archive.Article, "补偿名单"+path, "<p>公积金，详见附件。</p>", archive.Link{URL: "/names.txt", Text: "补偿名单.txt"})
	}
	l.upload("/names.txt", "户主与金额")
	l.check(l.CatchUp(t.Context()))
	tells := func(r Receipt) bool { return strings.Contains(strings.Join(r.Remains, "\n"), at("gjj", "/names.txt")) }
	if r := l.withdraw(WithdrawOrder{Page: at("gjj", "/a.html"), Purge: true}); !tells(r) {
		t.Errorf("the receipt says of what remains %q", r.Remains)
	}
	l.withdraw(WithdrawOrder{Page: at("gjj", "/names.txt")})
	if r := l.withdraw(WithdrawOrder{Page: at("gjj", "/b.html")}); tells(r) {
		t.Errorf("of a file that is withdrawn it says %q", r.Remains)
	}
}

func TestFurtherPagesOfAWithdrawnArticleAreTold(t *testing.T) {
	l := newLab(t)
	further := []string{"/a_1.html", "/a_2.html", "/a_rules.html", "/b.html"}
	links := func() (out []archive.Link) {
		for _, path := range further {
			out = append(out, archive.Link{URL: path, Text: "页"})
		}
		return out
	}()
	l.offer("/a.html", archive.Article, "补偿名单", "<p>公积金，第一页。</p>", links...)
	for _, path := range further {
		l.offer(path, archive.Article, "补偿名单"+path, "<p>公积金，下一页。</p>")
	}
	l.check(l.CatchUp(t.Context()))
	r := l.withdraw(WithdrawOrder{Page: at("gjj", "/a.html"), Purge: true})
	if got, want := strings.Join(r.Remains, "\n"), at("gjj", "/a_1.html")+" "+at("gjj", "/a_2.html")+"\n"; !strings.Contains(got, "2 个没有撤回") || !strings.Contains(got, want) {
		t.Errorf("the receipt says of what remains %s", got)
	}
	for url, want := range map[string]bool{
		at("gjj", "/show?id=1&page=2"): true, at("gjj", "/show?id=12"): false, at("gjj", "/show?id=1_2"): true, at("gjj", "/show?id=1&id=x"): false,
	} {
		if got := continues(at("gjj", "/show?id=1"), url); got != want {
			t.Errorf("%s is a further page of /show?id=1: %v", url, got)
		}
	}
}

func TestTheSameBytesAtAnotherURLAreToldAndStay(t *testing.T) {
	l := newLab(t)
	for _, path := range []string{"/a.html", "/twin.html"} {
		l.publish("portal", path, "公积金", "", "<p>公积金通知。</p>") // too short to be folded
	}
	l.check(l.CatchUp(t.Context()))
	r := l.withdraw(WithdrawOrder{Page: at("portal", "/a.html")})
	if len(r.Elsewhere) != 1 || r.Elsewhere[0].URL != at("portal", "/twin.html") {
		t.Errorf("told: %+v", r.Elsewhere)
	}
	l.holds("the other stays", "/twin.html")
}

func TestAPageKeepsWithdrawnUnderItsNewURL(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, "/a.html")
	l.check(l.CatchUp(t.Context()))
	l.withdraw(WithdrawOrder{Page: at("portal", "/a.html")})
	p, err := l.archive.Page(t.Context(), at("portal", "/a.html"))
	l.check(err)
	l.check(l.archive.Record(t.Context(), archive.Visit{
		ID: p.ID, At: time.Now(), State: archive.Redirect, Status: 301, MovedTo: at("portal", "/moved.html"), Permanent: true, NextAt: time.Now(),
	}))
	l.crawl("portal", archive.OK, text, "/moved.html")
	l.check(l.CatchUp(t.Context()))
	l.holds("moved for good")
}

func TestAWithdrawnPageStaysAwayUnderEverySpellingOfItsURL(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, "/a.html", "/%B9%AB%CA%BE.html", "/b.html")
	l.check(l.CatchUp(t.Context()))
	var receipts []Receipt
	for typed, want := range map[string]string{
		"https://yunhe.example/a.html":                     at("portal", "/a.html"),
		"http://www.yunhe.example/%E5%85%AC%E7%A4%BA.html": at("portal", "/%B9%AB%CA%BE.html"),
	} {
		r := l.withdraw(WithdrawOrder{Page: typed})
		if len(r.Pages) != 1 || r.Pages[0].URL != want {
			t.Errorf("%s: the receipt tells %+v", typed, r.Pages)
		}
		receipts = append(receipts, r)
	}
	l.holds("withdrawn", "/b.html")
	l.crawl("portal", archive.OK, text, "https://www.yunhe.example/a.html", "http://yunhe.example/a.html", "/%E5%85%AC%E7%A4%BA.html")
	l.check(l.CatchUp(t.Context()))
	l.holds("when a crawl comes by the other spellings", "/b.html")
	for _, r := range receipts {
		l.undo(r.ID)
	}
	l.holds("undone", "/a.html", "/b.html", "/\xb9\xab\xca\xbe.html", "/公示.html")
}

func TestAPatternIsAboutPagesToComeToo(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, paths(3)...)
	l.crawl("portal", archive.OK, text, "/other.html")
	l.check(l.CatchUp(t.Context()))
	r := l.withdraw(WithdrawOrder{Pattern: `/art/\d`})
	l.crawl("portal", archive.OK, text, paths(5)...)
	l.check(l.CatchUp(t.Context()))
	l.holds("with two more of them", "/other.html")
	l.undo(r.ID)
	l.holds("undone", "/art/0.html", "/art/1.html", "/art/2.html", "/art/3.html", "/art/4.html", "/other.html")
}

func TestMuchIsWithdrawnOnlyWhenItIsConfirmed(t *testing.T) {
	l := newLab(t)
	l.crawl("gjj", archive.OK, text, "/one.html", "/two.html")
	l.crawl("portal", archive.OK, text, paths(withdrawUnasked+1)...)
	l.crawl("portal", archive.OK, text, "/other.html")
	for name, o := range map[string]WithdrawOrder{
		"more than a hundred":   {Pattern: "/art/"},
		"a whole site":          {Pattern: "gjj"},
		"an unknown URL":        {Page: at("portal", "/none.html")},
		"a pattern of no pages": {Pattern: "/none/"},
	} {
		o.Reason = "停用"
		if _, err := l.Withdraw(t.Context(), o); !errors.Is(err, ErrConfirm) {
			t.Errorf("%s: %v", name, err)
		}
		if o.Confirm = true; l.withdraw(o).ID == "" {
			t.Errorf("%s, confirmed: it is not on the list", name)
		}
	}
	l.check(l.CatchUp(t.Context()))
	l.holds("in the end", "/other.html")
	l.crawl("portal", archive.OK, text, "/none.html")
	l.check(l.CatchUp(t.Context()))
	l.holds("when the unknown URL is crawled", "/other.html")
}

func TestAURLThatIsWrittenALittleDifferentlyIsPointedOut(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, "/zt/", "/a.html")
	for typed, kept := range map[string]string{
		at("portal", "/zt"):            at("portal", "/zt/"),
		"https://yunhe.example/zt":     at("portal", "/zt/"),
		at("portal", "/zt/index.html"): at("portal", "/zt/"),
		at("portal", "/b.html"):        "",
	} {
		_, err := l.Withdraw(t.Context(), WithdrawOrder{Page: typed, Reason: "误发"})
		if !errors.Is(err, ErrConfirm) || strings.Contains(err.Error(), "存档里有") != (kept != "") || !strings.Contains(err.Error(), kept) {
			t.Errorf("%s: %v", typed, err)
		}
	}
}

func TestAWrongOrderToWithdrawIsRefused(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, "/a.html")
	for name, c := range map[string]struct {
		o    WithdrawOrder
		want error
	}{
		"nothing":          {WithdrawOrder{Reason: "错"}, ErrWithdraw},
		"both":             {WithdrawOrder{Page: "1", Pattern: "a", Reason: "错"}, ErrWithdraw},
		"no reason":        {WithdrawOrder{Page: at("portal", "/a.html"), Reason: " "}, ErrWithdraw},
		"a long reason":    {WithdrawOrder{Page: at("portal", "/a.html"), Reason: strings.Repeat("长", 501)}, ErrWithdraw},
		"bytes for a name": {WithdrawOrder{Page: at("portal", "/a.html"), Reason: "错", By: "\xff"}, ErrWithdraw},
		"an unknown id":    {WithdrawOrder{Page: "none", Reason: "错", Confirm: true}, archive.ErrUnknown},
		"a wrong pattern":  {WithdrawOrder{Pattern: "(", Reason: "错", Confirm: true}, withdraw.ErrPattern},
		"a long pattern":   {WithdrawOrder{Pattern: strings.Repeat("a", 1001), Reason: "错", Confirm: true}, withdraw.ErrPattern},
	} {
		if _, err := l.Withdraw(t.Context(), c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if list, err := l.Withdrawals(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("on the list: %+v, %v", list, err)
	}
	if _, err := l.UndoWithdrawal(t.Context(), "1", ""); !errors.Is(err, withdraw.ErrUnknown) {
		t.Errorf("an unknown one undone: %v", err)
	}
}

func TestWhatWasListedBeforeACrashIsFollowedAfterIt(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, "/a.html", "/b.html")
	l.check(l.CatchUp(t.Context()))
	p, err := l.archive.Page(t.Context(), at("portal", "/a.html"))
	l.check(err)
	e, err := l.withdrawn.Add(t.Context(), withdraw.Entry{Page: p.URL, Reason: "停电", At: time.Now()}, withdraw.Page{ID: p.ID, URL: p.URL})
	l.check(err)

	l = l.again(cluster, "1") // killed here
	over := withdraw.Over(l.index, l.Withdrawn())
	res, err := over.Search(t.Context(), index.Query{OnlyAll: true, Limit: 10, Facets: []index.Facet{{Field: index.Site, Size: 9}}})
	if err != nil || res.Total != 1 || len(res.Hits) != 1 || res.Facets[index.Site][0].Count != 1 {
		t.Errorf("before it is followed: %+v, %v", res, err)
	}
	l.check(l.SettleWithdrawals(t.Context()))
	l.holds("followed", "/b.html")

	_, err = l.withdrawn.Undo(t.Context(), e.ID, "", time.Now())
	l.check(err)
	l = l.again(cluster, "1") // and here
	l.check(l.CatchUp(t.Context()))
	l.holds("undone", "/a.html", "/b.html")
}

func TestWhatIsPurgedIsKeptNowhere(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, "/a.html", "/b.html")
	l.crawl("portal", archive.OK, text+"改。", "/a.html")
	l.check(l.CatchUp(t.Context()))
	p, err := l.archive.Page(t.Context(), at("portal", "/a.html"))
	l.check(err)
	past, err := l.archive.History(t.Context(), p.ID)
	l.check(err)
	old, err := l.index.Create(t.Context(), index.Fingerprints{})
	l.check(err)
	l.check(old.Put(t.Context(), l.found()["/a.html"]))

	gone := func(when string) {
		t.Helper()
		for _, v := range past {
			if _, err := l.archive.Content(t.Context(), v.Content); !errors.Is(err, archive.ErrUnknown) {
				t.Errorf("%s the content of %s is kept: %v", when, v.At, err)
			}
		}
		now, err := l.archive.Page(t.Context(), p.ID)
		if err != nil || now.Content != "" || now.Anchor != "" || now.ETag != "" {
			t.Errorf("%s the archive knows %+v, %v", when, now, err)
		}
		res, err := old.Search(t.Context(), index.Query{OnlyAll: true})
		if err != nil || res.Total != 0 {
			t.Errorf("%s a generation kept holds %d documents, %v", when, res.Total, err)
		}
	}
	r := l.withdraw(WithdrawOrder{Page: p.URL, Purge: true})
	if len(past) != 2 || len(r.Purged) == 0 || !strings.Contains(r.Purged[0], "2 份内容（包括历次的）、2 条访问记录") {
		t.Errorf("of %d visits were purged: %v", len(past), r.Purged)
	}
	gone("at first")
	l.crawl("portal", archive.OK, text+"改。", "/a.html")
	gone("after another visit")
	l.check(l.CatchUp(t.Context()))
	l.holds("then", "/b.html")
	for id, want := range map[string]int{p.ID: 0, "other": 1} {
		report, err := l.Import(t.Context(), [][]byte{[]byte(`{"id":"` + id + `","title":"公积金"}`)})
		if err != nil || report.Imported != want {
			t.Errorf("imported as %s: %+v, %v", id, report, err)
		}
	}

	l.undo(r.ID)
	if now, err := l.archive.Page(t.Context(), p.ID); err != nil || now.NextAt.After(time.Now()) {
		t.Errorf("undone it is due at %v, %v", now.NextAt, err)
	}
	l.crawl("portal", archive.OK, text, "/a.html")
	l.check(l.CatchUp(t.Context()))
	if got := l.live(); !slices.Contains(got, "关于/a.html的通知") {
		t.Errorf("undone and fetched: %v", got)
	}
}

// TestNoAnswerBetweenShowsAWithdrawnPage withdraws and undoes while pages change, the index follows and generations are rebuilt.
func TestNoAnswerBetweenShowsAWithdrawnPage(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, paths(20)...)
	l.check(l.CatchUp(t.Context()))
	l.run()
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := l.archive.Resequence(t.Context(), archive.Scope{Site: "portal"}); err != nil {
				t.Error(err)
				return
			}
			l.Wake()
			if n%5 == 0 {
				_, _ = l.Start(t.Context(), Order{}) // or one runs
			}
		}
	}()
	for range 6 {
		r := l.withdraw(WithdrawOrder{Page: at("portal", "/art/7.html")})
		for range 20 {
			if _, shown := l.found()["/art/7.html"]; shown {
				t.Fatal("it is in the index after it was withdrawn")
			}
		}
		l.undo(r.ID)
		if _, shown := l.found()["/art/7.html"]; !shown {
			t.Fatal("it is not in the index after that was undone")
		}
	}
	close(stop)
	<-ended
}

// A slow reader of files waits until it may read.
type slow struct {
	attached.Reader
	asked, may chan struct{}
}

func (s *slow) Read(ctx context.Context, f attach.File) (attach.Text, error) {
	select {
	case s.asked <- struct{}{}:
		<-s.may
	case <-s.may:
	}
	return s.Reader.Read(ctx, f)
}

func TestAWithdrawalDoesNotWaitForFilesThatAreRead(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, "/a.html", "/b.html")
	l.check(l.CatchUp(t.Context()))
	l.offer("/1.html", archive.Article, "关于办理业务的通知", "<p>详见附件。</p>", archive.Link{URL: "/form.txt", Text: "名单"})
	l.upload("/form.txt", "公积金账号")
	s := &slow{attach.NewReader(""), make(chan struct{}), make(chan struct{})}
	l.files = attached.New(l.archive, s)
	caughtUp, withdrawn := make(chan error, 1), make(chan error, 1)
	go func() { caughtUp <- l.CatchUp(t.Context()) }()
	<-s.asked
	go func() {
		_, err := l.Withdraw(t.Context(), WithdrawOrder{Page: at("portal", "/a.html"), Reason: "公示了身份证号"})
		withdrawn <- err
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	select {
	case err := <-withdrawn:
		l.check(err)
	case <-ctx.Done():
		t.Error("it waits")
	}
	close(s.may)
	l.check(<-caughtUp)
	l.holds("withdrawn", "/1.html", "/b.html")
}

func TestARestoredGenerationLosesWhatTheArchiveHasForgotten(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, "/a.html")
	l.check(l.CatchUp(t.Context()))
	restored, err := l.index.Create(t.Context(), index.Fingerprints{}) // as of a backup of long ago
	l.check(err)
	l.check(restored.Put(t.Context(), l.found()["/a.html"], index.Document{ID: "forgotten", Title: "早已删去", Body: "公积金", Copies: []index.Copy{{URL: "http://www.yunhe.example/old.html"}}}))
	l.check(l.Promote(t.Context(), restored.Name()))
	l.check(l.CatchUp(t.Context()))
	l.holds("restored", "/a.html")
}
