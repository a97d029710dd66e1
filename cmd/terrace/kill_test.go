package main

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"terrace/demo"
)

// A killDrill is the program at work on a sample cluster, killed again and again. TERRACE_KILLS says how often, TERRACE_SEED at which moments.
type killDrill struct {
	*testing.T
	random    *rand.Rand
	dir, http string
	output    bytes.Buffer
	restarts  []time.Duration // until searchable
	early     int             // kills before it was searchable
	kept      int             // pages with content after the last kill
	began     map[string]int  // orders given
}

const killToken = "drill-drill-drill-drill-drill-drill"

func TestKilledAtAnyMomentItLosesAndDoublesNothing(t *testing.T) {
	kills, pages := 5, 150
	seed := uint64(time.Now().UnixNano())
	if n, err := strconv.Atoi(os.Getenv("TERRACE_KILLS")); err == nil {
		kills, pages = n, 1500
	}
	if n, err := strconv.ParseUint(os.Getenv("TERRACE_SEED"), 10, 64); err == nil {
		seed = n
	}
	t.Logf("TERRACE_SEED=%d", seed)
	d := &killDrill{T: t, random: rand.New(rand.NewPCG(seed, seed)), dir: t.TempDir(), http: freeAddress(t), began: map[string]int{}}
	cluster := d.cluster(pages)
	d.once("init", cluster.Sites()[0].URL, "--allow-private")
	for range kills {
		d.round()
		d.checkKept()
	}
	d.once("crawl", "--once")
	d.report(kills)
	d.checkLedger(cluster)
	d.checkIndex(cluster)
}

// report tells how long restarts took. It asserts nothing of that: other work on the machine counts, too.
func (d *killDrill) report(kills int) {
	d.Helper()
	d.Logf("%d kills, %d of them before it was searchable; orders %v", kills, d.early, d.began)
	if len(d.restarts) == 0 {
		return
	}
	slices.Sort(d.restarts)
	within, _ := slices.BinarySearch(d.restarts, 5*time.Second)
	d.Logf("searchable again after %v (median), %v (longest), %d of %d within 5 s", d.restarts[len(d.restarts)/2].Round(time.Millisecond),
		d.restarts[len(d.restarts)-1].Round(time.Millisecond), within, len(d.restarts))
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// cluster is served until the test ends.
func (d *killDrill) cluster(pages int) *demo.Cluster {
	d.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := demo.New(demo.Options{Pages: pages})
	if err := c.Start(ctx); err != nil {
		d.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	d.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			d.Error(err)
		}
	})
	return c
}

// program is a command of the program: this binary under its name.
func (d *killDrill) program(args ...string) *exec.Cmd {
	d.Helper()
	name := filepath.Join(d.dir, "terrace")
	if _, err := os.Lstat(name); err != nil {
		own, err := os.Executable()
		if err == nil {
			err = os.Symlink(own, name)
		}
		if err != nil {
			d.Fatal(err)
		}
	}
	c := exec.Command(name, args...)
	c.Dir = d.dir
	c.Env = append(os.Environ(), "TERRACE_LISTEN_HTTP="+d.http, "TERRACE_LISTEN_GRPC=off", "TERRACE_CRAWL_DELAY=1ms", "TERRACE_ADMIN_TOKEN="+killToken)
	d.output.Reset()
	c.Stderr = &d.output
	return c
}

// once runs a command to its end.
func (d *killDrill) once(args ...string) {
	d.Helper()
	if err := d.program(args...).Run(); err != nil {
		d.Fatalf("terrace %v: %v\n%s", args, err, d.output.String())
	}
}

// round starts the server, gives it an order or none, and kills it: now and then before it is searchable, else at a random moment of its work.
func (d *killDrill) round() {
	d.Helper()
	c := d.program("serve")
	began := time.Now()
	if err := c.Start(); err != nil {
		d.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	moment := time.Duration(d.random.IntN(1500)) * time.Millisecond
	if d.random.IntN(4) == 0 {
		d.early++
	} else {
		d.searchable(ended)
		d.restarts = append(d.restarts, time.Since(began))
		d.order()
	}
	select {
	case err := <-ended:
		d.Fatalf("the server ended by itself: %v\n%s", err, d.output.String())
	case <-time.After(moment): // when it is killed
	}
	if err := c.Process.Kill(); err != nil {
		d.Fatal(err)
	}
	<-ended
}

func (d *killDrill) searchable(ended chan error) {
	d.Helper()
	deadline := time.After(2 * time.Minute)
	for {
		res, err := http.Get("http://" + d.http + "/readyz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case err := <-ended:
			d.Fatalf("the server ended by itself: %v\n%s", err, d.output.String())
		case <-deadline:
			d.Fatalf("the server is not searchable\n%s", d.output.String())
		case <-time.After(5 * time.Millisecond): // between questions
		}
	}
}

// order now and then makes all pages due or has the index rebuilt, so that there is always work to be killed in. A job that is already there refuses.
func (d *killDrill) order() {
	d.Helper()
	mode := []string{"", "", "recrawl", "rebuild"}[d.random.IntN(4)]
	if mode == "" {
		return
	}
	req, err := http.NewRequest(http.MethodPost, "http://"+d.http+"/api/v1/reindex", strings.NewReader(`{"mode":"`+mode+`"}`))
	if err != nil {
		d.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+killToken)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		d.Fatal(err)
	}
	defer res.Body.Close()
	said, _ := io.ReadAll(res.Body)
	switch res.StatusCode {
	case http.StatusOK:
		d.began[mode]++
	case http.StatusBadRequest, http.StatusConflict, http.StatusPreconditionFailed: // one is under way
	default:
		d.Fatalf("order %s: %s %s", mode, res.Status, said)
	}
}
