package indexer

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"terrace/index"
	"terrace/indexer/archive"
	"terrace/site"
)

const text = "缴存人可以提取住房公积金用于购买自住住房。"

func TestOneJobRunsAtATimeAndCanBeCancelled(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, paths(3)...)
	first := l.start(Order{Mode: Recrawl}) // nobody crawls: it waits
	l.run()
	l.wait(first.ID, func(j Job) bool { return j.Total == 3 })
	if _, err := l.Start(t.Context(), Order{}); !errors.Is(err, ErrBusy) {
		t.Errorf("a second job beside it: %v", err)
	}
	j, err := l.Cancel(t.Context(), first.ID)
	if err != nil || j.State != Cancelled || j.Reason == "" || j.Ended.IsZero() {
		t.Fatalf("cancelled: %+v, %v", j, err)
	}
	second := l.start(Order{})
	if j := l.ended(second.ID); j.State != Done || j.Done != 3 || j.Total != 3 || j.Order.Mode != Rebuild {
		t.Errorf("the job after it: %+v", j)
	}
	if j, err := l.Cancel(t.Context(), first.ID); err != nil || j.State != Cancelled {
		t.Errorf("cancelled again: %+v, %v", j, err)
	}
	jobs, err := l.Jobs(t.Context())
	if err != nil || len(jobs) != 2 || jobs[0].ID != second.ID {
		t.Errorf("jobs: %+v, %v", jobs, err)
	}
}

func TestAJobThatWaitsForRunCanBeCancelled(t *testing.T) {
	l := newLab(t)
	j := l.start(Order{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := l.Cancel(ctx, j.ID); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("nobody is there to end it, yet: %v", err)
	}
	l.run()
	if j := l.ended(j.ID); j.State != Cancelled {
		t.Errorf("%+v", j)
	}
}

func TestARecrawlEndsWhenEveryPageWasVisitedAndTheIndexHasFollowed(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, paths(2)...)
	l.crawl("gjj", archive.OK, text, paths(2)...)
	stop := l.run()
	j := l.start(Order{Mode: Recrawl, Site: "公积金中心网站"})
	l.wait(j.ID, func(j Job) bool { return j.Total == 2 })
	l.crawl("gjj", archive.OK, text+"已改。", "/art/0.html")
	if j := l.wait(j.ID, func(j Job) bool { return j.Done == 1 }); j.State != Running {
		t.Errorf("with one page of two visited: %+v", j)
	}

	stop() // and again: the job goes on
	l = l.again(cluster, "1")
	l.run()
	l.crawl("gjj", archive.Gone, "", "/art/1.html")
	if j := l.ended(j.ID); j.State != Done || j.Done != 2 || j.Total != 2 {
		t.Errorf("%+v", j)
	}
	l.lives(3)
}

func TestARecrawlDoesNotWaitForASiteThatIsConfiguredNoMore(t *testing.T) {
	l := newLab(t)
	l.crawl("gjj", archive.OK, text, paths(3)...)
	l.crawl("portal", archive.OK, text, "/a.html")
	without := cluster
	without.Sites = without.Sites[:1]
	l = l.again(without, "1")
	job := l.start(Order{Mode: Recrawl})
	l.run()
	l.wait(job.ID, func(j Job) bool { return j.Total == 1 })
	l.crawl("portal", archive.OK, text, "/a.html")
	if j := l.ended(job.ID); j.State != Done {
		t.Errorf("%+v", j)
	}
	if _, err := l.Start(t.Context(), Order{Mode: Recrawl, URL: at("gjj", "/art/0.html")}); !errors.Is(err, ErrOrder) {
		t.Errorf("a page of it: %v", err)
	}
}

func TestARebuildThatARestartInterruptedGoesOn(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, paths(5)...)
	l.run()()
	job := l.start(Order{}) // and the program is killed before it runs
	l = l.again(cluster, "1")
	_, before := l.generations()
	l.run()
	if j := l.ended(job.ID); j.State != Done || j.Done != 5 {
		t.Errorf("%+v", j)
	}
	if _, after := l.generations(); after.Name == before.Name {
		t.Error("no new generation is live")
	}
	l.lives(5)
}

