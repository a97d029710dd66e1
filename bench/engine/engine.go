// Package engine measures a search engine in a process of its own: what it takes to build an index, and what a query takes. Main makes a
// program of an engine; all do the same work in the same order and print one line of JSON.
package engine

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"iter"
	"log"
	"os"
	"runtime/pprof"
	"syscall"
	"time"

	"terrace/bench/corpus"
)

// An Engine is what is measured.
type Engine interface {
	// Build makes an index of the documents in an empty folder: durable, merged, closed.
	Build(ctx context.Context, dir string, docs iter.Seq2[corpus.Document, error]) error
	// Open opens what Build made.
	Open(dir string) error
	// Ask answers a query with the ten best documents, their titles and texts, and gives the number of results.
	Ask(ctx context.Context, q corpus.Query, kind Kind) (int, error)
	Close() error
}

// A Kind of asking.
type Kind string

// The kinds of asking.
const (
	Plain  Kind = "plain"
	Site   Kind = "site"   // within the query's site
	Facets Kind = "facets" // with site, department and year counted
	Date   Kind = "date"   // the latest first
)

// Kinds lists them.
var Kinds = []Kind{Plain, Site, Facets, Date}

// Built is what building took.
type Built struct {
	CPU, Wall float64 // seconds
}

// Asked is what asking took.
type Asked struct {
	Open float64          // seconds
	CPU  map[Kind]float64 // milliseconds a query
	Hits map[Kind]int     // results of the sample, that nobody answers with nothing
}

// atLeast is how long each kind is asked: the sample again and again.
const atLeast = 2 * time.Second

// Main builds or asks as the flags say.
func Main(e Engine) {
	log.SetFlags(0)
	dir := flag.String("corpus", "", "folder of the corpus")
	index := flag.String("index", "", "folder of the index")
	build := flag.Bool("build", false, "build the index instead of asking it")
	sample := flag.Int("sample", 200, "queries to ask")
	profile := flag.String("profile", "", "file for a profile of the processor's time")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			log.Fatal(err)
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			log.Fatal(err)
		}
		defer pprof.StopCPUProfile()
	}
	out, err := run(e, corpus.Corpus{Dir: *dir}, *index, *build, *sample)
	if err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		log.Fatal(err)
	}
}

func run(e Engine, c corpus.Corpus, dir string, build bool, sample int) (any, error) {
	ctx := context.Background()
	began, cpu := time.Now(), cpuTime()
	if build {
		if err := e.Build(ctx, dir, c.Documents()); err != nil {
			return nil, fmt.Errorf("build: %w", err)
		}
		return Built{CPU: (cpuTime() - cpu).Seconds(), Wall: time.Since(began).Seconds()}, nil
	}
	queries, err := c.Queries()
	if err != nil {
		return nil, err
	}
	began = time.Now()
	if err := e.Open(dir); err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	out := Asked{Open: time.Since(began).Seconds(), CPU: map[Kind]float64{}, Hits: map[Kind]int{}}
	for _, kind := range Kinds {
		if err := out.ask(ctx, e, queries[:min(sample, len(queries))], kind); err != nil {
			return nil, fmt.Errorf("ask %s: %w", kind, err)
		}
	}
	return out, e.Close()
}

func (a *Asked) ask(ctx context.Context, e Engine, queries []corpus.Query, kind Kind) error {
	asked := 0
	began, cpu := time.Now(), cpuTime()
	for asked == 0 || time.Since(began) < atLeast {
		a.Hits[kind] = 0
		for _, q := range queries {
			n, err := e.Ask(ctx, q, kind)
			if err != nil {
				return fmt.Errorf("%s: %w", q.Text, err)
			}
			a.Hits[kind] += n
			asked++
		}
	}
	a.CPU[kind] = (cpuTime() - cpu).Seconds() * 1000 / float64(asked)
	return nil
}

// cpuTime is the processor time of this process.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // it has no way to fail
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
