package archive

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"terrace/db"
)

// articles seeds and fetches n documents and a home page.
func (l *lab) articles(n int) (paths []string) {
	l.Helper()
	visits := []Visit{}
	for i := range n + 1 {
		path, role := fmt.Sprintf("/art/%d", i), Article
		if i == n {
			path, role = "/", Home
		} else {
			paths = append(paths, path)
		}
		_, err := l.Seed(l.Context(), Link{URL: at(path), Site: "portal", Role: role, DueAt: day(0)})
		l.check(err)
		visits = append(visits, Visit{ID: l.page(path).ID, At: day(1), State: OK, Status: 200, ContentType: "text/html", Body: []byte(path), NextAt: day(30)})
	}
	l.check(l.Record(l.Context(), visits...))
	return paths
}

// come records visits to pages, in small batches.
func (l *lab) come(when time.Time, v Visit, paths ...string) {
	l.Helper()
	for i, path := range paths {
		w := v
		w.ID, w.At, w.NextAt = l.page(path).ID, when.Add(time.Duration(i)*time.Second), when.AddDate(0, 0, 60)
		if w.State == OK {
			w.Body, w.ContentType = []byte(path), "text/html"
		}
		if w.State == Redirect && w.MovedTo == "" {
			w.MovedTo, w.Permanent = at("/new"+path), true
		}
		l.check(l.Record(l.Context(), w))
	}
}

// judge settles the site at a moment, without anybody visiting it.
func (l *lab) judge(when time.Time) Settled {
	l.Helper()
	s, err := l.Settle(l.Context(), "portal", when)
	l.check(err)
	return s
}

// visitDue lets the crawl visit what is due at a moment, and find it well, until nothing is.
func (l *lab) visitDue(when time.Time) (visited int) {
	l.Helper()
	for {
		due, err := l.Due(l.Context(), "portal", when, 1000)
		l.check(err)
		if len(due) == 0 {
			return visited
		}
		visited += len(due)
		for _, p := range due {
			l.check(l.Record(l.Context(), Visit{ID: p.ID, At: when, State: OK, Unchanged: true, Status: 304, NextAt: when.AddDate(0, 0, 60)}))
		}
	}
}

func (l *lab) kept() (n int) {
	l.Helper()
	pages, err := l.Pages(l.Context(), Filter{Site: "portal"}, "", 100_000)
	l.check(err)
	for _, p := range pages {
		if p.Content != "" && p.Role == Article {
			n++
		}
	}
	return n
}

func (l *lab) keeps(n int) {
	l.Helper()
	if got := l.kept(); got != n {
		l.Errorf("%d documents are kept, want %d", got, n)
	}
}

var gone = Visit{State: Gone, Reason: "status 404", Status: 404}

func TestAFewLossesTakeEffectAfterHalfAnHour(t *testing.T) {
	l := newLab(t)
	paths := l.articles(20)
	l.come(day(2), gone, paths[:2]...)
	p := l.page(paths[0])
	if p.State != Held || p.Content == "" || p.Reason != "status 404" || p.Deleted {
		t.Errorf("at first: %+v", p)
	}
	if s := l.judge(day(2).Add(29 * time.Minute)); s.Ended != 0 || !s.Alarm.Since.IsZero() {
		t.Errorf("before its time: %+v", s)
	}
	if s := l.judge(day(2).Add(31 * time.Minute)); s.Ended != 2 || s.Raised {
		t.Errorf("after half an hour: %+v", s)
	}
	l.isTombstone(l.page(paths[1]))
	if p := l.page(paths[1]); p.State != Gone || !p.NextAt.Equal(day(62)) {
		t.Errorf("it is looked at again as was planned: %+v", p)
	}
	l.keeps(18)
}

func TestWhatIsBackWithinHalfAnHourNeverWent(t *testing.T) {
	l := newLab(t)
	paths := l.articles(20)
	l.stays("gone and back", func() {
		l.come(day(2), gone, paths[0])
		l.come(day(2).Add(20*time.Minute), Visit{State: OK, Status: 200}, paths[0])
		l.judge(day(2).Add(time.Hour))
	})
	l.isLive(l.page(paths[0]), paths[0])
}

