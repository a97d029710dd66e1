package querylog

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// A crowd asks as readers do: a few texts very often, most hardly ever, in visits of one to four that have to do with one another.
type crowd struct {
	*rand.Rand
	zipf *rand.Zipf
	at   time.Time
	step time.Duration // between two searches
}

func newCrowd(from time.Time, step time.Duration) *crowd {
	random := rand.New(rand.NewPCG(1, 2))
	return &crowd{random, rand.NewZipf(random, 1.2, 20, 300_000), from, step}
}

// visit hands over the searches of one reader of 3,000 a day.
func (c *crowd) visit(note func(Entry)) {
	reader := fmt.Sprintf("reader%06d", c.IntN(3000))
	topic := c.zipf.Uint64()
	for i := range 1 + c.IntN(4) {
		c.at = c.at.Add(c.step)
		text := fmt.Sprintf("关于公共服务事项%d的查询", topic)
		if i > 0 && c.IntN(3) > 0 {
			text = fmt.Sprintf("公共服务事项%d的办理流程%d", topic, c.IntN(5))
		}
		note(Entry{Text: text, At: c.at, Reader: reader, Site: "portal", Total: int(topic%50) + 1, Page: 1, Took: 30 * time.Millisecond})
	}
}

// entries is how many searches the benchmarks of reading are made with; TERRACE_QUERIES says otherwise.
func entries() int {
	if n, err := strconv.Atoi(os.Getenv("TERRACE_QUERIES")); err == nil {
		return n
	}
	return 50_000
}

// BenchmarkNote is what a search pays.
func BenchmarkNote(b *testing.B) {
	l := openLab(b, filepath.Join(b.TempDir(), "log.db"), Options{})
	e := Entry{Text: "公共服务事项12的办理流程3", At: time.Now(), Reader: "reader"}
	for b.Loop() {
		l.Note(e)
	}
}

// BenchmarkLog fills a log with the searches of 180 days and asks it.
func BenchmarkLog(b *testing.B) {
	path := filepath.Join(b.TempDir(), "log.db")
	l := openLab(b, path, Options{Retention: 180})
	n := entries()
	begun := time.Now()
	c := newCrowd(begun.AddDate(0, 0, -180), 180*24*time.Hour/time.Duration(n))
	for i := 0; i < n; {
		for queued := 0; queued < maxBatch; {
			c.visit(func(e Entry) { l.Note(e); i++; queued++ })
		}
		l.flush()
	}
	rate := float64(n) / time.Since(begun).Seconds()
	l.check(l.Forget(b.Context())) // who asked, which Run does every day
	info, err := os.Stat(path)
	l.check(err)
	b.Logf("%d entries, %.0f a second, %d MB", n, rate, info.Size()/1e6)
	b.Logf("%d texts, %d of a day, %d pairs", l.rows("text"), l.rows("daily"), l.rows("pair"))
	for name, f := range map[string]func() ([]Word, error){
		"hot of 7 days":  func() ([]Word, error) { return l.Hot(b.Context(), 7, 10) },
		"hot of 30 days": func() ([]Word, error) { return l.Hot(b.Context(), 30, 10) },
		"phrases":        func() ([]Word, error) { return l.Phrases(b.Context(), 50_000) },
		"related":        func() ([]Word, error) { return l.Related(b.Context(), "关于公共服务事项0的查询", 10) },
	} {
		b.Run(name, func(b *testing.B) {
			var words []Word
			for b.Loop() {
				words, err = f()
				l.check(err)
			}
			b.ReportMetric(float64(len(words)), "words")
		})
	}
	b.Run("forget a day", func(b *testing.B) {
		for b.Loop() {
			l.retention--
			l.check(l.Forget(b.Context()))
		}
	})
}
