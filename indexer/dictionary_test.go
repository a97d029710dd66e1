package indexer

import (
	"context"
	"testing"
	"time"

	"terrace/indexer/archive"
)

// madeWith waits until the live generation was made with a dictionary and no job runs.
func (l *lab) madeWith(dictionary string) {
	l.Helper()
	ctx, cancel := context.WithTimeout(l.Context(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		if _, live := l.generations(); live.Made.Dictionary == dictionary && l.idle() {
			return
		}
	}
	l.Fatalf("the index is never made with dictionary %q", dictionary)
}

func (l *lab) idle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.job == nil
}

func (l *lab) jobs() int {
	l.Helper()
	jobs, err := l.Jobs(l.Context())
	l.check(err)
	return len(jobs)
}

func TestAnotherDictionaryIsFollowedByARebuild(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, paths(3)...)
	l.check(l.CatchUp(t.Context()))
	l.run()
	j, waits, err := l.SetDictionary(t.Context(), "2")
	if err != nil || waits || j.ID == "" {
		t.Fatalf("%+v, %v, %v", j, waits, err)
	}
	if j = l.ended(j.ID); j.State != Done || j.Done != 3 {
		t.Errorf("the rebuild: %+v", j)
	}
	l.madeWith("2")
	if j, waits, err := l.SetDictionary(t.Context(), "2"); err != nil || waits || j.ID != "" || l.jobs() != 1 {
		t.Errorf("the same once more: %+v, %v, %v", j, waits, err)
	}
	l.lives(3)
}

func TestTheRebuildForADictionaryFollowsTheJobThatRuns(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, paths(3)...)
	l.check(l.CatchUp(t.Context()))
	l.run()
	first := l.start(Order{Mode: Recrawl}) // nobody crawls: it waits
	for _, dictionary := range []string{"2", "3"} {
		j, waits, err := l.SetDictionary(t.Context(), dictionary)
		if err != nil || !waits || j.ID != first.ID {
			t.Fatalf("%+v, %v, %v", j, waits, err)
		}
	}
	if _, live := l.generations(); live.Made.Dictionary != "1" {
		t.Errorf("while it runs the index is made with %q", live.Made.Dictionary)
	}
	_, err := l.Cancel(t.Context(), first.ID)
	l.check(err)
	l.madeWith("3")
	if n := l.jobs(); n != 2 {
		t.Errorf("%d jobs, want one rebuild beside the first", n)
	}
}

func TestWhatWasCutMeanwhileIsRebuiltWhenTheFormerDictionaryReturns(t *testing.T) {
	l := newLab(t)
	l.check(l.CatchUp(t.Context()))
	first := l.start(Order{Mode: Recrawl})
	for _, dictionary := range []string{"2", "1"} {
		_, _, err := l.SetDictionary(t.Context(), dictionary)
		l.check(err)
	}
	l.run()
	l.ended(first.ID)
	rebuilt := func() bool { n, live := l.generations(); return n == 2 && live.Made.Dictionary == "1" }
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for !rebuilt() && ctx.Err() == nil {
	}
	if !rebuilt() {
		t.Error("the index holds documents that were cut with another dictionary")
	}
}

func TestAJobThatWasLeftIsFollowedByTheRebuildForItsDictionary(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, paths(2)...)
	l.check(l.CatchUp(t.Context()))
	l.start(Order{Mode: Rebuild, Site: "portal"}) // and the program ends before it begins
	l = l.again(cluster, "2")
	l.run()
	l.madeWith("2")
	l.lives(2)
}
