package querylog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestAnEntryIsKeptAsItWas(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		at := time.Now().Truncate(time.Second)
		l.Note(Entry{Text: " 公積金 ", At: at, Reader: "甲", Site: "gjj", Total: 12, Page: 3, Took: 45 * time.Millisecond})
		l.flush()
		want := Entry{Text: "公积金", At: at, Site: "gjj", Total: 12, Page: 3, Took: 45 * time.Millisecond}
		l.check(l.Each(l.Context(), at, at.Add(time.Second), func(e Entry) error {
			if !e.At.Equal(want.At) {
				t.Errorf("at %v", e.At)
			}
			e.At = want.At
			if e != want {
				t.Errorf("got %+v, want %+v", e, want)
			}
			return nil
		}))
	})
}

func TestEntriesAreReadInOrderOfTime(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		now := time.Now()
		var want []string
		for i := range 2500 {
			l.Note(Entry{Text: fmt.Sprint("词", i), At: now.Add(time.Duration(i/1100) * time.Second)})
			want = append(want, fmt.Sprint("词", i))
		}
		l.flush()
		var got []string
		l.check(l.Each(l.Context(), now, now.Add(time.Hour), func(e Entry) error { got = append(got, e.Text); return nil }))
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%d entries of %d, or not in order", len(got), len(want))
		}
		got = nil
		enough := errors.New("enough")
		err := l.Each(l.Context(), now.Add(time.Second), now.Add(2*time.Second), func(e Entry) error {
			if got = append(got, e.Text); len(got) == 2 {
				return enough
			}
			return nil
		})
		if !errors.Is(err, enough) || strings.Join(got, " ") != "词1100 词1101" {
			t.Errorf("of the second second: %v, %v", got, err)
		}
	})
}

func TestWhatIsTooOldIsForgotten(t *testing.T) {
	inLab(t, Options{Retention: 10}, func(l *lab) {
		l.ask(11, "旧词", "甲", "乙", "丙")
		l.ask(10, "不旧", "甲", "乙", "丙")
		l.after("旧词", time.Minute, "不旧", "丁")
		l.flush()
		before := l.rows("text")
		l.check(l.Forget(l.Context()))
		if got := l.texts(); got != "不旧, 不旧, 不旧, 旧词, 不旧" {
			t.Errorf("left: %s", got)
		}
		if now := l.rows("text"); now != before {
			t.Errorf("%d texts of %d, though both were asked for today", now, before)
		}
		time.Sleep(2 * 24 * time.Hour)
		l.check(l.Forget(l.Context()))
		if asked, paired := l.rows("asked"), l.rows("paired"); asked != 0 || paired != 0 {
			t.Errorf("after two days who asked is known: %d, %d", asked, paired)
		}
		time.Sleep(20 * 24 * time.Hour)
		l.check(l.Forget(l.Context()))
		for _, table := range []string{"entry", "text", "daily", "pair"} {
			if n := l.rows(table); n != 0 {
				t.Errorf("%d rows of %s left", n, table)
			}
		}
	})
}

func TestManyOldRowsAreForgotten(t *testing.T) {
	inLab(t, Options{Retention: 30}, func(l *lab) {
		for i := range 2100 {
			l.ask(60, fmt.Sprint("旧词", i), fmt.Sprint("读者", i))
		}
		l.ask(0, "新词", "甲")
		l.flush()
		l.check(l.Forget(l.Context()))
		if got := l.texts(); got != "新词" {
			t.Errorf("left: %.100s", got)
		}
		if daily, text := l.rows("daily"), l.rows("text"); daily != 1 || text != 1 {
			t.Errorf("left: %d days' counts, %d texts", daily, text)
		}
	})
}

func TestRunForgetsEveryDay(t *testing.T) {
	inLab(t, Options{Retention: 2}, func(l *lab) {
		l.check(l.during(func() {
			l.ask(0, "热词", "甲")
			time.Sleep(5 * 24 * time.Hour)
			if n := l.rows("entry"); n != 0 {
				t.Errorf("%d entries after five days", n)
			}
		}))
	})
}

func TestRunWritesEachSecondAndAtTheEnd(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		l.check(l.during(func() {
			l.ask(0, "甲词", "甲")
			time.Sleep(1100 * time.Millisecond)
			if n := l.rows("entry"); n != 1 {
				t.Errorf("%d entries after a second", n)
			}
			l.ask(0, "乙词", "甲")
		}))
		if n := l.rows("entry"); n != 2 {
			t.Errorf("%d entries after the end", n)
		}
	})
}

func TestABatchIsWrittenBeforeItsSecondIsOver(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		l.check(l.during(func() {
			for i := range maxBatch {
				l.ask(0, fmt.Sprint("词", i), "")
			}
			time.Sleep(time.Millisecond)
			if n := l.rows("entry"); n != maxBatch {
				t.Errorf("%d entries of a full batch", n)
			}
		}))
	})
}

