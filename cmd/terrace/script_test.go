package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"terrace/db"
	"terrace/demo"
	"terrace/withdraw"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == readerName { // a child that reads attached files
		main()
		return
	}
	testscript.Main(m, map[string]func(){"terrace": main})
}

// The scripts in testdata/script run the program as a person does. Beside testscript's own commands they have:
//
//	ports          write free addresses into $HTTP and $GRPC
//	cluster N      serve a sample cluster of N articles; its portal is $PORTAL, a forward proxy to it $PROXY
//	folders        serve the folders that have the names of hosts, by a forward proxy $PROXY
//	application FILES...  serve a site whose pages their scripts make; its host is $APP, in the files too
//	hold N         let N more requests pass the proxy; those after them wait
//	held           wait until one waits
//	release        let all pass
//	visited N M    the proxy has seen at least N URLs, and at most M of them more than once
//	answers URL    wait until it answers 200; its body becomes stdout
//	line FILE N    append an import line of N bytes
//	former LIST    name the live generation in the output of index list as $FORMER
//	listed DIR PAGE  put a page on the list of withdrawals of a storage folder, as a program leaves it that is killed before anything else is done
//	damage DIR     spoil the bytes that a storage folder keeps of one article
//	redirects URL TO it answers 301 to TO; or 404, where TO is that
//	found WORDS N  wait until the server at $HTTP finds N documents
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"ports":   ports,
			"cluster": serveCluster,
			"hold":    func(ts *testscript.TestScript, _ bool, args []string) { passageOf(ts).hold(number(ts, args[0])) },
			"held":    func(ts *testscript.TestScript, _ bool, _ []string) { passageOf(ts).awaitHeld() },
			"release": func(ts *testscript.TestScript, _ bool, _ []string) { passageOf(ts).hold(-1) },
			"visited": func(ts *testscript.TestScript, _ bool, args []string) {
				passageOf(ts).visited(ts, number(ts, args[0]), number(ts, args[1]))
			},
			"answers":     answers,
			"line":        appendLine,
			"former":      former,
			"found":       found,
			"application": serveApplication,
			"folders":     serveFolders,
			"listed":      listed,
			"damage":      damage,
			"redirects":   redirects,
		},
		Setup: func(e *testscript.Env) error {
			e.Values[passageKey{}] = newPassage()
			return nil
		},
	})
}

func number(ts *testscript.TestScript, s string) int {
	n, err := strconv.Atoi(s)
	ts.Check(err)
	return n
}

func ports(ts *testscript.TestScript, _ bool, _ []string) {
	for _, name := range []string{"HTTP", "GRPC"} {
		own := fmt.Sprintf("127.%d.%d.%d:0", 1+rand.IntN(254), rand.IntN(256), 1+rand.IntN(254)) // a port of 127.0.0.1 may be another's by the time it is listened to
		l, err := net.Listen("tcp", own)
		if err != nil { // a machine where 127.0.0.1 alone is loopback
			l, err = net.Listen("tcp", "127.0.0.1:0")
		}
		ts.Check(err)
		defer l.Close()
		ts.Setenv(name, l.Addr().String())
	}
}

func serveCluster(ts *testscript.TestScript, _ bool, args []string) {
	ctx, cancel := context.WithCancel(context.Background())
	cluster := demo.New(demo.Options{Pages: number(ts, args[0])})
	ts.Check(cluster.Start(ctx))
	ended := make(chan error, 1)
	go func() { ended <- cluster.Run(ctx) }()
	proxy := httptest.NewServer(passageOf(ts))
	ts.Defer(func() {
		passageOf(ts).hold(-1)
		proxy.Close()
		cancel()
		ts.Check(<-ended)
	})
	ts.Setenv("PORTAL", cluster.Sites()[0].URL)
	ts.Setenv("PROXY", proxy.URL)
}

// A passage is a forward proxy that counts the pages that pass and can hold requests up.
type passage struct {
	mu      sync.Mutex
	changed *sync.Cond
	left    int // requests that may pass; -1: all
	waiting int
	count   map[string]int // of answers with a page; what is missing may be asked for again
	forward httputil.ReverseProxy
}

type passageKey struct{}

func passageOf(ts *testscript.TestScript) *passage { return ts.Value(passageKey{}).(*passage) }

func newPassage() *passage {
	p := &passage{left: -1, count: map[string]int{}, forward: httputil.ReverseProxy{
		Rewrite: func(*httputil.ProxyRequest) {}, ErrorLog: log.New(io.Discard, "", 0), // clients are killed
	}}
	p.changed = sync.NewCond(&p.mu)
	p.forward.ModifyResponse = func(res *http.Response) error {
		p.mu.Lock()
		defer p.mu.Unlock()
		if res.StatusCode == http.StatusOK {
			p.count[res.Request.URL.String()]++
		}
		return nil
	}
	return p
}

