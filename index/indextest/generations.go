package indextest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"terrace/index"
)

// kept are the names of the generations, the live one in brackets.
func (l *lab) kept() []string {
	l.Helper()
	infos, err := l.ix.Generations(l.Context())
	l.must(err)
	names := []string{}
	for _, i := range infos {
		name := i.Name
		if i.Live {
			name = "[" + name + "]"
		}
		names = append(names, name)
	}
	return names
}

var generationPromises = []promise{
	{"nothing answers before the first Promote", func(l *lab) {
		l.build(doc("a", "", "loan"))
		_, err := l.ix.Search(l.Context(), find("loan"))
		l.fails("search", err, index.ErrNoGeneration)
	}},
	{"a generation being built is asked only by name", func(l *lab) {
		l.serve(doc("old", "", "loan"))
		g := l.build(doc("new", "", "loan"))
		l.finds(find("loan"), "old")
		r, err := g.Search(l.Context(), find("loan"))
		l.must(err)
		l.same("its own answer", idsOf(r), "new")
		l.must(l.ix.Promote(l.Context(), g.Name()))
		l.finds(find("loan"), "new")
	}},
	{"the replaced generation is kept, older ones go", func(l *lab) {
		first, second, third := l.serve(), l.serve(), l.serve()
		l.same("kept", l.kept(), []string{second.Name(), "[" + third.Name() + "]"})
		_, err := l.ix.Open(l.Context(), first.Name())
		l.fails("open the oldest", err, index.ErrNoGeneration)
	}},
	{"a generation being built outlives a Promote", func(l *lab) {
		building := l.build(doc("b", "", "loan"))
		l.serve(doc("a", "", "loan"))
		l.serve(doc("a", "", "loan"))
		l.must(building.Put(l.Context(), doc("c", "", "loan")))
		l.must(l.ix.Promote(l.Context(), building.Name()))
		l.finds(find("loan"), "b c")
	}},
	{"the one before can be promoted again", func(l *lab) {
		before := l.serve(doc("old", "", "loan"))
		l.serve(doc("new", "", "loan"))
		l.must(l.ix.Promote(l.Context(), before.Name()))
		l.finds(find("loan"), "old")
	}},
	{"promoting the live one does nothing", func(l *lab) {
		before := l.serve()
		live := l.serve(doc("a", "", "loan"))
		l.must(l.ix.Promote(l.Context(), live.Name()))
		l.same("kept", l.kept(), []string{before.Name(), "[" + live.Name() + "]"})
	}},
	{"a name that is none is an error", func(l *lab) {
		l.serve()
		_, err := l.ix.Open(l.Context(), "none")
		l.fails("open", err, index.ErrNoGeneration)
		l.fails("promote", l.ix.Promote(l.Context(), "none"), index.ErrNoGeneration)
		_, err = l.ix.Open(l.Context(), "../"+l.live.Name())
		l.fails("open a path", err, index.ErrNoGeneration)
	}},
	{"the live generation is not dropped", func(l *lab) {
		g := l.serve(doc("a", "", "loan"))
		l.fails("drop", g.Drop(l.Context()), index.ErrLive)
		l.finds(find("loan"), "a")
	}},
	{"a dropped generation is gone", func(l *lab) {
		live := l.serve()
		g := l.build(doc("a", "", "loan"))
		l.must(g.Drop(l.Context()))
		l.same("kept", l.kept(), []string{"[" + live.Name() + "]"})
		l.fails("put", g.Put(l.Context(), doc("b", "", "")), index.ErrNoGeneration)
		_, err := g.Search(l.Context(), find("loan"))
		l.fails("search", err, index.ErrNoGeneration)
		l.fails("drop again", g.Drop(l.Context()), index.ErrNoGeneration)
	}},
	{"a generation says what it holds and was made with", func(l *lab) {
		made := index.Fingerprints{Extractor: "e1", Analyzer: "a1", Dictionary: "d1", Registry: "r1"}
		g, err := l.ix.Create(l.Context(), made)
		l.must(err)
		at2 := func(id, title, site string) index.Document {
			return at(doc(id, title, ""), index.Copy{Site: site}, index.Copy{Site: "other"})
		}
		l.must(g.Put(l.Context(), at2("a", "notice no. 1", "s"), at2("b", "notice no. 2", "s"), at2("c", "loan", "s"), at2("d", "", "s"),
			at2("e", "loan", "t"), index.Document{ID: "f"}))
		l.must(l.ix.Promote(l.Context(), g.Name()))
		info, err := liveInfo(l.Context(), l.ix)
		l.must(err)
		l.same("information", []any{info.Name, info.Live, info.Documents, info.Made, info.Sites}, []any{g.Name(), true, 6, made, map[string]index.SiteInfo{
			"s": {Documents: 4, TitleForms: 2}, "t": {Documents: 1, TitleForms: 1}, "": {Documents: 1},
		}})
		if age := time.Since(info.Created); age < 0 || age > time.Hour {
			l.Errorf("created %v", info.Created)
		}
	}},
	{"what was written is there when the index is opened again", func(l *lab) {
		l.serve(doc("a", "", "loan"), doc("b", "", "loan"))
		l.must(l.live.Delete(l.Context(), "a"))
		l.put(doc("c", "", "loan"))
		made := index.Fingerprints{Dictionary: "d2"}
		building, err := l.ix.Create(l.Context(), made)
		l.must(err)
		l.must(building.Put(l.Context(), doc("x", "", "loan")))
		before, err := l.ix.Generations(l.Context())
		l.must(err)
		l.reopen()
		l.finds(find("loan"), "b c")
		after, err := l.ix.Generations(l.Context())
		l.must(err)
		for i := range before {
			if !before[i].Created.Equal(after[i].Created) {
				l.Errorf("created %v, was %v", after[i].Created, before[i].Created)
			}
			before[i].Created, before[i].Bytes, after[i].Created, after[i].Bytes = time.Time{}, 0, time.Time{}, 0
		}
		l.same("generations", after, before)
		l.put(doc("d", "", "loan"))
		l.finds(find("loan"), "b c d")
	}},
	{"a generation made after reopening has a name of its own", func(l *lab) {
		l.serve()
		l.must(l.build().Drop(l.Context()))
		l.reopen()
		if g := l.build(); g.Name() == l.live.Name() {
			l.Errorf("two generations are called %s", g.Name())
		}
	}},
	{"a closed index refuses everything", func(l *lab) {
		g := l.serve(doc("a", "", "loan"))
		l.must(l.close())
		_, err := l.ix.Search(l.Context(), find("loan"))
		l.fails("search", err, index.ErrClosed)
		_, err = l.ix.Generations(l.Context())
		l.fails("generations", err, index.ErrClosed)
		_, err = l.ix.Create(l.Context(), index.Fingerprints{})
		l.fails("create", err, index.ErrClosed)
		_, err = l.ix.Open(l.Context(), g.Name())
		l.fails("open", err, index.ErrClosed)
		l.fails("promote", l.ix.Promote(l.Context(), g.Name()), index.ErrClosed)
		l.fails("put", g.Put(l.Context(), doc("b", "", "")), index.ErrClosed)
		l.fails("delete", g.Delete(l.Context(), "a"), index.ErrClosed)
		_, err = g.Search(l.Context(), find("loan"))
		l.fails("search a generation", err, index.ErrClosed)
		l.must(l.close())
	}},
	{"a call ends with its context", func(l *lab) {
		g := l.serve(doc("a", "", "loan"))
		ctx, cancel := context.WithCancel(l.Context())
		cancel()
		l.fails("put", g.Put(ctx, doc("b", "", "loan")), context.Canceled)
		l.fails("delete", g.Delete(ctx, "a"), context.Canceled)
		_, err := l.ix.Create(ctx, index.Fingerprints{})
		l.fails("create", err, context.Canceled)
	}},
}