// However large a site is, however its visits are batched and wherever the program is killed: a tenth may go, more may not.
func TestMoreThanATenthOfASiteIsKeptForTheAdministrator(t *testing.T) {
	for _, c := range []struct {
		documents, lost int
		alarm           bool
	}{{10, 4, false}, {10, 5, true}, {40, 4, false}, {40, 5, true}, {100, 10, false}, {100, 11, true}, {100, 100, true}, {1000, 100, false}, {1000, 101, true}} {
		t.Run(fmt.Sprintf("%d of %d", c.lost, c.documents), func(t *testing.T) {
			l := newLab(t)
			paths := l.articles(c.documents)
			when := day(2)
			for _, v := range []Visit{gone, {State: Robots, Reason: "robots.txt forbids it"}} {
				half := paths[:c.lost/2]
				if v.State == Robots {
					half = paths[c.lost/2 : c.lost]
				}
				l.come(when, v, half...)
				l = openLab(t, l.dir) // a restart, or a kill between two batches
				when = when.Add(5 * time.Minute)
			}
			raised, ended := false, 0
			for range 30 {
				s := l.judge(when)
				raised, ended = raised || s.Raised, ended+s.Ended
				l.visitDue(when)
				when = when.Add(10 * time.Minute)
				if s.Raised && (s.Alarm.Cause != "status 404" && s.Alarm.Cause != "robots.txt forbids it" || s.Alarm.Documents != c.lost || s.Alarm.Of != c.documents) {
					t.Errorf("the alarm says %+v", s.Alarm)
				}
			}
			if raised != c.alarm {
				t.Errorf("alarm: %v", raised)
			}
			if c.alarm {
				l.keeps(c.documents)
			} else {
				l.keeps(c.documents - c.lost)
			}
		})
	}
}

func TestAWholeSiteLostPageByPageOverWeeksIsNoticed(t *testing.T) {
	l := newLab(t)
	paths := l.articles(50)
	for i, path := range paths {
		l.come(day(2+i), gone, path)
		l.judge(day(2 + i).Add(time.Hour))
	}
	l.keeps(45)
	alarms, err := l.Alarms(t.Context())
	l.check(err)
	if len(alarms) != 1 || alarms[0].Site != "portal" || alarms[0].Cause != "status 404" {
		t.Errorf("alarms: %+v", alarms)
	}
}

// Of a large site a sample tells long before a tenth is reached.
func TestALargeSiteThatAnswersNothingElseIsNoticedAtOnce(t *testing.T) {
	l := newLab(t)
	paths := l.articles(1000)
	l.come(day(2), gone, paths[:8]...)
	if s := l.judge(day(2).Add(time.Minute)); s.Raised || s.Ended != 0 {
		t.Errorf("eight of a thousand: %+v", s)
	}
	due, err := l.Due(t.Context(), "portal", day(2).Add(time.Minute), 1000)
	l.check(err)
	if len(due) != sampleSize {
		t.Fatalf("%d others are looked at", len(due))
	}
	l.come(day(2).Add(2*time.Minute), gone, urls(due)...)
	if s := l.judge(day(2).Add(3 * time.Minute)); !s.Raised || s.Alarm.Documents != 8+sampleSize {
		t.Errorf("the others are gone, too: %+v", s)
	}
	l.judge(day(9))
	l.keeps(1000)
}

