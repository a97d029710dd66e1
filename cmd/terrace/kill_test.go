package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
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

	"terrace/analysis"
	"terrace/db"
	"terrace/demo"
	"terrace/index"
	"terrace/indexer/archive"
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

// pages are all of the archive, which no process has open.
func (d *killDrill) pages(then func(*archive.Archive, []archive.Page)) {
	d.Helper()
	open := func(name string) *db.DB {
		x, err := db.Open(d.Context(), filepath.Join(d.dir, "terrace-data", name))
		if err != nil {
			d.Fatal(err)
		}
		return x
	}
	state, contents := open("state.db"), open("pages.db")
	defer state.Close()
	defer contents.Close()
	a, err := archive.Open(d.Context(), state, contents)
	if err != nil {
		d.Fatal(err)
	}
	all, err := a.Pages(d.Context(), archive.Filter{}, "", 1_000_000)
	if err != nil {
		d.Fatal(err)
	}
	then(a, all)
}

// checkKept looks at the archive after a kill: what it had it has, and every page's bytes are there.
func (d *killDrill) checkKept() {
	d.Helper()
	if _, err := os.Stat(filepath.Join(d.dir, "terrace-data", "pages.db")); err != nil {
		return // killed before there was one
	}
	d.pages(func(a *archive.Archive, all []archive.Page) {
		kept := 0
		for _, p := range all {
			if p.Content == "" {
				continue
			}
			kept++
			if _, err := a.Content(d.Context(), p.Content); err != nil {
				d.Fatalf("%s: %v", p.URL, err)
			}
		}
		if kept < d.kept {
			d.Fatalf("%d pages with content, %d before", kept, d.kept)
		}
		d.kept = kept
	})
}

// checkLedger checks that every URL stands there once, was visited, and that the sites' sums are the number of pages.
func (d *killDrill) checkLedger(c *demo.Cluster) {
	d.Helper()
	d.pages(func(a *archive.Archive, all []archive.Page) {
		known := map[string]archive.Page{}
		for _, p := range all {
			if other, twice := known[p.URL]; twice {
				d.Errorf("%s is there twice: %s and %s", p.URL, p.ID, other.ID)
			}
			known[p.URL] = p
			if p.State == archive.New || p.State != archive.OK && p.Reason == "" {
				d.Errorf("%s is %s %q", p.URL, p.State, p.Reason)
			}
		}
		tallies, err := a.Tallies(d.Context(), time.Now())
		if err != nil {
			d.Fatal(err)
		}
		sum := 0
		for _, t := range tallies {
			for _, n := range t.States {
				sum += n
			}
		}
		if sum != len(all) {
			d.Errorf("the sites have %d pages, the ledger %d", sum, len(all))
		}
		articles := 0
		for want := range c.Expect().Articles {
			articles++
			if p := known[want.URL]; p.State != archive.OK || p.Content == "" {
				d.Errorf("%s is %q %s", want.URL, p.State, p.Reason)
			}
		}
		d.Logf("%d pages, %d articles", len(all), articles)
	})
}

// checkIndex checks that every article is in the index once, and that the index is what a new one made of the archive would be.
func (d *killDrill) checkIndex(c *demo.Cluster) {
	d.Helper()
	folder := filepath.Join(d.dir, "terrace-data")
	had := d.documents()
	places := map[string]int{}
	for _, doc := range had {
		for _, p := range doc.Copies {
			places[p.URL]++
		}
	}
	for want := range c.Expect().Articles {
		if places[want.URL] != 1 {
			d.Errorf("%s stands in the index %d times", want.URL, places[want.URL])
		}
	}
	for _, name := range []string{"index", "relations.db", "relations.db-wal", "relations.db-shm"} {
		if err := os.RemoveAll(filepath.Join(folder, name)); err != nil {
			d.Fatal(err)
		}
	}
	d.catchUp()
	made := d.documents()
	if len(made) != len(had) {
		d.Errorf("the index has %d documents, a new one %d", len(had), len(made))
	}
	for id, doc := range made {
		if got, want := fmt.Sprintf("%+v", had[id]), fmt.Sprintf("%+v", doc); got != want {
			d.Errorf("%s is in the index as\n%.2000s\nin a new one as\n%.2000s", id, got, want)
		}
	}
}

// catchUp makes the index equal to the archive without a crawl.
func (d *killDrill) catchUp() {
	d.Helper()
	n, err := openNode(d.Context(), d.config(), slog.New(slog.DiscardHandler))
	if err != nil {
		d.Fatal(err)
	}
	defer n.close()
	if err := n.indexer.CatchUp(d.Context()); err != nil {
		d.Fatal(err)
	}
}

func (d *killDrill) config() *Config {
	d.Helper()
	c, err := LoadConfig(filepath.Join(d.dir, "terrace.yaml"))
	if err != nil {
		d.Fatal(err)
	}
	return c
}

// documents are those of the live index, by id.
func (d *killDrill) documents() map[string]index.Document {
	d.Helper()
	c := d.config()
	seg, err := segmenter(c)
	if err != nil {
		d.Fatal(err)
	}
	ix, closeIndex, err := openIndex(d.Context(), c, analysis.NewScheme(seg).Index(), slog.New(slog.DiscardHandler))
	if err != nil {
		d.Fatal(err)
	}
	defer closeIndex()
	all := map[string]index.Document{}
	err = ix.Each(d.Context(), func(doc *index.Document) error {
		if _, twice := all[doc.ID]; twice {
			d.Errorf("%s is in the index twice", doc.ID)
		}
		all[doc.ID] = *doc
		return nil
	})
	if err != nil {
		d.Fatal(err)
	}
	return all
}