var togetherPromises = []promise{
	{"searches never fail and never go empty while generations are promoted", func(l *lab) {
		docs := loans()
		l.serve(docs...)
		stop := make(chan struct{})
		var begun, readers sync.WaitGroup
		begun.Add(3)
		for range 3 {
			readers.Go(func() {
				for searches := 0; ; searches++ {
					select {
					case <-stop:
						return
					default:
					}
					r, err := l.ix.Search(l.Context(), find("loan"))
					if searches == 0 {
						begun.Done()
					}
					if err != nil || r.Total != len(docs) || len(r.Hits) != len(docs) {
						l.Errorf("search %d: %v, %+v", searches, err, r)
						return
					}
				}
			})
		}
		begun.Wait()
		for range 5 {
			g := l.build(append(docs, doc("more", "", "loan"))...)
			l.must(g.Delete(l.Context(), "more"))
			l.must(l.ix.Promote(l.Context(), g.Name()))
		}
		close(stop)
		readers.Wait()
	}},
	{"writers do not hinder each other", func(l *lab) {
		g := l.serve()
		var writers sync.WaitGroup
		for w := range 8 {
			writers.Go(func() {
				for i := range 10 {
					d := doc(fmt.Sprint(w, "-", i), "", "loan")
					if err := g.Put(l.Context(), d, d); err != nil {
						l.Error(err)
					}
					if i%2 == 1 {
						if err := g.Delete(l.Context(), d.ID); err != nil {
							l.Error(err)
						}
					}
				}
			})
		}
		writers.Wait()
		l.documents(40)
	}},
}
