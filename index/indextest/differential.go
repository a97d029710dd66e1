package indextest

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"terrace/index"
)

// DifferentialOptions say how long Differential runs and on what. The zero value is a short run.
type DifferentialOptions struct {
	Seed      uint64 // the same seed gives the same documents and queries
	Documents int    // how many ids are in use; 0: 60
	Steps     int    // how many times something is written; 0: 20
	Queries   int    // asked after each; 0: 20

	// Between is called before each step, so that an engine can be made to merge or be reopened. It returns the index to go on with;
	// nil goes on with the same one.
	Between func(step int) index.Index
}

// Differential puts, replaces, deletes, rebuilds and promotes at random in subject, which holds nothing at first, and in a Memory, and asks
// both the same random queries. It fails the test at the first answer that differs, with the smallest query found that still shows it.
// The two answers must agree in everything, scores to the last bit.
func Differential(t *testing.T, o DifferentialOptions, subject index.Index, a index.Analyzer) {
	t.Helper()
	d := &differential{
		T: t, seed: o.Seed, subject: subject, memory: NewMemory(a),
		random:    random{rand.New(rand.NewPCG(o.Seed, 0)), orElse(o.Documents, 60)},
		documents: map[string]index.Document{},
	}
	d.rebuild()
	for step := range orElse(o.Steps, 20) {
		d.step = step
		if o.Between != nil {
			if next := o.Between(step); next != nil {
				d.subject = next
			}
		}
		d.write()
		d.compareGenerations()
		for range orElse(o.Queries, 20) {
			d.compareSearch(d.query())
		}
	}
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
	step      int
	subject   index.Index
	memory    *Memory
	documents map[string]index.Document // what both hold
}

// write changes both in one of the ways that writers do: mostly puts, now and then a rebuild.
func (d *differential) write() {
	d.Helper()
	switch n := d.IntN(10); {
	case n == 0:
		d.rebuild()
	case n <= 3:
		ids := d.someIDs()
		for _, id := range ids {
			delete(d.documents, id)
		}
		d.onLive(func(g index.Generation) error { return g.Delete(d.Context(), ids...) })
	default:
		docs := d.someDocuments()
		for _, doc := range docs {
			d.documents[doc.ID] = doc
		}
		d.onLive(func(g index.Generation) error { return g.Put(d.Context(), docs...) })
	}
}

// rebuild makes a new generation of all documents, in several calls, and promotes it.
func (d *differential) rebuild() {
	d.Helper()
	docs := slices.SortedFunc(maps.Values(d.documents), func(a, b index.Document) int { return compareStrings(a.ID, b.ID) })
	d.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
	made := index.Fingerprints{Dictionary: d.pick("old", "new"), Analyzer: "indextest"}
	d.onBoth(func(ix index.Index) error {
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
	})
}

func (d *differential) onBoth(do func(index.Index) error) {
	d.Helper()
	for _, ix := range []index.Index{d.memory, d.subject} {
		if err := do(ix); err != nil {
			d.Fatalf("seed %d, step %d: %T: %v", d.seed, d.step, ix, err)
		}
	}
}

func (d *differential) onLive(do func(index.Generation) error) {
	d.Helper()
	d.onBoth(func(ix index.Index) error {
		g, err := openLive(d.Context(), ix)
		if err != nil {
			return err
		}
		return do(g)
	})
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
	return Differences(want, got)
}
