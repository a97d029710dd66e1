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
	"strconv"
	"strings"

	"terrace/bench/measure"
)

func main() {
	log.SetFlags(0)
	pages := flag.String("pages", "../shared/data/pages", "folder of saved pages with index.tsv; the demo's where there is none")
	sites := flag.Int("sites", 130, "sites")
	rounds := flag.Int("rounds", 3, "rounds, of which the middle counts")
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
		err = memory(ctx, dir, *sites, *rounds, *articles)
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
	fmt.Printf("%d pages (%s) on %d sites, median of %d rounds\n\n| CPU of a page | µs | beside plain |\n|---|---|---|\n", len(bodies), from, sites, rounds)
	took, err := inTurns(ctx, binary, hosts, rounds)
	if err != nil {
		return err
	}
	for i, p := range parts {
		fmt.Printf("| %s | %.0f | %.2f |\n", p.what, middle(took[i]), middle(took[i])/middle(took[0]))
	}
	return nil
}

// parts are the benchmarks of indexer/crawl by what they measure, the one that the others are held against first.
var parts = []struct{ name, what string }{
	{"plain", "net/http and html.Parse"}, {"links", "fetch, parse and links"}, {"lists", "the same with what the page says of a list"},
	{"visit", "a whole first visit, with the search for traps and soft 404s"},
	{"record", "archive, apart"}, {"extract", "extraction, apart"},
}

var metric = regexp.MustCompile(`([\d.]+) µs/page`)

// inTurns runs the parts in turns, each in a process of its own, and gives the microseconds a page of each.
func inTurns(ctx context.Context, binary string, hosts []string, rounds int) ([][]float64, error) {
	took := make([][]float64, len(parts))
	for range rounds {
		for i, p := range parts {
			c := exec.CommandContext(ctx, binary, "-test.run", "^$", "-test.bench", "^BenchmarkCost$/^"+p.name+"$", "-test.benchtime", "8x")
			c.Env = append(os.Environ(), "TERRACE_BENCH_SITES="+strings.Join(hosts, ","))
			out, err := c.CombinedOutput()
			m := metric.FindSubmatch(out)
			if err != nil || m == nil {
				return nil, fmt.Errorf("%s: %w\n%s", p.name, cmp.Or(err, ctx.Err()), out)
			}
			us, err := strconv.ParseFloat(string(m[1]), 64)
			if err != nil {
				return nil, err
			}
			took[i] = append(took[i], us)
		}
	}
	return took, nil
}

func middle(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}

// memory crawls sites of the demo by the built program.
func memory(ctx context.Context, dir string, sites, rounds, articles int) error {
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
