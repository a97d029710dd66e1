package indextest

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"terrace/index"
)

// DifferentialOptions say how long Differential runs and on what. The zero value is a short run.
type DifferentialOptions struct {
	Seed      uint64 // the same seed gives the same documents and queries
	Documents int    // how many ids are in use; 0: 60
	Steps     int    // how many times something is written; 0: 20
	Queries   int    // asked after each; 0: 20

	// Readers ask the same queries while something is written, each over and over: an answer given meanwhile must be the one before the
	// change or the one after it, for a Put of a few documents, a Delete or a Promote is seen whole or not at all. 0: nobody asks.
	Readers int

	// Tolerance is for an engine that holds a document's score against Floor with an error: by so much of itself it may be off. Where a Floor
	// so much lower or higher gives another answer, the statistics alone are compared, and so for the queries that Loose names. 0: no error.
	Tolerance float32
	Loose     func(index.Query) bool

	// Bare documents have no attachments.
	Bare bool

	// Between is called before each step, so that an engine can be made to merge or be reopened. It returns the index to go on with;
	// nil goes on with the same one.
	Between func(step int) index.Index
}

// Answered counts what Differential has compared.
type Answered struct {
	Idle, Writing int
	Near          int // of Idle: compared in the statistics alone; see DifferentialOptions.Tolerance
}

// Differential puts, replaces, deletes, rebuilds and promotes at random in subject, which holds nothing at first, and in a Memory, and asks
// both the same random queries. It fails the test at the first answer that differs, with the smallest query found that still shows it.
// The two answers must agree in everything, scores to the last bit.
func Differential(t *testing.T, o DifferentialOptions, subject index.Index, a index.Analyzer) Answered {
	t.Helper()
	d := &differential{
		T: t, seed: o.Seed, readers: o.Readers, tolerance: o.Tolerance, loose: o.Loose, subject: subject, memory: NewMemory(a),
		random:    random{rand.New(rand.NewPCG(o.Seed, 0)), orElse(o.Documents, 60), o.Bare},
		documents: map[string]index.Document{},
	}
	d.change(d.rebuild())
	for step := range orElse(o.Steps, 20) {
		d.step = step
		if o.Between != nil {
			if next := o.Between(step); next != nil {
				d.subject = next
			}
		}
		d.queries = d.queries[:0]
		for range orElse(o.Queries, 20) {
			d.queries = append(d.queries, d.query())
		}
		d.change(d.write())
		d.compareGenerations()
		for _, q := range d.queries {
			d.compareSearch(q)
			d.answered.Idle++
			if d.near(q) {
				d.answered.Near++
			}
		}
	}
	return d.answered
}