func TestAnAlarmEndsWhenTheSiteIsBack(t *testing.T) {
	for name, v := range map[string]Visit{
		"not found":  gone,
		"forbidden":  {State: Robots, Reason: "robots.txt forbids it"},
		"outage":     {State: Retry, Reason: "status 500", Status: 500},
		"silence":    {State: Retry, Reason: "no answer: dial tcp 10.0.0.1:80: connection refused"},
		"firewall":   {State: WAF, Reason: "a firewall's challenge", Status: 200},
		"login page": {State: Suspect, Reason: "a login form in its place", Shown: "x"},
		"one place":  {State: Redirect, Reason: "status 302", MovedTo: at("/login")},
		"elsewhere":  {State: OutOfScope, Reason: "status 302: leads out of the cluster, to parked.example"},
		"loop":       {State: Quarantined, Reason: "status 302: leads to itself"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			paths := l.articles(30)
			l.come(day(2), v, paths...)
			if s := l.judge(day(2).Add(time.Minute)); !s.Raised || s.Alarm.Cause == "" {
				t.Fatalf("no alarm: %+v", s)
			}
			if s := l.judge(day(2).Add(2 * time.Minute)); s.Raised || s.Alarm.Documents != 30 || !s.Alarm.Since.Equal(day(2).Add(time.Minute)) {
				t.Errorf("it is told again: %+v", s)
			}
			l.judge(day(3))
			if n := l.visitDue(day(3)); n == 0 || n > probeSize {
				t.Errorf("%d pages are asked for to see whether it is back", n)
			}
			l.judge(day(3).Add(time.Minute))
			l.visitDue(day(3).Add(time.Minute))
			if s := l.judge(day(3).Add(2 * time.Minute)); !s.Cleared || !s.Alarm.Since.IsZero() {
				t.Errorf("once it is back: %+v", s)
			}
			for _, path := range paths {
				l.isLive(l.page(path), path)
				if l.page(path).LastVerified.Before(day(3)) {
					t.Errorf("%s was not verified since", path)
				}
			}
		})
	}
}

func TestAMigrationIsNoLoss(t *testing.T) {
	l := newLab(t)
	paths := l.articles(30)
	l.come(day(2), Visit{State: Redirect, Reason: "status 301"}, paths...)
	if s := l.judge(day(2).Add(time.Hour)); s.Raised || s.Ended != 30 {
		t.Errorf("every page to a place of its own: %+v", s)
	}
	l.keeps(30)
	if p := l.page(paths[3]); p.URL != at("/new"+paths[3]) {
		t.Errorf("it is at %s", p.URL)
	}
}

func TestLoginPagesThatRememberWhereOneCameFromAreOnePlace(t *testing.T) {
	l := newLab(t)
	for _, path := range l.articles(30) {
		l.come(day(2), Visit{State: Redirect, Reason: "status 302", MovedTo: at("/login?back=" + path), Permanent: true}, path)
	}
	if s := l.judge(day(2).Add(time.Hour)); !s.Raised {
		t.Errorf("got %+v", s)
	}
	l.keeps(30)
}

func TestAnAdministratorAcceptsOrKeeps(t *testing.T) {
	lost := func() (*lab, []string) {
		l := newLab(t)
		paths := l.articles(30)
		l.come(day(2), gone, paths[:12]...)
		l.come(day(2), Visit{State: Suspect, Reason: "another page in its place", Shown: "x"}, paths[12])
		l.come(day(2), Visit{State: Retry, Reason: "status 500", Status: 500}, paths[13])
		if s := l.judge(day(2).Add(time.Hour)); !s.Raised {
			t.Fatalf("no alarm: %+v", s)
		}
		_, err := l.Recrawl(t.Context(), Scope{Site: "portal"}, day(3)) // is no decision
		l.check(err)
		l.come(day(3), gone, paths[:12]...)
		l.judge(day(4))
		l.keeps(30)
		return l, paths
	}
	l, paths := lost()
	d, err := l.AcceptLosses(t.Context(), "portal", day(4))
	l.check(err)
	if d.Pages != 13 || d.Left != 1 {
		t.Errorf("accepted: %+v", d)
	}
	l.keeps(18)
	if tr, _, _ := l.Trouble(t.Context(), l.page(paths[12]).ID); !tr.Accept || l.page(paths[12]).NextAt.After(day(4)) {
		t.Errorf("the new page is taken at once: %+v", tr)
	}
	l.come(day(4), gone, paths[14]) // what was accepted counts no more
	if s := l.judge(day(5)); !s.Alarm.Since.IsZero() || s.Ended != 1 {
		t.Errorf("after it: %+v", s)
	}

	l, paths = lost()
	d, err = l.KeepLosses(t.Context(), "portal", day(4))
	l.check(err)
	if d.Pages != 13 || d.Left != 1 {
		t.Errorf("kept: %+v", d)
	}
	l.come(day(5), gone, paths[14])
	if s := l.judge(day(6)); s.Ended != 1 || !s.Alarm.Since.IsZero() {
		t.Errorf("one more is lost: %+v", s)
	}
	l.keeps(29)
	l.come(day(7), gone, paths[15:20]...)
	if s := l.judge(day(8)); !s.Raised || s.Alarm.Documents != 6 {
		t.Errorf("many more are lost: %+v", s)
	}
	l.keeps(29)
}

