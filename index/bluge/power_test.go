package bluge

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"terrace/index"
	"terrace/index/indextest"
)

// errPower is what a disk without power answers.
var errPower = errors.New("no power")

// A forgetful disk works on a real folder and knows what of it is durable. Its power fails at the cut-th change; what image then writes is
// what a machine may find when it is switched on again: of what was not synced, each name and each byte is there or not, by chance.
type forgetful struct {
	mu      sync.Mutex
	top     string
	root    *inode
	changes int
	cut     int
	failed  chan struct{} // closed when the power has failed
}

// An inode is a file or a folder: as programs see it, and as it is durable.
type inode struct {
	names, durableNames map[string]*inode // of a folder
	bytes, durableBytes []byte
}

func folder() *inode { return &inode{names: map[string]*inode{}, durableNames: map[string]*inode{}} }

func newForgetful(top string, cut int) *forgetful {
	return &forgetful{top: top, root: folder(), cut: cut, failed: make(chan struct{})}
}

// change counts a change and does it, where there is power.
func (d *forgetful) change(do func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.changes++; d.changes == d.cut {
		close(d.failed)
	}
	if d.changes >= d.cut {
		return errPower
	}
	return do()
}

func (d *forgetful) at(name string) (parent *inode, base string) {
	rest, err := filepath.Rel(d.top, name)
	if err != nil {
		panic(err)
	}
	parts := strings.Split(rest, string(filepath.Separator))
	parent = d.root
	for _, p := range parts[:len(parts)-1] {
		parent = parent.names[p]
	}
	return parent, parts[len(parts)-1]
}

func (d *forgetful) node(name string) *inode {
	if name == d.top {
		return d.root
	}
	parent, base := d.at(name)
	return parent.names[base]
}

func (d *forgetful) create(name string) (f diskFile, err error) {
	err = d.change(func() error {
		real, err := machine{}.create(name)
		if err != nil {
			return err
		}
		parent, base := d.at(name)
		n := &inode{}
		parent.names[base] = n
		f = &forgetfulFile{real, d, n}
		return nil
	})
	return f, err
}

func (d *forgetful) rename(from, to string) error {
	return d.change(func() error {
		if err := (machine{}).rename(from, to); err != nil {
			return err
		}
		p, b := d.at(from)
		q, c := d.at(to)
		q.names[c] = p.names[b]
		delete(p.names, b)
		return nil
	})
}

func (d *forgetful) remove(name string) error {
	return d.change(func() error {
		if err := (machine{}).remove(name); err != nil {
			return err
		}
		parent, base := d.at(name)
		delete(parent.names, base)
		return nil
	})
}

func (d *forgetful) makeDir(name string) error {
	return d.change(func() error {
		if err := (machine{}).makeDir(name); err != nil {
			return err
		}
		parent, base := d.at(name)
		parent.names[base] = folder()
		return nil
	})
}

func (d *forgetful) syncDir(name string) error {
	return d.change(func() error {
		n := d.node(name)
		n.durableNames = map[string]*inode{}
		for base, child := range n.names {
			n.durableNames[base] = child
		}
		return nil
	})
}

type forgetfulFile struct {
	diskFile
	disk *forgetful
	node *inode
}

func (f *forgetfulFile) Write(b []byte) (n int, err error) {
	err = f.disk.change(func() error {
		f.node.bytes = append(f.node.bytes, b...)
		n, err = f.diskFile.Write(b)
		return err
	})
	return n, err
}

func (f *forgetfulFile) Sync() error {
	return f.disk.change(func() error {
		f.node.durableBytes = slices.Clone(f.node.bytes)
		return nil
	})
}

// image writes what is found after the power cut.
func (d *forgetful) image(t *testing.T, r *rand.Rand, to string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.root.write(t, r, to)
}

func (n *inode) write(t *testing.T, r *rand.Rand, to string) {
	if n.names == nil {
		must(t, os.WriteFile(to, n.found(r), 0o600))
		return
	}
	must(t, os.MkdirAll(to, 0o700))
	all := map[string]bool{}
	for name := range n.names {
		all[name] = true
	}
	for name := range n.durableNames {
		all[name] = true
	}
	for name := range all {
		child := n.durableNames[name]
		if now := n.names[name]; now != child && r.IntN(2) == 0 {
			child = now
		}
		if child != nil {
			child.write(t, r, filepath.Join(to, name))
		}
	}
}

// found is a file's bytes: those that are durable, then some of the others, some of those as zeros.
func (n *inode) found(r *rand.Rand) []byte {
	out := slices.Clone(n.durableBytes)
	rest := n.bytes[min(len(out), len(n.bytes)):]
	rest = slices.Clone(rest[:r.IntN(len(rest)+1)])
	if len(rest) > 0 && r.IntN(2) == 0 {
		clear(rest[r.IntN(len(rest)):])
	}
	return append(out, rest...)
}

// A ledger holds what was asked of an index, document by document.
type ledger struct {
	mu    sync.Mutex
	sure  map[string]int          // version acknowledged last; 0: its absence
	maybe map[string]map[int]bool // versions asked for since, and not acknowledged
}