func (p *passage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	for p.left == 0 {
		p.waiting++
		p.changed.Broadcast()
		p.changed.Wait()
		p.waiting--
	}
	if p.left > 0 {
		p.left--
	}
	p.mu.Unlock()
	p.forward.ServeHTTP(w, r)
}

func (p *passage) hold(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = n
	p.changed.Broadcast()
}

func (p *passage) awaitHeld() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.waiting == 0 {
		p.changed.Wait()
	}
}

func (p *passage) visited(ts *testscript.TestScript, least, twice int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var again []string
	pages := 0
	for u, n := range p.count {
		if strings.HasSuffix(u, "/robots.txt") {
			continue // asked for anew by each process
		}
		pages++
		if n > 1 {
			again = append(again, u)
		}
	}
	ts.Logf("%d pages, %d of them more than once", pages, len(again))
	if pages < least || len(again) > twice {
		ts.Fatalf("%d pages visited, %d of them more than once: %v", pages, len(again), again)
	}
}

func answers(ts *testscript.TestScript, _ bool, args []string) {
	deadline := time.Now().Add(time.Minute)
	last := ""
	for time.Now().Before(deadline) {
		res, err := http.Get(args[0])
		if err != nil {
			last = err.Error()
			continue
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if last = fmt.Sprintf("%s %s", res.Status, body); err == nil && res.StatusCode == http.StatusOK {
			fmt.Fprintf(ts.Stdout(), "%s", body)
			return
		}
	}
	ts.Fatalf("%s does not answer: %s", args[0], last)
}

func redirects(ts *testscript.TestScript, _ bool, args []string) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(args[0])
	ts.Check(err)
	res.Body.Close()
	want := args[1:]
	if len(want) == 0 || want[0] == "404" {
		want = []string{"404", ""}
	} else {
		want = []string{"301", want[0]}
	}
	if got := []string{strconv.Itoa(res.StatusCode), res.Header.Get("Location")}; !slices.Equal(got, want) {
		ts.Fatalf("%s: %v, want %v", args[0], got, want)
	}
}

func former(ts *testscript.TestScript, _ bool, args []string) {
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if name, rest, _ := strings.Cut(line, " "); strings.Contains(rest, "现用") {
			ts.Setenv("FORMER", name)
			return
		}
	}
	ts.Fatalf("%s names no live generation", args[0])
}

func found(ts *testscript.TestScript, _ bool, args []string) {
	u := "http://" + ts.Getenv("HTTP") + "/api/v1/search?q=" + url.QueryEscape(args[0])
	deadline := time.Now().Add(time.Minute)
	var answer struct{ Total int }
	for time.Now().Before(deadline) {
		res, err := http.Get(u)
		ts.Check(err)
		err = json.NewDecoder(res.Body).Decode(&answer)
		res.Body.Close()
		if ts.Check(err); answer.Total == number(ts, args[1]) {
			return
		}
	}
	ts.Fatalf("%s finds %d documents", args[0], answer.Total)
}

func listed(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	d, err := db.Open(ctx, filepath.Join(ts.MkAbs(args[0]), "state.db"))
	ts.Check(err)
	defer d.Close()
	l, err := withdraw.Open(ctx, d)
	ts.Check(err)
	_, err = l.Add(ctx, withdraw.Entry{Page: args[1], Reason: "停电", By: "张三", At: time.Now()}, withdraw.Page{ID: args[1]})
	ts.Check(err)
}

func damage(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	state, err := db.Open(ctx, filepath.Join(ts.MkAbs(args[0]), "state.db"))
	ts.Check(err)
	defer state.Close()
	contents, err := db.Open(ctx, filepath.Join(ts.MkAbs(args[0]), "pages.db"))
	ts.Check(err)
	defer contents.Close()
	hash := ""
	ts.Check(state.View(ctx, func(tx *sql.Tx) error {
		return tx.QueryRow("SELECT content FROM page WHERE role = 'article' AND content <> '' GROUP BY content HAVING count(*) = 1 ORDER BY min(n) LIMIT 1").Scan(&hash)
	}))
	ts.Check(contents.Update(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec("UPDATE content SET data = x'00' WHERE hash = ?", hash)
		return err
	}))
}

func appendLine(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	ts.Check(err)
	defer f.Close()
	const head, tail = `{"id":"long","title":"长文","text":"`, "\"}\n"
	_, err = f.WriteString(head + strings.Repeat("a", number(ts, args[1])-len(head)-len(tail)) + tail)
	ts.Check(err)
}