func TestAcceptingLossesTakesNoLoginFormForNewContent(t *testing.T) {
	l := newLab(t)
	paths := l.articles(30)
	l.come(day(2), gone, paths[:12]...)
	for i, reason := range []string{EmptyPage, LoginForm, BrokenText} {
		l.come(day(2), Visit{State: Suspect, Reason: reason, Shown: reason}, paths[12+i])
	}
	if s := l.judge(day(2).Add(time.Hour)); !s.Raised {
		t.Fatalf("no alarm: %+v", s)
	}
	d, err := l.AcceptLosses(t.Context(), "portal", day(4))
	l.check(err)
	if d.Pages != 12 || d.Left != 3 {
		t.Errorf("accepted: %+v", d)
	}
	for _, path := range paths[12:15] {
		if tr, ok, _ := l.Trouble(t.Context(), l.page(path).ID); !ok || tr.Accept {
			t.Errorf("%s: %+v, in trouble %t", path, tr, ok)
		}
	}
	l.keeps(18)
}

func TestLossesNameSiteCauseAndExamples(t *testing.T) {
	l := newLab(t)
	paths := l.articles(30)
	l.come(day(2), Visit{State: Retry, Reason: "no answer: read tcp 10.0.0.1:5000->10.0.0.2:80: connection reset by peer"}, paths[:6]...)
	l.come(day(2), gone, paths[6:8]...)
	l.come(day(2), gone, "/")
	l.judge(day(2).Add(time.Minute))
	losses, err := l.Losses(t.Context(), "")
	l.check(err)
	if len(losses) != 1 || losses[0].Site != "portal" || losses[0].Of != 30 || losses[0].Alarm.IsZero() || len(losses[0].Causes) != 2 {
		t.Fatalf("got %+v", losses)
	}
	reset, notFound := losses[0].Causes[0], losses[0].Causes[1]
	if reset.Reason != "no answer: connection reset by peer" || reset.Documents != 6 || reset.Held != 0 || len(reset.Examples) != lossExamples {
		t.Errorf("got %+v", reset)
	}
	if notFound.Reason != "status 404" || notFound.Documents != 2 || notFound.Pages != 3 || notFound.Held != 3 || !notFound.LastVerified.Equal(day(1)) || !notFound.Since.Equal(day(2)) {
		t.Errorf("got %+v", notFound)
	}
	if none, err := l.Losses(t.Context(), "other"); len(none) != 0 || err != nil {
		t.Errorf("of another site: %v, %v", none, err)
	}
}

func TestWhatStandsInAPagesPlaceIsCounted(t *testing.T) {
	l := newLab(t)
	paths := l.articles(30)
	odd := func(shown string) Visit {
		return Visit{State: Suspect, Reason: "another page in its place", Shown: shown}
	}
	for i, shown := range []string{"x", "x", "y", "y", "y"} {
		l.come(day(2+i), odd(shown), paths[0])
	}
	l.come(day(5), odd("y"), paths[1])
	tr, ok, err := l.Trouble(t.Context(), l.page(paths[0]).ID)
	l.check(err)
	if !ok || tr.Times != 3 || !tr.ShownAt.Equal(day(4)) || tr.Others != 1 || !tr.Since.Equal(day(2)) {
		t.Errorf("got %+v", tr)
	}
}

