// Command bench measures how often spelling correction restores what was meant. A model is trained on the titles and openings of three corpora;
// into each query of two of them a seeded injector makes slips, one a query and kind. It prints for each kind the share of queries restored to
// the letter, the share of right queries changed, and the time a query.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"terrace/lm"
	"terrace/spell"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("data", "../shared/data", "folder of the material")
	seed := flag.Uint64("seed", 1, "of the injector")
	show := flag.Int("show", 0, "print so many queries of each kind that were not restored, and that were changed though right")
	flag.Parse()
	if err := hold(*dir, *show); err != nil {
		log.Fatal(err)
	}
	if err := run(*dir, *seed, *show); err != nil {
		log.Fatal(err)
	}
}

func run(dir string, seed uint64, show int) error {
	b, err := prepare(dir, seed, corpora...)
	if err != nil {
		return err
	}
	var all tally
	for _, name := range sets {
		t, err := b.measure(dir, name, 1, show)
		if err != nil {
			return err
		}
		fmt.Printf("%s\n%s", name, &t)
		all.add(&t)
	}
	fmt.Printf("all\n%s", &all)
	for _, name := range []string{"ec_med.txt", "sighan2015_test.tsv"} {
		if err := b.foreign(filepath.Join(dir, "spelling"), name); err != nil {
			return err
		}
	}
	return nil
}

// corpora are what the model is trained on.
var corpora = []string{"news", "letters", "statutes"}

// sets are those whose queries are misspelled.
var sets = []string{"news", "letters"}

type bench struct {
	corrector *spell.Corrector
	known     census
	injector  *injector
}

// hold measures how many right queries are changed that ask for what no text of the cluster speaks of: those of one corpus, with a model and an
// index of the others.
func hold(dir string, show int) error {
	for _, h := range []struct {
		set   string
		among []string
	}{{"news", []string{"letters", "statutes"}}, {"letters", []string{"news", "statutes"}}} {
		b, err := prepare(dir, 1, h.among...)
		if err != nil {
			return err
		}
		queries, err := readQueries(dir, h.set)
		if err != nil {
			return err
		}
		t := tally{show: show}
		for _, q := range queries {
			got := b.correct(q, &t)
			t.note(kinds, got != q, q, q, got)
		}
		fmt.Printf("%s without its texts: changed %.4f of %d\n", h.set, t.share(kinds), t.queries[kinds])
	}
	return nil
}

func prepare(dir string, seed uint64, names ...string) (*bench, error) {
	documents, err := readCorpus(dir, names...)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	m, err := lm.Train(context.Background(), openings(documents))
	if err != nil {
		return nil, err
	}
	fmt.Printf("model %d characters %.1f s %d MB\n", m.Characters(), time.Since(start).Seconds(), m.Bytes()>>20)
	j, err := newInjector(documents, filepath.Join(dir, "spelling/confusion/pycorrector_same_stroke.txt"), seed)
	return &bench{corrector: spell.New(m, nil), known: count(documents), injector: j}, err
}

// foreign corrects sentences of other fields, which the model knows nothing of, with up to several wrong characters each.
func (b *bench) foreign(dir, name string) error {
	var t tally
	wrong, restored, right, changed := 0, 0, 0, 0
	err := readLines(filepath.Join(dir, name), func(line []byte) error {
		typed, meant, ok := strings.Cut(string(line), "\t")
		if !ok {
			return errors.New("no tab")
		}
		typed, meant = strings.ReplaceAll(typed, " ", ""), strings.ReplaceAll(meant, " ", "")
		got := b.correct(typed, &t)
		if typed == meant {
			right++
			changed += oneIf(got != meant)
			return nil
		}
		wrong++
		restored += oneIf(got == meant)
		return nil
	})
	fmt.Printf("%s: restored %d of %d wrong sentences, changed %d of %d right ones\n", name, restored, wrong, changed, right)
	return err
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A tally is of the kinds, and at kinds of the right queries.
type tally struct {
	queries, hits [kinds + 1]int
	times         []time.Duration
	show          int // misses of each kind to print
}

// measure misspells every so many-th query of a set in each way.
func (b *bench) measure(dir, set string, every, show int) (tally, error) {
	t := tally{show: show}
	queries, err := readQueries(dir, set)
	for i := 0; i < len(queries); i += every {
		q := queries[i]
		got := b.correct(q, &t)
		t.note(kinds, got != q, q, q, got)
		for k := range kinds {
			typed, ok := b.injector.slip(q, k)
			if !ok {
				continue
			}
			got := b.correct(typed, &t)
			t.note(k, got == q, q, typed, got)
		}
	}
	return t, err
}

func (b *bench) correct(query string, t *tally) string {
	start := time.Now()
	c, ok := b.corrector.Correct(context.Background(), query, b.known.known)
	t.times = append(t.times, time.Since(start))
	if !ok {
		return query
	}
	return c.Text
}

func (t *tally) note(k kind, hit bool, meant, typed, got string) {
	t.queries[k]++
	if hit {
		t.hits[k]++
	}
	failed := t.queries[k] - t.hits[k]
	if k == kinds {
		failed = t.hits[k]
	}
	if hit == (k == kinds) && failed <= t.show {
		fmt.Printf("  %-10s meant %s typed %s got %s\n", k, meant, typed, got)
	}
}

func (t *tally) add(u *tally) {
	for k := range t.queries {
		t.queries[k] += u.queries[k]
		t.hits[k] += u.hits[k]
	}
	t.times = append(t.times, u.times...)
}

// restored is the mean over the kinds, which are equal in number but for queries where there is no place for a slip.
func (t *tally) restored() float64 {
	sum := 0.0
	for k := range kinds {
		sum += t.share(k) / float64(kinds)
	}
	return sum
}

func (t *tally) share(k kind) float64 { return float64(t.hits[k]) / float64(max(t.queries[k], 1)) }

func (t *tally) String() string {
	out := ""
	for k := range kinds {
		out += fmt.Sprintf("  %-10s restored %.3f of %d\n", k, t.share(k), t.queries[k])
	}
	slices.Sort(t.times)
	sum := time.Duration(0)
	for _, d := range t.times {
		sum += d
	}
	n := len(t.times)
	return out + fmt.Sprintf("  in all     restored %.3f\n  right      changed  %.4f of %d\n  time       mean %.1f ms p99 %.1f ms longest %.1f ms\n",
		t.restored(), t.share(kinds), t.queries[kinds], sum.Seconds()*1e3/float64(n), t.times[n*99/100].Seconds()*1e3, t.times[n-1].Seconds()*1e3)
}
