// Command crawl measures the crawler on small local servers: what a page costs beside plain net/http and html.Parse, what archive and extraction cost
// apart, and the anonymous memory of the built program at many sites. It needs Linux, prints a table of Markdown, and is run from the top of the source.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"terrace/bench/measure"
)

func main() {
	log.SetFlags(0)
	pages := flag.String("pages", "../shared/data/pages", "folder of saved pages with index.tsv; the demo's where there is none")
	sites := flag.Int("sites", 130, "sites")
	rounds := flag.Int("rounds", 9, "rounds of the costs, of which the middle counts")
	only := flag.String("only", "", "costs or memory; both where empty")
	articles := flag.Int("articles", 700, "articles of each 15 sites of the demo, for memory")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	dir, err := os.MkdirTemp("", "terrace-bench-")
	if err != nil {
		log.Fatal(err)
	}
	if *only != "memory" {
		err = costs(ctx, dir, *pages, *sites, *rounds)
	}
	if err == nil && *only != "costs" {
		err = memory(ctx, dir, *sites, *articles)
	}
	os.RemoveAll(dir)
	if err != nil {
		log.Fatal(err)
	}
}

// costs serves the pages and prints what one takes of the processor.
func costs(ctx context.Context, dir, pages string, sites, rounds int) error {
	bodies, from, err := material(ctx, pages)
	if err != nil {
		return err
	}
	hosts, err := serve(ctx, bodies, sites)
	if err != nil {
		return err
	}
	binary := filepath.Join(dir, "crawl.test")
	if out, err := exec.CommandContext(ctx, "go", "test", "-c", "-o", binary, "./indexer/crawl").CombinedOutput(); err != nil {
		return fmt.Errorf("build the benchmark: %w\n%s", err, out)
	}
	c := exec.CommandContext(ctx, binary, "-test.run", "^$", "-test.bench", "^BenchmarkCost$", "-test.benchtime", fmt.Sprint(rounds, "x"))
	c.Env = append(os.Environ(), "TERRACE_BENCH_SITES="+strings.Join(hosts, ","))
	out, err := c.CombinedOutput()
	if err != nil {
		return fmt.Errorf("the benchmark: %w\n%s", cmp.Or(ctx.Err(), err), out)
	}
	said := map[string]string{}
	for _, m := range metric.FindAllSubmatch(out, -1) {
		said[string(m[2])] = string(m[1])
	}
	fmt.Printf("%d pages (%s) on %d sites, medians of %d rounds\n\n| CPU of a page | µs | beside plain, in the same round |\n|---|---|---|\n", len(bodies), from, sites, rounds)
	for _, p := range parts {
		fmt.Printf("| %s | %s | %s |\n", p.what, said[p.name+"-µs"], said[p.name+"-ratio"])
	}
	return nil
}

// parts are those of the benchmark of indexer/crawl by what they measure.
var parts = []struct{ name, what string }{
	{"plain", "net/http and html.Parse"}, {"links", "fetch, parse and links"}, {"lists", "the same with what the page says of a list"},
	{"visit", "a whole first visit, with the search for traps and soft 404s"},
	{"record", "archive, apart"}, {"extract", "extraction, apart"},
}

var metric = regexp.MustCompile(`([\d.]+) (\w+-(?:µs|ratio))\b`)

func middle(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}

// memory crawls sites of the demo by the built program.
func memory(ctx context.Context, dir string, sites, articles int) error {
	const rounds = 3
	program, err := measure.Build(ctx, dir)
	if err != nil {
		return err
	}
	list, err := cluster(ctx, sites, articles)
	if err != nil {
		return err
	}
	var starts, crawls, indexes, spent []float64
	for round := range rounds {
		p, crawl, index, err := crawlOnce(ctx, program, list, fmt.Sprint("round", round))
		if err != nil {
			return err
		}
		starts = append(starts, float64(p.Peak())/(1<<20))
		crawls = append(crawls, float64(crawl)/(1<<20))
		indexes = append(indexes, float64(index)/(1<<20))
		spent = append(spent, p.CPU().Seconds())
	}
	fmt.Printf("\n| `terrace crawl --once` at %d sites | median (range) |\n|---|---|\n", sites)
	for _, row := range []struct {
		what string
		of   []float64
	}{
		{"anonymous memory while pages are fetched, peak, MB", crawls}, {"while they are indexed, peak, MB", indexes},
		{"with the start, when the dictionary is read, peak, MB", starts}, {"CPU of all, s", spent},
	} {
		fmt.Printf("| %s | %.0f (%.0f to %.0f) |\n", row.what, middle(row.of), slices.Min(row.of), slices.Max(row.of))
	}
	return nil
}
