package child

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"terrace/indexer/attach"
	"terrace/indexer/attach/plain"
)

func newPool(t testing.TB, o Options) *Pool {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o.Command = []string{self, "child"}
	p := NewPool(o)
	t.Cleanup(p.Close)
	return p
}

func ask(t *testing.T, p *Pool, name string) string {
	t.Helper()
	text, err := p.Read(t.Context(), attach.File{Name: name, Data: []byte("的")})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return text.Body
}

func TestATextComesBackWhole(t *testing.T) {
	p := newPool(t, Options{})
	for _, body := range []string{"", "关于印发\n实施办法\t的通知", strings.Repeat("字", attach.MaxText/3)} {
		text, err := p.Read(t.Context(), attach.File{Name: "a.txt", Data: []byte(body)})
		if err != nil {
			t.Fatal(err)
		}
		if text.Body != body || text.Format != "txt" || !text.NeedsOCR || text.Cut != 3 || text.Unread != 1 || len(text.Skipped) != 1 || text.Skipped[0] != "a.exe: unknown" {
			t.Errorf("got %.100v for %.100q", text, body)
		}
	}
}

func TestAnErrorOfAReaderKeepsWhatItIs(t *testing.T) {
	p := newPool(t, Options{})
	for key, want := range causes() {
		_, err := p.Read(t.Context(), attach.File{Name: "fail " + key})
		if !errors.Is(err, want) || err.Error() != "read: "+want.Error() {
			t.Errorf("got %v for %v", err, want)
		}
		for other, cause := range causes() {
			if other != key && errors.Is(err, cause) {
				t.Errorf("%v is also %v", err, cause)
			}
		}
	}
}

func TestAFileThatDoesHarmCostsItsChild(t *testing.T) {
	for name, c := range map[string]struct {
		o    Options
		want error
	}{
		"hang":   {Options{Timeout: 3 * time.Second}, ErrTimeout},
		"spin":   {Options{Timeout: 3 * time.Second}, ErrTimeout},
		"fork":   {Options{Timeout: 3 * time.Second}, ErrTimeout},
		"panic":  {Options{}, ErrCrashed},
		"exit":   {Options{}, ErrCrashed},
		"print":  {Options{}, ErrCrashed},
		"flood":  {Options{}, ErrCrashed},
		"lie":    {Options{}, ErrCrashed},
		"garble": {Options{}, ErrCrashed},
		"eat":    {Options{Memory: 64 << 20}, ErrMemory},
		"grab":   {Options{}, ErrMemory},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPool(t, c.o)
			before := ask(t, p, "pid")
			text, err := p.Read(t.Context(), attach.File{Name: name})
			if !errors.Is(err, c.want) || isReaders(err) {
				t.Errorf("got error %v, want %v", err, c.want)
			}
			if text.Body != "" {
				t.Errorf("got text %q with the error", text.Body)
			}
			if after := ask(t, p, "pid"); after == before {
				t.Errorf("the next file went to the same child %s", after)
			}
		})
	}
}

func TestWhatIsReadBeforeTheTimeIsUpIsKept(t *testing.T) {
	t.Parallel()
	text, err := newPool(t, Options{Timeout: 6 * time.Second}).Read(t.Context(), attach.File{Name: "slow"})
	if !errors.Is(err, plain.ErrLimit) || text.Body != "begun" {
		t.Errorf("%q, %v", text.Body, err)
	}
}

func TestAPanicIsTold(t *testing.T) {
	_, err := newPool(t, Options{}).Read(t.Context(), attach.File{Name: "panic"})
	if err == nil || !strings.Contains(err.Error(), "a reader that is wrong") {
		t.Errorf("got %v, want it to say why", err)
	}
}

func TestTheHarmOfOneFileIsNotTheErrorOfTheNext(t *testing.T) {
	p := newPool(t, Options{})
	before := ask(t, p, "poison")
	if after := ask(t, p, "pid"); after == before {
		t.Errorf("the next file was read in the poisoned child %s", after)
	}
}

func TestAChildIsReplacedAfterItsFiles(t *testing.T) {
	p := newPool(t, Options{Recycle: 2})
	first, second, third := ask(t, p, "pid"), ask(t, p, "pid"), ask(t, p, "pid")
	if first != second || second == third {
		t.Errorf("three files went to children %s, %s, %s, want two and one", first, second, third)
	}
}

func TestAChildThatDiedIdleCostsNoFile(t *testing.T) {
	p := newPool(t, Options{})
	ask(t, p, "pid")
	c := <-p.slots
	killGroup(c.cmd.Process)
	<-c.exited
	p.slots <- c
	if got := ask(t, p, "a.txt"); got != "的" {
		t.Errorf("got %q", got)
	}
}

func TestReadingEndsWithItsContextAndWithThePool(t *testing.T) {
	p := newPool(t, Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := p.Read(ctx, attach.File{Name: "hang"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the error of the context", err)
	}
	if got := ask(t, p, "a.txt"); got != "的" {
		t.Errorf("got %q", got)
	}
	done := make(chan error)
	go func() {
		_, err := p.Read(t.Context(), attach.File{Name: "hang"})
		done <- err
	}()
	for len(p.slots) > 0 { // until the worker is taken
		runtime.Gosched()
	}
	p.Close()
	if err := <-done; !errors.Is(err, os.ErrClosed) {
		t.Errorf("got %v, want os.ErrClosed", err)
	}
	if _, err := p.Read(t.Context(), attach.File{Name: "a.txt"}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("got %v after Close, want os.ErrClosed", err)
	}
}

func TestWorkersReadAtTheSameTime(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	p := newPool(t, Options{Workers: 2, Recycle: 3})
	defer p.Close()
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if text, err := p.Read(t.Context(), attach.File{Name: "a.txt", Data: []byte("正文")}); err != nil || text.Body != "正文" {
				t.Errorf("got %q, %v", text.Body, err)
			}
		})
	}
	all.Wait()
}

func TestACommandThatIsNoneIsAnError(t *testing.T) {
	p := NewPool(Options{Command: []string{"/nowhere/terrace"}})
	defer p.Close()
	if _, err := p.Read(t.Context(), attach.File{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want that it does not exist", err)
	}
}
