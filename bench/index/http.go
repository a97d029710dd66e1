package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"time"

	"terrace/bench/measure"
)

// overHTTP asks the built program and OpenSearch for full answers: within a site, with facets, ten hits highlighted.
func (b *bench) overHTTP(ctx context.Context) error {
	fmt.Printf("| over HTTP, medians of %d | terrace | OpenSearch | ratio |\n|---|---|---|---|\n", b.rounds)
	ours, err := b.terrace(ctx)
	if err != nil {
		return err
	}
	theirs, err := b.openSearch(ctx)
	if err != nil {
		return err
	}
	for i, clients := range clientCounts {
		of := fmt.Sprintf(", %d clients", clients)
		a := ours[i]
		if theirs == nil {
			fmt.Printf("| queries a second%s | %.0f (p50 %.1f ms, p99 %.1f ms) | | |\n", of, a.Rate, a.P50, a.P99)
			continue
		}
		p := theirs[i]
		ratio("queries a second"+of, a.Rate, p.Rate, "%.0f", false)
		ratio("p50 ms"+of, a.P50, p.P50, "%.1f", true)
		ratio("p99 ms"+of, a.P99, p.P99, "%.1f", true)
	}
	return nil
}

var clientCounts = []int{1, 8}

// loads asks everything once to warm up, then as often as there are rounds, for each number of clients.
func (b *bench) loads(ctx context.Context, asks []measure.Ask) (out []measure.Load, err error) {
	if _, err := measure.Closed(ctx, asks, clientCounts[len(clientCounts)-1]); err != nil {
		return nil, err
	}
	for _, clients := range clientCounts {
		var rounds []measure.Load
		for range b.rounds {
			l, err := measure.Closed(ctx, asks, clients)
			if err != nil {
				return nil, err
			}
			rounds = append(rounds, l)
		}
		out = append(out, measure.Median(rounds))
	}
	return out, nil
}

// serve imports the documents and serves them.
func (b *bench) serve(ctx context.Context) (*measure.Process, error) {
	p, err := b.program.Run(ctx, "served", "import", b.corpus.DocumentsFile())
	if err != nil {
		return nil, err
	}
	fmt.Printf("| documents imported a CPU-second, archive and segmentation included | %.0f | | |\n", float64(b.documents)/p.CPU().Seconds())
	fmt.Printf("| anonymous memory of the import, MB, peak | %d | | |\n", p.Peak()>>20)
	began := time.Now()
	if p, err = b.program.Start(ctx, "served", "serve"); err != nil {
		return nil, err
	}
	if err := p.Ready(ctx); err != nil {
		p.Stop()
		return nil, err
	}
	fmt.Printf("| from the command to the first answer, s | %.1f | | |\n", time.Since(began).Seconds())
	return p, nil
}

func (b *bench) terrace(ctx context.Context) ([]measure.Load, error) {
	p, err := b.serve(ctx)
	if err != nil {
		return nil, err
	}
	defer p.Stop()
	loads, err := b.loads(ctx, b.asks(p))
	if err != nil {
		return nil, err
	}
	size, err := measure.Size(b.program.Index("served"))
	fmt.Printf("| bytes of index, merged | %d MB, %.2f a byte of text | | |\n", size/1e6, float64(size)/float64(b.bytes))
	fmt.Printf("| anonymous memory of serve, MB, peak | %d | | |\n", p.Peak()>>20)
	return loads, err
}

func (b *bench) asks(p *measure.Process) (out []measure.Ask) {
	for _, q := range b.queries {
		out = append(out, measure.Ask{URL: "http://" + p.HTTP + "/api/v1/search?" + url.Values{"q": {q.Text}, "site": {q.Site}}.Encode()})
	}
	return out
}

// steady asks the built program so many queries a second, for a minute a round.
func (b *bench) steady(ctx context.Context) error {
	fmt.Print("| terrace | figure | | |\n|---|---|---|---|\n")
	p, err := b.serve(ctx)
	if err != nil {
		return err
	}
	defer p.Stop()
	asks := b.asks(p)
	if _, err := measure.Open(ctx, asks[:min(len(asks), int(10*b.rate))], b.rate); err != nil { // warm
		return err
	}
	var rounds []measure.Load
	for i := range b.rounds {
		n := min(len(asks), int(60*b.rate))
		from := i * n % (len(asks) - n + 1)
		l, err := measure.Open(ctx, asks[from:from+n], b.rate)
		if err != nil {
			return err
		}
		rounds = append(rounds, l)
	}
	l := measure.Median(rounds)
	fmt.Printf("| at %.0f queries a second | p50 %.1f ms, p99 %.1f ms | | |\n", b.rate, l.P50, l.P99)
	fmt.Printf("| anonymous memory of serve, MB, peak | %d | | |\n", p.Peak()>>20)
	return nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