func (l *ledger) ask(version int, ids ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range ids {
		if l.maybe[id] == nil {
			l.maybe[id] = map[int]bool{}
		}
		l.maybe[id][version] = true
	}
}

func (l *ledger) acknowledge(version int, ids ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range ids {
		l.sure[id] = version
		delete(l.maybe, id)
	}
}

// work puts and deletes at random, its own documents, until the power fails.
func (l *ledger) work(ctx context.Context, r *rand.Rand, g index.Generation, worker int) error {
	for version := 1; version < 40; version++ {
		var ids []string
		for range 1 + r.IntN(12) {
			ids = append(ids, fmt.Sprintf("w%d-%d", worker, r.IntN(30)))
		}
		if r.IntN(5) == 0 {
			l.ask(0, ids...)
			if err := g.Delete(ctx, ids...); err != nil {
				return err
			}
			l.acknowledge(0, ids...)
			continue
		}
		var docs []index.Document
		for _, id := range ids {
			docs = append(docs, index.Document{ID: id, Title: "会议" + strconv.Itoa(version), Copies: []index.Copy{{Site: "bmf"}}})
		}
		l.ask(version, ids...)
		if err := g.Put(ctx, docs...); err != nil {
			return err
		}
		l.acknowledge(version, ids...)
	}
	return nil
}

// check compares what is found with what was acknowledged.
func (l *ledger) check(t *testing.T, g index.Generation) {
	t.Helper()
	q := titled("会议")
	q.Limit = index.MaxRank
	res, err := g.Search(t.Context(), q)
	must(t, err)
	found := map[string]int{}
	for _, h := range res.Hits {
		if _, twice := found[h.Document.ID]; twice {
			t.Errorf("%s is there twice", h.Document.ID)
		}
		found[h.Document.ID], err = strconv.Atoi(strings.TrimPrefix(h.Document.Title, "会议"))
		must(t, err)
	}
	for _, id := range slices.Concat(keys(l.sure), keys(l.maybe), keys(found)) {
		if v := found[id]; v != l.sure[id] && !l.maybe[id][v] {
			t.Errorf("%s: version %d is there, %d was acknowledged, %v asked for since", id, v, l.sure[id], l.maybe[id])
		}
	}
}

func keys[V any](m map[string]V) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

func TestWhatWasAcknowledgedOutlastsAPowerCut(t *testing.T) {
	times := 50
	if s := os.Getenv("TERRACE_POWER_CUTS"); s != "" {
		var err error
		times, err = strconv.Atoi(s)
		must(t, err)
	}
	for seed := range times {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			t.Parallel()
			cutPower(t, uint64(seed))
		})
	}
}

// cutPower fills two generations, promotes the first while the second is built, cuts the power and looks at what is left.
func cutPower(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 1))
	d := newForgetful(t.TempDir(), 1+r.IntN(900))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	live, building, ledgers := fillUntilCut(ctx, t, d, seed)

	image := t.TempDir()
	d.image(t, r, image)
	began := time.Now()
	ix := openAt(t, filepath.Join(image, "index"))
	t.Logf("opened in %v", time.Since(began).Round(time.Millisecond))
	for i, name := range []string{live, building} {
		if name == "" {
			continue
		}
		g, err := ix.Open(t.Context(), name)
		must(t, err)
		ledgers[i].check(t, g)
		must(t, g.Put(t.Context(), notices(0, 3)...)) // and it can be written again
	}
}

// fillUntilCut works until the power fails, or to the end, and returns the generations that were acknowledged.
func fillUntilCut(ctx context.Context, t *testing.T, d *forgetful, seed uint64) (live, building string, ledgers [2]*ledger) {
	for i := range ledgers {
		ledgers[i] = &ledger{sure: map[string]int{}, maybe: map[string]map[int]bool{}}
	}
	o := quiet
	o.disk = d
	ix, err := Open(filepath.Join(d.top, "index"), indextest.Analyzer(), o)
	if err != nil {
		power(t, err)
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-d.failed:
			cancel()
		case <-ctx.Done():
		}
	}()
	defer ix.Close()
	first, err := ix.Create(ctx, index.Fingerprints{})
	if err != nil {
		power(t, err)
		return
	}
	live = first.Name()
	second, err := ix.Create(ctx, index.Fingerprints{})
	if err != nil {
		power(t, err)
		return
	}
	building = second.Name()
	var workers sync.WaitGroup
	for w := range 4 {
		workers.Go(func() {
			err := ledgers[w/2].work(ctx, rand.New(rand.NewPCG(seed, uint64(2+w))), []index.Generation{first, second}[w/2], w)
			if err != nil {
				power(t, err)
			}
		})
	}
	if err := ix.Promote(ctx, live); err != nil {
		power(t, err)
	}
	workers.Wait()
	return live, building, ledgers
}

// power fails the test for an error that has another cause than the power cut.
func power(t *testing.T, err error) {
	if !errors.Is(err, errPower) && !errors.Is(err, context.Canceled) && !strings.Contains(err.Error(), errPower.Error()) {
		t.Error(err)
	}
}
