package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"terrace/bench/engine"
	"terrace/bench/measure"
)

// figures are what one engine took, a round after the other.
type figures struct {
	built []built
	asked []asked
}

type built struct {
	engine.Built
	peak, size int64 // bytes
}

type asked struct {
	engine.Asked
	peak int64
}

// inProcess builds and asks both engines, one after the other, each time in a new process.
func (b *bench) inProcess(ctx context.Context) error {
	engines := []struct{ name, dir, pkg string }{{"terrace-engine", ".", "./bench/engine/terrace"}, {"bleve-engine", "bench/peer", "."}}
	all := make([]figures, len(engines))
	for i, e := range engines {
		binary, err := b.build(ctx, e.name, e.dir, e.pkg)
		if err != nil {
			return err
		}
		for range b.rounds {
			if err := b.round(ctx, binary, &all[i]); err != nil {
				return err
			}
		}
	}
	ours, theirs := &all[0], &all[1]
	fmt.Printf("| in process, medians of %d | terrace | bleve | ratio |\n|---|---|---|---|\n", b.rounds)
	n := float64(b.documents)
	ratio("documents built a CPU-second", ours.ofBuilt(func(x built) float64 { return n / x.CPU }), theirs.ofBuilt(func(x built) float64 { return n / x.CPU }), "%.0f", false)
	ratio("documents built a second", ours.ofBuilt(func(x built) float64 { return n / x.Wall }), theirs.ofBuilt(func(x built) float64 { return n / x.Wall }), "%.0f", false)
	share := func(x built) float64 { return float64(x.size) / float64(b.bytes) }
	ratio("bytes of index a byte of text, merged, text stored", ours.ofBuilt(share), theirs.ofBuilt(share), "%.2f", true)
	peak := func(x built) float64 { return float64(x.peak >> 20) }
	ratio("anonymous memory while building, MB, peak", ours.ofBuilt(peak), theirs.ofBuilt(peak), "%.0f", true)
	for _, k := range engine.Kinds {
		ms := func(x asked) float64 { return x.CPU[k] }
		ratio("CPU ms a query, "+string(k), ours.ofAsked(ms), theirs.ofAsked(ms), "%.2f", true)
	}
	ratio("anonymous memory while asked, MB, peak", ours.ofAsked(func(x asked) float64 { return float64(x.peak >> 20) }),
		theirs.ofAsked(func(x asked) float64 { return float64(x.peak >> 20) }), "%.0f", true)
	fmt.Println()
	return nil
}

// ratio prints how many times better ours is.
func ratio(what string, ours, theirs float64, format string, lower bool) {
	times := ours / theirs
	if lower {
		times = theirs / ours
	}
	fmt.Printf("| %s | "+format+" | "+format+" | %.2f |\n", what, ours, theirs, times)
}

func (b *bench) round(ctx context.Context, binary string, f *figures) error {
	dir, err := os.MkdirTemp(b.corpus.Dir, "index-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var x built
	if x.peak, err = b.measure(ctx, &x.Built, binary, "-corpus", b.corpus.Dir, "-index", dir, "-build"); err != nil {
		return err
	}
	if x.size, err = measure.Size(dir); err != nil {
		return err
	}
	var y asked
	if y.peak, err = b.measure(ctx, &y.Asked, binary, "-corpus", b.corpus.Dir, "-index", dir, "-sample", fmt.Sprint(b.sample)); err != nil {
		return err
	}
	f.built, f.asked = append(f.built, x), append(f.asked, y)
	return nil
}

// measure runs an engine's program and reads its figures.
func (b *bench) measure(ctx context.Context, into any, binary string, args ...string) (peak int64, err error) {
	var out bytes.Buffer
	c := exec.CommandContext(ctx, binary, args...)
	c.Stdout = &out
	p, err := measure.Launch(c)
	if err != nil {
		return 0, err
	}
	if err := p.End(); err != nil {
		return 0, err
	}
	if err := json.Unmarshal(out.Bytes(), into); err != nil {
		return 0, fmt.Errorf("%s: %w", filepath.Base(binary), err)
	}
	return p.Peak(), nil
}

func (f *figures) ofBuilt(figure func(built) float64) float64 { return median(f.built, figure) }
func (f *figures) ofAsked(figure func(asked) float64) float64 { return median(f.asked, figure) }

func median[T any](in []T, figure func(T) float64) float64 {
	var out []float64
	for _, x := range in {
		out = append(out, figure(x))
	}
	slices.Sort(out)
	return out[len(out)/2]
}
