// Command bench measures the program as an operator meets it: the built binary imports, serves and answers over HTTP, and the kernel's own
// accounts say what that took. It prints a table of Markdown.
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

// A bench is a binary, a folder to work in and the material.
type bench struct {
	binary, dir string
	corpus      *corpus
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
	b := &bench{binary: filepath.Join(dir, "terrace"), dir: dir, corpus: c}
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", b.binary, "./cmd/terrace").CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
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

// indexing imports the corpus into an empty storage folder.
func (b *bench) indexing(ctx context.Context) error {
	file := filepath.Join(b.dir, "corpus.jsonl")
	if err := b.corpus.write(file, len(b.corpus.documents)); err != nil {
		return err
	}
	p, err := b.start(ctx, "small", "import", file)
	if err != nil {
		return err
	}
	if err := p.wait(); err != nil {
		return err
	}
	n := float64(len(b.corpus.documents))
	row("documents imported and indexed a second, segmentation included", "%.0f", n/p.wall().Seconds())
	row("the same a CPU-second", "%.0f", n/p.cpu().Seconds())
	size, err := sizeOf(filepath.Join(b.dir, "small", "data", "index"))
	if err != nil {
		return err
	}
	row("bytes of index a byte of text", "%.2f", float64(size)/float64(b.corpus.bytes))
	return nil
}

// answering asks the corpus's queries over HTTP.
func (b *bench) answering(ctx context.Context) error {
	p, err := b.start(ctx, "small", "serve")
	if err != nil {
		return err
	}
	defer p.stop()
	if err := p.ready(ctx); err != nil {
		return err
	}
	row(fmt.Sprintf("anonymous memory of serve, idle, %d documents", len(b.corpus.documents)), "%d MB", p.memory()>>20)
	if _, err := p.load(ctx, b.corpus.queries, 8); err != nil { // warm
		return err
	}
	for _, clients := range []int{1, 8} {
		l, err := p.load(ctx, b.corpus.queries, clients)
		if err != nil {
			return err
		}
		row(fmt.Sprintf("queries a second over HTTP, %d clients", clients), "%.0f (p50 %.1f ms, p99 %.1f ms, %d queries)",
			l.rate, l.p50, l.p99, len(b.corpus.queries))
	}
	row("anonymous memory of serve, peak under this load", "%d MB", p.peak()>>20)
	return nil
}

// demo watches the memory of the sample cluster's crawl.
func (b *bench) demo(ctx context.Context) error {
	p, err := b.start(ctx, "demo", "demo")
	if err != nil {
		return err
	}
	defer p.stop()
	if err := p.says(ctx, "采集与索引完成"); err != nil {
		return err
	}
	row("demo searchable after the command", "%.1f s", p.wall().Seconds())
	if _, err := p.load(ctx, b.corpus.queries[:min(500, len(b.corpus.queries))], 8); err != nil {
		return err
	}
	row("anonymous memory of the demo, crawl, index, sites and queries, peak", "%d MB", p.peak()>>20)
	row("the same after it", "%d MB", p.memory()>>20)
	return nil
}

// growing imports many documents into a running server, asks it, and rebuilds its index.
func (b *bench) growing(ctx context.Context, many int) error {
	file := filepath.Join(b.dir, "many.jsonl")
	if err := b.corpus.write(file, many); err != nil {
		return err
	}
	p, err := b.start(ctx, "large", "serve")
	if err != nil {
		return err
	}
	defer p.stop()
	if err := p.ready(ctx); err != nil {
		return err
	}
	if err := b.command(ctx, "large", "import", "--server", p.grpc, file); err != nil {
		return err
	}
	if err := b.command(ctx, "large", "reindex", "--server", p.grpc); err != nil {
		return err
	}
	l, err := p.load(ctx, b.corpus.queries, 8)
	if err != nil {
		return err
	}
	row(fmt.Sprintf("queries a second over HTTP, 8 clients, %d documents", many), "%.0f (p50 %.1f ms, p99 %.1f ms)", l.rate, l.p50, l.p99)
	row(fmt.Sprintf("anonymous memory of serve, peak while %d documents are imported, reindexed and asked for", many), "%d MB", p.peak()>>20)
	row("the same after it", "%d MB", p.memory()>>20)
	return nil
}
