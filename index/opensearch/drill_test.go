package opensearch

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"terrace/index"
	"terrace/index/indextest"
)

// A cluster is three nodes of tools/opensearch.
type cluster struct {
	*testing.T
	port, transport string
	urls            []string
	pids            map[string]int // by node name
}

func startCluster(t *testing.T) *cluster {
	l := int64(20000 + os.Getpid()%20000)
	c := &cluster{T: t, port: fmt.Sprint(l), transport: fmt.Sprint(l + 100)}
	t.Cleanup(func() { _ = exec.Command(tool, "stop", "-p", c.port).Run() })
	c.start()
	return c
}

// start brings back the nodes that are down, and waits until every shard has its copies.
func (c *cluster) start() {
	c.Helper()
	out, err := exec.Command(tool, "start", "-n", "3", "-m", "384m", "-p", c.port, "-t", c.transport).Output()
	if err != nil {
		c.Fatalf("start three nodes: %v: %s", err, out)
	}
	c.urls, c.pids = nil, map[string]int{}
	for line := range strings.Lines(string(out)) {
		part := strings.Fields(line)
		c.urls = append(c.urls, part[0])
		c.pids["n"+part[2][strings.LastIndex(part[2], "/")+1:]], _ = strconv.Atoi(part[1])
	}
	if len(c.urls) != 3 {
		c.Fatalf("started: %s", out)
	}
}

func (c *cluster) manager() string {
	c.Helper()
	res, err := http.Get(c.urls[0] + "/_cat/cluster_manager?format=json")
	must(c.T, err)
	defer res.Body.Close()
	var found []struct{ Node string }
	must(c.T, json.NewDecoder(res.Body).Decode(&found))
	return found[0].Node
}

// load writes and searches until stop is closed.
type load struct {
	searches, failed, put atomic.Int64
	gap                   atomic.Int64 // longest time between two answers of one searcher, ns
	working               sync.WaitGroup
	stop                  chan struct{}
}

func (l *load) run(t *testing.T, ix *Index, g index.Generation) {
	l.stop = make(chan struct{})
	l.working.Go(func() {
		for l.going() {
			n := int(l.put.Load())
			if err := g.Put(context.Background(), notices(n, 20)...); err != nil {
				t.Logf("put, which is repeated: %v", err)
				continue
			}
			l.put.Add(20)
		}
	})
	for range 3 {
		l.working.Go(func() {
			last := time.Now()
			for l.going() {
				before := l.put.Load()
				r, err := ix.Search(context.Background(), meetings())
				now := time.Now()
				switch {
				case err != nil:
					l.failed.Add(1)
					t.Logf("search: %v", err)
					continue
				case r.Total < int(before):
					t.Errorf("%d documents found, %d were acknowledged", r.Total, before)
				}
				l.searches.Add(1)
				for gap := int64(now.Sub(last)); ; {
					have := l.gap.Load()
					if gap <= have || l.gap.CompareAndSwap(have, gap) {
						break
					}
				}
				last = now
			}
		})
	}
}

func (l *load) going() bool {
	select {
	case <-l.stop:
		return false
	default:
		return true
	}
}

// more waits until so many more documents are acknowledged and searches are answered.
func (l *load) more(t *testing.T, n int64) {
	t.Helper()
	put, searches := l.put.Load()+n, l.searches.Load()+n
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	end := time.After(3 * time.Minute)
	for l.put.Load() < put || l.searches.Load() < searches {
		select {
		case <-look.C:
		case <-end:
			t.Fatalf("three minutes passed, %d documents put, %d searches answered", l.put.Load(), l.searches.Load())
		}
	}
}

// TestDrill kills the elected manager of three nodes, then another node, while documents are put and searched. It is no part of make test.
func TestDrill(t *testing.T) {
	if os.Getenv("TERRACE_DRILL") == "" {
		t.Skip("TERRACE_DRILL is not set")
	}
	c := startCluster(t)
	one := 1
	ix, err := Open(t.Context(), Options{URL: strings.Join(c.urls, ","), Shards: 2, Replicas: &one}, indextest.Analyzer())
	must(t, err)
	defer ix.Close()
	g, err := ix.Create(t.Context(), index.Fingerprints{})
	must(t, err)
	must(t, ix.Promote(t.Context(), g.Name()))
	c.start() // until the replicas are there
	var l load
	l.run(t, ix, g)
	l.more(t, 400)
	for _, role := range []string{"manager", "data node"} {
		name := c.manager()
		if role == "data node" {
			for other := range c.pids {
				if other != name {
					name = other
					break
				}
			}
		}
		l.gap.Store(0)
		must(t, syscall.Kill(c.pids[name], syscall.SIGKILL))
		l.more(t, 600)
		gap := time.Duration(l.gap.Load())
		t.Logf("%s %s killed: longest time without an answer %v; %d searches, %d failed, %d documents put", role, name, gap.Round(time.Millisecond),
			l.searches.Load(), l.failed.Load(), l.put.Load())
		if gap > 5*time.Second || l.failed.Load() > 0 {
			t.Errorf("searches failed")
		}
		c.start()
		l.more(t, 200)
	}
	close(l.stop)
	l.working.Wait()
	r, err := ix.Search(t.Context(), index.Query{OnlyAll: true, Sort: index.ByDate})
	must(t, err)
	if r.Total < int(l.put.Load()) {
		t.Errorf("%d documents are left of %d acknowledged", r.Total, l.put.Load())
	}
}