func orElse(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

type differential struct {
	*testing.T
	random
	seed      uint64
	readers   int
	tolerance float32
	loose     func(index.Query) bool
	step      int
	subject   index.Index
	memory    *Memory
	documents map[string]index.Document // what both hold
	queries   []index.Query             // of the step
	answered  Answered
}

// A change does the same to any index.
type change func(index.Index) error

// write is one of the ways that writers change an index: mostly puts, now and then a rebuild.
func (d *differential) write() change {
	switch n := d.IntN(10); {
	case n == 0:
		return d.rebuild()
	case n <= 3:
		ids := d.someIDs()
		for _, id := range ids {
			delete(d.documents, id)
		}
		return d.onLive(func(g index.Generation) error { return g.Delete(d.Context(), ids...) })
	default:
		docs := d.someDocuments()
		for _, doc := range docs {
			d.documents[doc.ID] = doc
		}
		return d.onLive(func(g index.Generation) error { return g.Put(d.Context(), docs...) })
	}
}

// rebuild makes a new generation of all documents, in several calls, and promotes it.
func (d *differential) rebuild() change {
	docs := slices.SortedFunc(maps.Values(d.documents), func(a, b index.Document) int { return compareStrings(a.ID, b.ID) })
	d.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
	made := index.Fingerprints{Dictionary: d.pick("old", "new"), Analyzer: "indextest"}
	return func(ix index.Index) error {
		g, err := ix.Create(d.Context(), made)
		if err != nil {
			return err
		}
		for batch := range slices.Chunk(docs, 17) {
			if err := g.Put(d.Context(), batch...); err != nil {
				return err
			}
		}
		return ix.Promote(d.Context(), g.Name())
	}
}

func (d *differential) onLive(do func(index.Generation) error) change {
	return func(ix index.Index) error {
		g, err := openLive(d.Context(), ix)
		if err != nil {
			return err
		}
		return do(g)
	}
}

// change changes the Memory, then the subject, with readers at it.
func (d *differential) change(c change) {
	d.Helper()
	before := d.answers()
	if err := c(d.memory); err != nil {
		d.Fatalf("seed %d, step %d: memory: %v", d.seed, d.step, err)
	}
	after := d.answers()
	done := make(chan struct{})
	var readers sync.WaitGroup
	var answered atomic.Int64
	if d.queries != nil {
		for r := range d.readers {
			readers.Go(func() { answered.Add(int64(d.read(r, before, after, done))) })
		}
	}
	err := c(d.subject)
	close(done)
	readers.Wait()
	d.answered.Writing += int(answered.Load())
	if err != nil {
		d.Fatalf("seed %d, step %d: %T: %v", d.seed, d.step, d.subject, err)
	}
	if d.Failed() {
		d.FailNow()
	}
}

// answers are the Memory's to the queries of the step; none where there are no readers to compare them.
func (d *differential) answers() []*index.Result {
	d.Helper()
	if d.readers == 0 {
		return nil
	}
	out := make([]*index.Result, len(d.queries))
	for i, q := range d.queries {
		var err error
		if out[i], err = d.memory.Search(d.Context(), q); err != nil {
			d.Fatalf("seed %d, step %d: %s: %v", d.seed, d.step, renderQuery(q), err)
		}
	}
	return out
}

// read asks the queries one after the other until the change is done, and returns how many answers it got.
func (d *differential) read(reader int, before, after []*index.Result, done chan struct{}) (answered int) {
	for i := reader; ; i++ {
		select {
		case <-done:
			return answered
		default:
		}
		i %= len(d.queries)
		got, err := d.subject.Search(d.Context(), d.queries[i])
		if err != nil {
			d.Errorf("seed %d, step %d: while writing: %s: %v", d.seed, d.step, renderQuery(d.queries[i]), err)
			return answered
		}
		if len(Differences(before[i], got)) > 0 && len(Differences(after[i], got)) > 0 {
			d.Errorf("seed %d, step %d: while writing: %s\nbefore %s\nafter  %s\ngot    %s", d.seed, d.step, renderQuery(d.queries[i]),
				renderResult(before[i]), renderResult(after[i]), renderResult(got))
			return answered
		}
		answered++
	}
}

func openLive(ctx context.Context, ix index.Index) (index.Generation, error) {
	info, err := liveInfo(ctx, ix)
	if err != nil {
		return nil, err
	}
	return ix.Open(ctx, info.Name)
}

func liveInfo(ctx context.Context, ix index.Index) (index.Info, error) {
	infos, err := ix.Generations(ctx)
	if err != nil {
		return index.Info{}, err
	}
	if i := slices.IndexFunc(infos, func(info index.Info) bool { return info.Live }); i >= 0 {
		return infos[i], nil
	}
	return index.Info{}, index.ErrNoGeneration
}

func (d *differential) compareGenerations() {
	d.Helper()
	want, err := liveInfo(d.Context(), d.memory)
	if err != nil {
		d.Fatal(err)
	}
	got, err := liveInfo(d.Context(), d.subject)
	if err != nil {
		d.Fatalf("seed %d, step %d: generations: %v", d.seed, d.step, err)
	}
	if got.Documents != want.Documents || got.Made != want.Made || !maps.Equal(got.Sites, want.Sites) {
		d.Fatalf("seed %d, step %d: the live generation is described differently:\nwant %+v\ngot  %+v", d.seed, d.step, want, got)
	}
}

func (d *differential) compareSearch(q index.Query) {
	d.Helper()
	if len(d.differences(q)) == 0 {
		return
	}
	q = smallest(q, func(q index.Query) bool { return len(d.differences(q)) > 0 })
	want, _ := d.memory.Search(d.Context(), q)
	got, err := d.subject.Search(d.Context(), q)
	d.Fatalf("seed %d, step %d: %s\n%s\nwant %s\ngot  %s (error: %v)",
		d.seed, d.step, renderQuery(q), renderList(d.differences(q)), renderResult(want), renderResult(got), err)
}

// differences says in which points the subject's answer differs from Memory's.
func (d *differential) differences(q index.Query) []string {
	d.Helper()
	want, err := d.memory.Search(d.Context(), q)
	if err != nil {
		d.Fatalf("seed %d, step %d: %s: %v", d.seed, d.step, renderQuery(q), err)
	}
	got, err := d.subject.Search(d.Context(), q)
	if err != nil {
		return []string{"error: " + err.Error()}
	}
	if d.near(q) {
		want, got = statistics(want), statistics(got)
	}
	return Differences(want, got)
}

// near reports whether a Floor within the tolerance gives another answer, or the query is not to be compared in full.
func (d *differential) near(q index.Query) bool {
	if d.loose != nil && d.loose(q) {
		return true
	}
	if d.tolerance == 0 {
		return false
	}
	lower, higher := q, q
	lower.Floor, higher.Floor = q.Floor*(1-d.tolerance), q.Floor*(1+d.tolerance)
	a, errA := d.memory.Search(d.Context(), lower)
	b, errB := d.memory.Search(d.Context(), higher)
	return errA == nil && errB == nil && len(Differences(a, b)) > 0
}
