package archive

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A follower applies changes as they come, as a generation of the index does.
type follower struct {
	docs  map[string]string
	after int64
}

func (f *follower) follow(l *lab) error {
	for {
		pages, err := l.Changes(l.Context(), f.after, 3)
		if err != nil || len(pages) == 0 {
			return errors.Join(err, l.SetCursor(l.Context(), "live", f.after))
		}
		for _, p := range pages {
			if p.Change <= f.after {
				return fmt.Errorf("change %d comes after %d", p.Change, f.after)
			}
			f.after = p.Change
			delete(f.docs, p.ID)
			if p.Deleted {
				continue
			}
			raw, err := l.Content(l.Context(), p.Content)
			if now, _ := l.Page(l.Context(), p.ID); errors.Is(err, ErrUnknown) && now.Change > p.Change {
				continue // it has changed since and will come again
			}
			if err != nil {
				return err
			}
			f.docs[p.ID] = string(raw)
		}
	}
}

// all reads the whole ledger and checks what holds for every row at any time.
func (l *lab) all() map[string]Page {
	l.Helper()
	pages, err := l.Pages(l.Context(), Filter{}, "", 1000)
	l.check(err)
	byID, byChange := map[string]Page{}, map[int64]string{}
	for _, p := range pages {
		byID[p.ID] = p
	}
	for _, p := range pages {
		if other, taken := byChange[p.Change]; taken && p.Change != 0 {
			l.Errorf("%s and %s share change %d", p.ID, other, p.Change)
		}
		byChange[p.Change] = p.ID
		if (p.Content != "" || p.Deleted) != (p.Change > 0) || p.Content != "" && p.Deleted {
			l.Errorf("half alive: %+v", p)
		}
		if p.Content != "" {
			l.content(p)
		}
		if _, noted, err := l.Trouble(l.Context(), p.ID); err != nil || noted != (p.Content != "" && !p.Imported && p.State != OK) || p.State == Held && !noted {
			l.Errorf("in trouble: %v, %v: %+v", noted, err, p)
		}
		if to, known := byID[p.MovedTo]; p.MovedTo != "" && (!known || to.ID == p.ID) || p.State == Redirect && to.State == Redirect {
			l.Errorf("%+v\nleads to %+v", p, to)
		}
		if p.URL != "" {
			l.page(p.URL)
		}
	}
	return byID
}

var visitStates = []State{OK, OK, OK, OK, Redirect, Redirect, Gone, Retry, Robots, OutOfScope, WAF, TooLarge, Unsupported, Quarantined, Suspect}

func randomVisit(t *rapid.T, id string, n int, path *rapid.Generator[string]) Visit {
	v := Visit{ID: id, At: day(n), NextAt: day(n + 1), State: rapid.SampledFrom(visitStates).Draw(t, "state"),
		Role: rapid.SampledFrom([]Role{Unknown, List, Article}).Draw(t, "role")}
	if v.State == OK {
		v.Unchanged = rapid.Bool().Draw(t, "unchanged")
		v.Body = []byte(rapid.SampledFrom([]string{"one", "two", "three"}).Draw(t, "body"))
		for _, to := range rapid.SliceOfN(path, 0, 3).Draw(t, "links") {
			v.Links = append(v.Links, Link{URL: to, Site: "portal", Text: rapid.SampledFrom([]string{"", "更多", "通知", "关于检查的通知"}).Draw(t, "text")})
		}
	}
	if v.State == Redirect || v.State == OK && rapid.IntRange(0, 3).Draw(t, "canonical") == 0 {
		v.MovedTo, v.Permanent = path.Draw(t, "to"), rapid.Bool().Draw(t, "for good")
	}
	return v
}

