// Command bench measures the program as an operator meets it: the built binary imports, serves and answers over HTTP, and the kernel's own
// accounts say what that took. It prints a table of Markdown.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"

	"terrace/bench/measure"
)

func main() {
	log.SetFlags(0)
	data := flag.String("data", "../shared/data/retrieval/news", "folder with corpus.jsonl and queries.jsonl")
	many := flag.Int("documents", 60_000, "documents of the larger index; the corpus is repeated with other ids")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *data, *many); err != nil {
		log.Fatal(err)
	}
}

// A bench is the program and the material.
type bench struct {
	*measure.Program
	corpus *corpus
}

func run(ctx context.Context, data string, many int) error {
	c, err := readCorpus(data)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "terrace-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program, err := measure.Build(ctx, dir)
	if err != nil {
		return err
	}
	b := &bench{program, c}
	fmt.Println("| what | figure |\n|---|---|")
	for _, part := range []func(context.Context) error{
		b.indexing, b.answering, b.demo, func(ctx context.Context) error { return b.growing(ctx, many) },
	} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

func row(what, format string, args ...any) {
	fmt.Printf("| %s | %s |\n", what, fmt.Sprintf(format, args...))
}

// asks ask a process the queries.
func asks(p *measure.Process, queries []string) (out []measure.Ask) {
	for _, q := range queries {
		out = append(out, measure.Ask{URL: "http://" + p.HTTP + "/api/v1/search?q=" + url.QueryEscape(q)})
	}
	return out
}

// indexing imports the corpus into an empty storage folder.
func (b *bench) indexing(ctx context.Context) error {
	file := filepath.Join(b.Dir, "corpus.jsonl")
	if err := b.corpus.write(file, len(b.corpus.documents)); err != nil {
		return err
	}
	p, err := b.Run(ctx, "small", "import", file)
	if err != nil {
		return err
	}
	n := float64(len(b.corpus.documents))
	row("documents imported and indexed a second, segmentation included", "%.0f", n/p.Wall().Seconds())
	row("the same a CPU-second", "%.0f", n/p.CPU().Seconds())
	size, err := measure.Size(b.Index("small"))
	if err != nil {
		return err
	}
	row("bytes of index a byte of text", "%.2f", float64(size)/float64(b.corpus.bytes))
	return nil
}

// answering asks the corpus's queries over HTTP.
func (b *bench) answering(ctx context.Context) error {
	p, err := b.Start(ctx, "small", "serve")
	if err != nil {
		return err
	}
	defer p.Stop()
	if err := p.Ready(ctx); err != nil {
		return err
	}
	row(fmt.Sprintf("anonymous memory of serve, idle, %d documents", len(b.corpus.documents)), "%d MB", p.Memory()>>20)
	if _, err := measure.Closed(ctx, asks(p, b.corpus.queries), 8); err != nil { // warm
		return err
	}
	for _, clients := range []int{1, 8} {
		l, err := measure.Closed(ctx, asks(p, b.corpus.queries), clients)
		if err != nil {
			return err
		}
		row(fmt.Sprintf("queries a second over HTTP, %d clients", clients), "%.0f (p50 %.1f ms, p99 %.1f ms, %d queries)",
			l.Rate, l.P50, l.P99, len(b.corpus.queries))
	}
	row("anonymous memory of serve, peak under this load", "%d MB", p.Peak()>>20)
	return nil
}

// demo watches the memory of the sample cluster's crawl.
func (b *bench) demo(ctx context.Context) error {
	p, err := b.Start(ctx, "demo", "demo")
	if err != nil {
		return err
	}
	defer p.Stop()
	if err := p.Says(ctx, "采集与索引完成"); err != nil {
		return err
	}
	row("demo searchable after the command", "%.1f s", p.Wall().Seconds())
	if _, err := measure.Closed(ctx, asks(p, b.corpus.queries[:min(500, len(b.corpus.queries))]), 8); err != nil {
		return err
	}
	row("anonymous memory of the demo, crawl, index, sites and queries, peak", "%d MB", p.Peak()>>20)
	row("the same after it", "%d MB", p.Memory()>>20)
	return nil
}

// growing imports many documents into a running server, asks it, and rebuilds its index.
func (b *bench) growing(ctx context.Context, many int) error {
	file := filepath.Join(b.Dir, "many.jsonl")
	if err := b.corpus.write(file, many); err != nil {
		return err
	}
	p, err := b.Start(ctx, "large", "serve")
	if err != nil {
		return err
	}
	defer p.Stop()
	if err := p.Ready(ctx); err != nil {
		return err
	}
	for _, command := range [][]string{{"import", "--server", p.GRPC, file}, {"reindex", "--server", p.GRPC}} {
		if _, err := b.Run(ctx, "large-client", command[0], command[1:]...); err != nil {
			return err
		}
	}
	l, err := measure.Closed(ctx, asks(p, b.corpus.queries), 8)
	if err != nil {
		return err
	}
	row(fmt.Sprintf("queries a second over HTTP, 8 clients, %d documents", many), "%.0f (p50 %.1f ms, p99 %.1f ms)", l.Rate, l.P50, l.P99)
	row(fmt.Sprintf("anonymous memory of serve, peak while %d documents are imported, reindexed and asked for", many), "%d MB", p.Peak()>>20)
	row("the same after it", "%d MB", p.Memory()>>20)
	return nil
}