func TestAMoveToWhereThePageIsNotIsTakenBack(t *testing.T) {
	l := newLab(t)
	paths := l.articles(30)
	l.come(day(2), Visit{State: Redirect, Reason: "status 301", MovedTo: at("/new"), Permanent: true}, paths[3])
	l.judge(day(2).Add(time.Hour))
	id := l.page(paths[3]).ID
	if p := l.page(id); p.URL != at("/new") {
		t.Fatalf("it is at %s", p.URL)
	}
	l.come(day(3), Visit{State: Retry, Reason: "status 404, once", Status: 404}, "/new")
	l.come(day(3), gone, "/new")
	if p := l.page(id); p.URL != at(paths[3]) || p.State != Held || p.Reason != "status 404, where it had moved" {
		t.Errorf("it is at %s, %s: %s", p.URL, p.State, p.Reason)
	}
	l.come(day(3), Visit{State: OK, Status: 200}, paths[3])
	l.isLive(l.page(paths[3]), paths[3])
	l.keeps(30)
}

func TestPagesInTroubleBeforeTheGuardCameAreKnown(t *testing.T) {
	dir := t.TempDir()
	d, err := db.Open(t.Context(), filepath.Join(dir, "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	before := slices.Index(stateSteps, guardStep)
	if err := d.Migrate(t.Context(), "archive", stateSteps[:before]); err != nil {
		t.Fatal(err)
	}
	err = d.Update(t.Context(), func(tx *sql.Tx) error {
		for i, state := range []State{Retry, OK} {
			_, err := tx.ExecContext(t.Context(), `INSERT INTO page (visits, id, site, url, role, state, reason, moved_to, imported, next_at, interval, fails, status, etag,
				last_modified, content_type, content, size, first_seen, last_verified, last_changed, referrer, anchor, list_date, change, deleted)
				VALUES (1, ?1, 'portal', ?1, 'article', ?2, 'status 500', '', 0, 1, 0, 1, 500, '', '', '', 'x', 1, 1, ?3, 1, '', '', '', ?4, 0)`,
				fmt.Sprint(i), state, moment(day(1)), i+1)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	losses, err := openLab(t, dir).Losses(t.Context(), "")
	if err != nil || len(losses) != 1 || losses[0].Of != 2 || len(losses[0].Causes) != 1 || losses[0].Causes[0].Documents != 1 || !losses[0].Causes[0].LastVerified.Equal(day(1)) {
		t.Errorf("%+v, %v", losses, err)
	}
}

func TestACauseIsTheSameForAllPagesOfOneTrouble(t *testing.T) {
	for cause, reasons := range map[string][2]string{
		"moved for good, not seen there yet": {MovedHere + "http://a.example/1", MovedHere + "http://a.example/2"},
		"redirect loop":                      {"redirect loop: /1 leads to /2 and back", "redirect loop: /3 leads to /4 and back"},
		"robots.txt cannot be had: certificate is of another host, insecureTLS would accept it": {
			"robots.txt cannot be had: no answer: certificate is of another host, insecureTLS would accept it: tls: failed to verify certificate: x509: certificate is valid for b.example, not a.example",
			"robots.txt cannot be had: no answer: certificate is of another host, insecureTLS would accept it: tls: failed to verify certificate: x509: certificate is valid for b.example, not www.a.example",
		},
		"no answer: connection reset": {"no answer: read tcp 10.0.0.1:33->10.0.0.2:80: connection reset", "no answer: read tcp 10.0.0.1:34->10.0.0.2:80: connection reset"},
	} {
		for _, r := range reasons {
			if got := causeOf(r); got != cause {
				t.Errorf("the cause of %q is %q, want %q", r, got, cause)
			}
		}
	}
}
