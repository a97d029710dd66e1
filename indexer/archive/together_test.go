package archive

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"terrace/db"
)

// Sites are crawled, orders given, rubbish removed and changes followed at once; in the end the follower has what is live.
func TestEverythingAtOnce(t *testing.T) {
	l := newLab(t)
	const sites, rounds, pages = 3, 25, 12
	l.seed("/hub") // all sites link to one page
	follow := &follower{docs: map[string]string{}}
	stop := make(chan struct{})
	var crawlers, others sync.WaitGroup
	for site := range sites {
		crawlers.Go(func() { crawl(l, fmt.Sprint("site ", site), rounds, pages) })
	}
	for _, do := range []func() error{
		func() error { return follow.follow(l) },
		func() error { _, err := l.Purge(t.Context()); return err },
		func() error { _, err := l.Resequence(t.Context(), Scope{Site: "site 1"}); return err },
		func() error { _, err := l.Tallies(t.Context(), day(1)); return err },
		func() error { return l.Import(t.Context(), Import{ID: "doc", URL: at("/hub"), Line: []byte("line")}) },
	} {
		others.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := do(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	crawlers.Wait()
	close(stop)
	others.Wait()
	l.check(follow.follow(l))
	if got := l.replay(); !maps.Equal(got, follow.docs) || len(got) < sites {
		t.Errorf("following gave %d documents, a replay %d", len(follow.docs), len(got))
	}
	l.all()
}

// crawl visits the pages of a site again and again, with content that others have had and will have.
func crawl(l *lab, site string, rounds, pages int) {
	random := rand.New(rand.NewPCG(uint64(len(site)), 1))
	for n := range rounds {
		var links []Link
		for i := range pages {
			links = append(links, Link{URL: fmt.Sprintf("http://%s.example.gov.cn/%d", site[5:], i), Site: site, DueAt: day(0)})
		}
		if _, err := l.Seed(l.Context(), links...); err != nil {
			l.Error(err)
			return
		}
		due, err := l.Due(l.Context(), site, day(n), pages)
		if err != nil {
			l.Error(err)
			return
		}
		var visits []Visit
		for _, p := range due {
			v := Visit{ID: p.ID, At: day(n), NextAt: day(n + 1), State: OK, Body: fmt.Append(nil, random.IntN(4)),
				Links: []Link{{URL: at("/hub"), Site: "portal", Text: fmt.Sprint("标题", n)}}}
			if random.IntN(4) == 0 {
				v.State = Gone
			}
			visits = append(visits, v)
		}
		if err := l.Record(l.Context(), visits...); err != nil {
			l.Error(err)
			return
		}
	}
}

// The files as they are at any moment are what a kill or a power cut leaves.
func TestAKillLosesNothingThatWasRecorded(t *testing.T) {
	l := newLab(t)
	l.seed("/a", "/b")
	for n := range 5 {
		l.put("/a", fmt.Sprint("one ", n))
		l.put("/b", fmt.Sprint("two ", n))
		killed := t.TempDir()
		for _, name := range []string{"state.db", "state.db-wal", "contents.db", "contents.db-wal"} {
			raw, err := os.ReadFile(filepath.Join(l.dir, name))
			l.check(err)
			l.check(os.WriteFile(filepath.Join(killed, name), raw, 0o600))
		}
		after := openLab(t, killed)
		after.isLive(after.page("/a"), fmt.Sprint("one ", n))
		after.isLive(after.page("/b"), fmt.Sprint("two ", n))
		if after.last() != l.last() {
			t.Errorf("the last change is %d, was %d", after.last(), l.last())
		}
		after.moves("a visit after the kill", "/a", func() { after.put("/a", "three") })
	}
}

func TestReopeningFindsEverything(t *testing.T) {
	l := newLab(t)
	l.seed("/a")
	before := l.put("/a", "one")
	l.check(errors.Join(l.state.Close(), l.contents.Close()))
	again := openLab(t, l.dir)
	if p := again.page("/a"); p != before {
		t.Errorf("got  %+v\nwant %+v", p, before)
	}
	again.isLive(again.page("/a"), "one")
}

func TestANewerArchiveIsRefused(t *testing.T) {
	l := newLab(t)
	l.sql("INSERT INTO migration (component, step) VALUES ('archive', ?)", len(stateSteps)+1)
	if _, err := Open(t.Context(), l.state, l.contents); !errors.Is(err, db.ErrNewer) {
		t.Errorf("got %v", err)
	}
}

func TestDamagedBytesAreNoticed(t *testing.T) {
	l := newLab(t)
	l.seed("/a")
	hash := l.put("/a", "one").Content
	other := l.packer.EncodeAll([]byte("other"), nil)
	for _, data := range [][]byte{other, []byte("not packed at all")} {
		d := &lab{t, &Archive{state: l.contents}, ""}
		d.sql("UPDATE content SET data = ? WHERE hash = ?", data, hash)
		if raw, err := l.Content(t.Context(), hash); err == nil {
			t.Errorf("got %q", raw)
		}
	}
}

func TestACancelledCallLeavesNothing(t *testing.T) {
	l := newLab(t)
	l.seed("/a")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Record(ctx, Visit{ID: l.page("/a").ID, At: day(1), State: OK, Body: []byte("x")}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if p := l.page("/a"); p.State != New {
		t.Errorf("got %+v", p)
	}
}

// BenchmarkRecord records batches of 200 pages of 20 kB with 40 links each, as a crawl does: first sight, then unchanged, then new bytes.
func BenchmarkRecord(b *testing.B) {
	const batch = 200
	for _, kind := range []string{"new", "unchanged", "same", "changed"} {
		b.Run(kind, func(b *testing.B) {
			l := newLab(b)
			round := 0
			visits := func(prefix string, unchanged bool, salt int) []Visit {
				var links []Link
				for i := range batch {
					links = append(links, Link{URL: at(fmt.Sprint("/", prefix, "/", i)), Site: "portal", Text: "关于开展安全生产检查的通知"})
				}
				_, err := l.Seed(b.Context(), links...)
				l.check(err)
				var visits []Visit
				for i, link := range links {
					body := make([]byte, 20_000)
					random := rand.New(rand.NewPCG(uint64(i), uint64(salt)))
					for j := range body {
						body[j] = "政府信息公开目录<div class=\"list\">"[random.IntN(40)]
					}
					v := Visit{ID: IDOf(link.URL), At: day(1), NextAt: day(2), State: OK, Role: Article, Unchanged: unchanged, Body: body, ContentType: "text/html"}
					for j := range 40 { // 30 of the navigation, 10 of its own
						to := fmt.Sprint("/nav/", j)
						if j >= 30 {
							to = fmt.Sprint("/", prefix, "/", (i*7+j)%batch)
						}
						v.Links = append(v.Links, Link{URL: at(to), Site: "portal", Text: "通知"})
					}
					visits = append(visits, v)
				}
				return visits
			}
			l.check(l.Record(b.Context(), visits("p", false, 0)...))
			for b.Loop() {
				b.StopTimer()
				round++
				var v []Visit
				switch kind {
				case "new":
					v = visits(fmt.Sprint("p", round), false, round)
				case "unchanged":
					v = visits("p", true, 0)
				case "same":
					v = visits("p", false, 0)
				default:
					v = visits("p", false, round)
				}
				b.StartTimer()
				l.check(l.Record(b.Context(), v...))
			}
			b.ReportMetric(float64(batch*b.N)/b.Elapsed().Seconds(), "pages/s")
		})
	}
}
