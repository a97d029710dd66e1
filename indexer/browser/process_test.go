//go:build linux

package browser

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// childDir is the variable in which a process is told to open a page, with its folder, and to wait.
const childDir = "TERRACE_BROWSER_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		waitInPage(dir)
		return
	}
	os.Exit(m.Run())
}

func waitInPage(dir string) {
	r, err := New(Options{Path: os.Getenv("CHROMIUM"), Dir: dir})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, _ = r.Render(context.Background(), &url.URL{Scheme: "http", Host: "www.example.gov.cn", Path: "/"}, func(ctx context.Context, _ Request) (*Response, error) {
		fmt.Println("open")
		<-ctx.Done()
		return nil, ctx.Err()
	})
}

// using are the processes that have a folder in their command line, those that have ended and were not waited for among them under their parent's id.
func using(t *testing.T, dir string) (pids []int) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		if line, err := os.ReadFile(path); err == nil && bytes.Contains(line, []byte("--user-data-dir="+dir)) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			pids = append(pids, pid)
		}
	}
	return pids
}

// comes waits for a condition.
func comes(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !condition(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited for %s", what)
		}
	}
}

func TestTheBrowserDiesWithAProcessThatIsKilled(t *testing.T) {
	if _, err := Find(os.Getenv("CHROMIUM")); err != nil {
		t.Skip("needs Chromium")
	}
	dir := filepath.Join(t.TempDir(), "b")
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childDir+"="+dir)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "open\n" {
		t.Fatalf("said %q, %v", line, err)
	}
	if len(using(t, dir)) == 0 {
		t.Fatal("no browser runs")
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait()
	comes(t, "the browser's end", func() bool { return len(using(t, dir)) == 0 })
}

func TestACrashIsOneFailureAndNothingStays(t *testing.T) {
	l := newLab(t, map[string]string{"/well": `<p>好</p>`, "/wait": `<script src="/never.js"></script>`})
	l.Dir = filepath.Join(t.TempDir(), "b")
	l.shows("/well", "好")
	u, _ := url.Parse(l.server.URL + "/wait")
	_, err := l.Render(t.Context(), u, func(ctx context.Context, q Request) (*Response, error) {
		if !q.Document {
			kill(l.pid())
		}
		return &Response{Status: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte(`<script src="/never.js"></script>`)}, nil
	})
	if err != ErrCrashed {
		t.Errorf("killed: %v", err)
	}
	l.shows("/well", "好")
	l.Close()
	comes(t, "the browser's end", func() bool { return len(using(t, l.Dir)) == 0 })
	if _, err := os.Stat(l.Dir); !os.IsNotExist(err) {
		t.Errorf("its folder is still there: %v", err)
	}
	for _, pid := range family(os.Getpid())[1:] {
		if parent, _ := parentOf(pid); parent == os.Getpid() {
			t.Errorf("process %d is still there", pid)
		}
	}
	if _, err := l.open("/well"); err == nil {
		t.Error("a page was opened after the end")
	}
}

func TestTheBrowserHasANetworkOfItsOwnWhereTheSystemAllowsIt(t *testing.T) {
	l := newLab(t, map[string]string{"/": `<p>好</p>`})
	if exec.Command("unshare", "-rn", "true").Run() != nil {
		t.Skip("needs user namespaces")
	}
	l.shows("/", "好")
	ours, err := os.Readlink("/proc/self/ns/net")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", l.pid()))
	if err != nil || theirs == ours {
		t.Errorf("its network is %s, %v; ours %s", theirs, err, ours)
	}
}

// What holds where the system allows no network of its own: newLab's server counts what comes from the browser itself.
func TestWithoutOneNothingGetsOutEither(t *testing.T) {
	l := newLab(t, map[string]string{"/": `<div id=app></div><script>
		for (const u of ['ws://HOST/x', 'ws://localhost:' + location.port + '/x']) new WebSocket(u);
		new Worker(URL.createObjectURL(new Blob(["new WebSocket('ws://HOST/x')"])));
		setTimeout(() => { app.textContent = '试过了' }, 300)</script>`})
	if err := l.launch(false); err != nil {
		t.Fatal(err)
	}
	ours, _ := os.Readlink("/proc/self/ns/net")
	if theirs, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", l.pid())); theirs != ours {
		t.Fatalf("its network is %s, %v", theirs, err)
	}
	l.shows("/", "试过了")
}