func TestARebuildThatLosesTooMuchIsRefused(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, paths(8)...)
	l.run()
	l.ended(l.start(Order{}).ID)
	n, was := l.generations()
	g, err := l.index.Open(t.Context(), was.Name)
	l.check(err)
	l.check(g.Put(t.Context(), index.Document{ID: "lost", Title: "公积金", Copies: []index.Copy{{Site: "portal"}}})) // the archive lacks it

	if j := l.ended(l.start(Order{}).ID); j.State != Failed || !strings.Contains(j.Reason, "少了 11%") {
		t.Errorf("%+v", j)
	}
	if m, is := l.generations(); is.Name != was.Name || m != n {
		t.Errorf("%d generations, %s is live; before %d, %s", m, is.Name, n, was.Name)
	}
	l.lives(9)
}

func TestASiteThatIsConfiguredNoMoreLeavesTheIndex(t *testing.T) {
	l := newLab(t)
	l.crawl("gjj", archive.OK, text, paths(8)...)
	l.crawl("portal", archive.OK, text, "/a.html", "/b.html")
	stop := l.run()
	l.ended(l.start(Order{}).ID)
	l.lives(10)
	stop()
	without := cluster
	without.Sites = []site.Site{cluster.Sites[0]}
	l = l.again(without, "1")
	l.run()
	jobs, err := l.Jobs(t.Context())
	l.check(err)
	for len(jobs) < 2 { // the change of the registry calls for one
		jobs, err = l.Jobs(t.Context())
		l.check(err)
	}
	if j := l.ended(jobs[0].ID); j.State != Done {
		t.Errorf("%+v", j)
	}
	l.lives(2)
}

func TestAnIndexOfAnotherDictionaryIsRebuiltInTheBackground(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, paths(3)...)
	stop := l.run()
	l.ended(l.start(Order{}).ID)
	stop()
	l = l.again(cluster, "2")
	l.lives(3)
	l.run()
	for {
		l.lives(3) // throughout
		if _, live := l.generations(); live.Made.Dictionary == "2" {
			break
		}
	}
}

func TestAnOrderThatCannotBeCarriedOutIsRefused(t *testing.T) {
	l := newLab(t)
	for _, c := range []struct {
		o    Order
		want string
	}{
		{Order{Mode: "again"}, "方式“again”应为 rebuild 或 recrawl"},
		{Order{Site: "nowhere"}, "没有站点“nowhere”"},
		{Order{URL: "http://www.yunhe.example/none.html"}, "存档里没有网页"},
	} {
		if _, err := l.Start(t.Context(), c.o); !errors.Is(err, ErrOrder) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c.o, err)
		}
	}
	if _, err := l.Job(t.Context(), "none"); !errors.Is(err, ErrUnknownJob) {
		t.Error(err)
	}
	if _, err := l.Cancel(t.Context(), "none"); !errors.Is(err, ErrUnknownJob) {
		t.Error(err)
	}
}

// A job that begins while Run starts was taken up twice, and Run stood still.
func TestAJobThatBeginsWhileRunStartsIsTakenUpOnce(t *testing.T) {
	for range 20 {
		l := newLab(t)
		stop := l.run()
		if j := l.ended(l.start(Order{}).ID); j.State != Done {
			t.Fatalf("the job: %+v", j)
		}
		stop()
	}
}

// An away index does not answer while it is down.
type away struct {
	index.Index
	down  atomic.Bool
	asked chan struct{}
}

func (a *away) Generations(ctx context.Context) ([]index.Info, error) {
	if !a.down.Load() {
		return a.Index.Generations(ctx)
	}
	a.asked <- struct{}{}
	return nil, index.ErrUnavailable
}

func TestWhileTheIndexIsAwayChangesAndJobsWait(t *testing.T) {
	l := newLab(t)
	ix := &away{Index: l.index, asked: make(chan struct{})}
	l.ix = ix
	l.run()
	l.ended(l.start(Order{}).ID)
	ix.down.Store(true)
	l.crawl("portal", archive.OK, text, paths(5)...)
	job := l.start(Order{})
	for range 5 { // both the sync and the job have come again
		<-ix.asked
	}
	ix.down.Store(false)
	go func() {
		for range ix.asked { // who saw it down just now
		}
	}()
	defer close(ix.asked)
	if j := l.ended(job.ID); j.State != Done || j.Done != 5 {
		t.Errorf("%+v", j)
	}
	l.lives(5)
}