// Whatever happens in whatever order: numbers are unique and increase, no page is without its bytes, who follows the changes from any
// point has exactly the live pages, and every URL once known leads to a page.
func TestAnyOrderOfEvents(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := newLab(t)
		f := &follower{docs: map[string]string{}}
		path := rapid.Map(rapid.IntRange(0, 5), func(n int) string { return at(fmt.Sprint("/", n)) })
		before := map[string]Page{}
		last := int64(0)
		for n := range rapid.IntRange(1, 25).Draw(rt, "events") {
			switch rapid.IntRange(0, 14).Draw(rt, "event") {
			case 0:
				_, err := l.Seed(t.Context(), Link{URL: path.Draw(rt, "seed"), Site: "portal"})
				l.check(err)
			case 1:
				url := rapid.OneOf(path, rapid.Just("")).Draw(rt, "url")
				id := rapid.SampledFrom([]string{"doc 1", "doc 2", IDOf(at("/1"))}).Draw(rt, "import")
				l.check(l.Import(t.Context(), Import{ID: id, Site: "portal", URL: url, Line: []byte(rapid.SampledFrom([]string{"one", "line"}).Draw(rt, "line"))}))
			case 2:
				_, err := l.Resequence(t.Context(), Scope{})
				l.check(err)
			case 3:
				l.check(f.follow(l))
				var outcomes []Outcome
				for id := range before {
					outcomes = append(outcomes, Outcome{id, []string{"", "no text", Copy}[(n+len(outcomes))%3]})
				}
				l.check(l.SetOutcomes(t.Context(), "live", outcomes))
			case 4:
				l.sql("UPDATE page SET last_changed = 1, next_at = 0 WHERE deleted = 1 AND visits % 2 = 0")
				l.purge()
			case 5:
				l.settle(day(n).Add(rapid.SampledFrom([]time.Duration{0, time.Hour}).Draw(rt, "later")))
			case 6:
				decide := rapid.SampledFrom([]func(context.Context, string, time.Time) (Decided, error){l.AcceptLosses, l.KeepLosses}).Draw(rt, "decide")
				_, err := decide(t.Context(), "portal", day(n))
				l.check(err)
			case 7:
				var ids []string
				for _, id := range rapid.SliceOfN(path, 1, 2).Draw(rt, "erased") {
					ids = append(ids, IDOf(id))
				}
				_, err := l.Erase(t.Context(), append(ids, "doc 1")...)
				l.check(err)
			case 8:
				l.check(l.Notify(t.Context(), Link{URL: path.Draw(rt, "told"), Site: "portal"}))
			default:
				var visits []Visit
				for _, id := range []string{"doc 1", "doc 2"} {
					if p, err := l.Page(t.Context(), id); err == nil && p.ID == id && p.URL != "" && rapid.Bool().Draw(rt, "import visited") {
						visits = append(visits, randomVisit(rt, id, n, path))
					}
				}
				for _, id := range rapid.SliceOfN(path, 1, 4).Draw(rt, "pages") {
					if p, err := l.Page(t.Context(), IDOf(id)); err == nil && p.ID == IDOf(id) {
						visits = append(visits, randomVisit(rt, p.ID, n, path))
					}
				}
				l.check(l.Record(t.Context(), visits...))
			}
			l.sound()
			now := l.all()
			for id, p := range now {
				if was, known := before[id]; known && (was.Content != p.Content || was.Deleted != p.Deleted) && p.Change <= last {
					rt.Fatalf("%+v\nbecame %+v\nwithout a new number; the last was %d", was, p, last)
				}
			}
			before, last = now, l.last()
			if t.Failed() {
				rt.FailNow()
			}
		}
		live := map[string]string{}
		for id, p := range before {
			if p.Content != "" {
				live[id] = l.content(p)
			}
		}
		l.check(f.follow(l))
		if !maps.Equal(f.docs, live) {
			rt.Errorf("following gave %v, live is %v", f.docs, live)
		}
		if got := l.replay(); !maps.Equal(got, live) {
			rt.Errorf("a replay gave %v, live is %v", got, live)
		}
	})
}