func TestWhatFindsNoRoomIsCountedAndLogged(t *testing.T) {
	var logged bytes.Buffer
	inLab(t, Options{Log: slog.New(slog.NewTextHandler(&logged, nil))}, func(l *lab) {
		for range maxQueued + 3 {
			l.ask(0, "热词", "甲")
		}
		if got := l.Dropped(); got != 3 {
			t.Errorf("%d dropped", got)
		}
		l.check(l.during(func() { time.Sleep(3 * time.Second) }))
		if n := l.rows("entry"); n != maxQueued {
			t.Errorf("%d written", n)
		}
	})
	if got := strings.Count(logged.String(), "entries=3"); got != 1 {
		t.Errorf("logged %d times:\n%s", got, logged.String())
	}
}

func TestManyAtOnceAreEachWrittenOnce(t *testing.T) {
	l := openLab(t, filepath.Join(t.TempDir(), "log.db"), Options{})
	l.check(l.during(func() {
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				for j := range 300 {
					reader := l.Reader(netip.AddrFrom4([4]byte{192, 0, 2, byte(j)}))
					l.Note(Entry{Text: fmt.Sprint("词", i, "之", j), At: time.Now(), Reader: reader, Total: 1})
				}
			})
		}
		wg.Wait()
	}))
	if n := l.rows("entry"); n != 8*300 || l.rows("text") != n || l.Dropped() != 0 {
		t.Errorf("%d entries, %d texts, %d dropped", n, l.rows("text"), l.Dropped())
	}
}

func TestAFailedWriteIsTriedAgain(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		l.ask(0, "甲词", "甲")
		ended, cancel := context.WithCancel(l.Context())
		cancel()
		if err := l.Flush(ended); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		l.ask(0, "乙词", "甲")
		if got := l.texts(); got != "甲词, 乙词" {
			t.Errorf("written: %s", got)
		}
	})
}

func TestAClosedDatabaseIsReported(t *testing.T) {
	var logged bytes.Buffer
	inLab(t, Options{Log: slog.New(slog.NewTextHandler(&logged, nil))}, func(l *lab) {
		l.check(l.Close())
		if _, err := l.Hot(l.Context(), 7, 1); err == nil || !strings.Contains(err.Error(), "hot words") {
			t.Errorf("hot: %v", err)
		}
		if _, err := l.Related(l.Context(), "词", 1); err == nil {
			t.Error("related words of a closed database")
		}
		if _, err := l.Phrases(l.Context(), 1); err == nil {
			t.Error("past queries of a closed database")
		}
		if err := l.Each(l.Context(), time.Now(), time.Now(), nil); err == nil {
			t.Error("entries of a closed database")
		}
		if err := l.Forget(l.Context()); err == nil {
			t.Error("a closed database forgot")
		}
		err := l.during(func() {
			l.ask(0, "热词", "甲")
			time.Sleep(5 * time.Second)
		})
		if err == nil || !strings.Contains(err.Error(), "write query log") {
			t.Errorf("run: %v", err)
		}
	})
	if got := strings.Count(logged.String(), "cannot be written"); got != 1 {
		t.Errorf("logged %d times:\n%s", got, logged.String())
	}
}

func TestAKillLosesOnlyWhatWasNotCommitted(t *testing.T) {
	dir := t.TempDir()
	l := openLab(t, filepath.Join(dir, "log.db"), Options{})
	l.spread("已提交")
	l.flush()
	l.ask(0, "未提交", "甲")
	// The files as they are while the database is open are what a kill would leave.
	killed := filepath.Join(t.TempDir(), "killed")
	l.check(os.CopyFS(killed, os.DirFS(dir)))
	l.check(os.Remove(filepath.Join(killed, "log.db-shm")))
	again := openLab(t, filepath.Join(killed, "log.db"), Options{})
	if got := again.texts(); strings.Count(got, "已提交") != 6 || strings.Contains(got, "未提交") {
		t.Errorf("after the kill: %s", got)
	}
	if got := again.hot(7); got != "已提交 6" {
		t.Errorf("hot after the kill: %s", got)
	}
}

func TestAReaderIsKnownForADayWithoutTheAddress(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		name := func(addr string) string {
			a, _ := netip.ParseAddr(addr)
			return l.Reader(a)
		}
		today := name("192.0.2.7")
		for addr, same := range map[string]bool{"192.0.2.7": true, "::ffff:192.0.2.7": true, "192.0.2.8": false} {
			if got := name(addr) == today; got != same {
				t.Errorf("%s is the reader: %v", addr, got)
			}
		}
		if name("2001:db8:1:2::1") != name("2001:db8:1:ff:3:4:5:6%eth0") || name("2001:db8:1:2::1") == name("2001:db8:1:102::1") {
			t.Error("the IPv6 addresses of a subscriber are not one reader")
		}
		if len(today) < 10 || strings.Contains(today, "192") || name("nonsense") != "" {
			t.Errorf("readers are called %q, %q", today, name("nonsense"))
		}
		time.Sleep(24 * time.Hour)
		if name("192.0.2.7") == today {
			t.Error("a reader is known tomorrow")
		}
		other := openLab(l.TB, filepath.Join(l.TempDir(), "other.db"), Options{})
		if other.Reader(netip.MustParseAddr("192.0.2.7")) == name("192.0.2.7") {
			t.Error("two logs call an address the same")
		}
	})
}
