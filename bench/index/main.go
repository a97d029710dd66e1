// Command index measures terrace's index beside its peers on the same documents and queries, in one run: bleve inside a process, OpenSearch over
// HTTP. It prints tables of Markdown; every figure is the median of the rounds.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"

	"terrace/bench/corpus"
	"terrace/bench/measure"
)

// A bench is the material and how it is used.
type bench struct {
	options
	corpus  corpus.Corpus
	queries []corpus.Query
	bytes   int64 // of titles and texts
	program *measure.Program
}

type options struct {
	data       string
	documents  int
	rounds     int
	sample     int
	opensearch string
	port       int
	rate       float64
	process    bool
	http       bool
	dir        string
}

func main() {
	log.SetFlags(0)
	var o options
	flag.StringVar(&o.data, "data", "../shared/data/retrieval", "folder with statutes, news and letters")
	flag.IntVar(&o.documents, "documents", 100_000, "documents; the corpus is repeated with other ids")
	flag.IntVar(&o.rounds, "rounds", 3, "of which the median is given")
	flag.IntVar(&o.sample, "sample", 200, "queries that are asked inside a process")
	flag.StringVar(&o.opensearch, "opensearch", "../shared/opensearch/run", "starts and stops OpenSearch; left out where it is not there")
	flag.IntVar(&o.port, "port", 9560, "of OpenSearch")
	flag.Float64Var(&o.rate, "rate", 0, "queries a second that come whether the last is answered or not; the peers are left out then")
	flag.BoolVar(&o.process, "process", true, "build and ask inside a process, beside bleve")
	flag.BoolVar(&o.http, "http", true, "ask over HTTP, beside OpenSearch")
	flag.StringVar(&o.dir, "tmp", os.TempDir(), "folder for the indexes, which are removed at the end")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp(o.dir, "terrace-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{options: o}
	if b.corpus, b.bytes, err = corpus.Make(o.data, dir, o.documents); err != nil {
		return err
	}
	if b.queries, err = b.corpus.Queries(); err != nil {
		return err
	}
	if b.program, err = measure.Build(ctx, dir); err != nil {
		return err
	}
	fmt.Printf("%d documents, %.1f MB of titles and texts, %d queries.\n\n", o.documents, float64(b.bytes)/1e6, len(b.queries))
	if o.rate > 0 {
		return b.steady(ctx)
	}
	if o.process {
		if err := b.inProcess(ctx); err != nil {
			return err
		}
	}
	if o.http {
		return b.overHTTP(ctx)
	}
	return nil
}

// build compiles a program of the engines: a package of this module, or of the module in dir.
func (b *bench) build(ctx context.Context, name, dir, pkg string) (string, error) {
	binary := filepath.Join(b.corpus.Dir, name)
	if out, err := exec.CommandContext(ctx, "go", "build", "-C", dir, "-o", binary, pkg).CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", name, err, out)
	}
	return binary, nil
}
