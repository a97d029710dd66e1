package server

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"terrace/querylog"
)

// Queries remembers what was asked for; *querylog.Log is one.
type Queries interface {
	Note(e querylog.Entry)
	Reader(addr netip.Addr) string
	Hot(ctx context.Context, days, n int) ([]querylog.Word, error)
	Related(ctx context.Context, text string, n int) ([]querylog.Word, error)
}

// note remembers what a reader asked on the page. A site is told only where the search was narrowed to one.
func (p *pages) note(r *http.Request, st state, found *results, took time.Duration) {
	if p.options.Queries == nil || st.text == "" {
		return
	}
	e := querylog.Entry{Text: st.text, At: time.Now(), Total: found.Total, Page: st.page, Took: took}
	if w := found.Rewriting; w != nil && w.Applied {
		e.Total = 0
	}
	if addr, err := netip.ParseAddr(p.client(r)); err == nil {
		e.Reader = p.options.Queries.Reader(addr)
	}
	if st.narrowed() {
		e.Site = "*" // the total is that of a part
	}
	p.options.Queries.Note(e)
}

// How hot words are chosen and for how long they are good.
const (
	hotDays  = 14
	hotWords = 8
	hotAge   = time.Minute
)

// hot are the words that many readers asked for of late.
type hot struct {
	mu    sync.Mutex
	words []link
	at    time.Time
}

func (p *pages) hotWords(ctx context.Context) []link {
	if p.options.Queries == nil {
		return nil
	}
	p.hot.mu.Lock()
	defer p.hot.mu.Unlock()
	if time.Since(p.hot.at) < hotAge {
		return p.shown(p.hot.words)
	}
	found, err := p.options.Queries.Hot(ctx, hotDays, hotWords)
	if err != nil {
		p.log.Warn("start page goes without hot words", "error", err)
		return p.shown(p.hot.words)
	}
	p.hot.words, p.hot.at = p.asking(found), time.Now()
	return p.shown(p.hot.words)
}

// shown are the words without those that hold the title of a page withdrawn by now.
func (p *pages) shown(words []link) []link {
	if p.options.Withdrawn == nil {
		return words
	}
	return slices.DeleteFunc(slices.Clone(words), func(l link) bool { return p.options.Withdrawn.Hides(l.Name) })
}

// asking leads to the searches for words.
func (p *pages) asking(words []querylog.Word) []link {
	var out []link
	for _, w := range words {
		out = append(out, link{Name: w.Text, URL: state{text: w.Text}.url(p.home)})
	}
	return out
}

const (
	relatedWords = 8
	relatedCap   = 100 * time.Millisecond // they take about one, while the search runs
)

// related looks up what readers ask for together with a text. The function it returns gives that, or nothing where it fails or takes longer than
// relatedCap; it is to be called once.
func (p *pages) related(ctx context.Context, text string) func() []link {
	if p.options.Queries == nil || text == "" {
		return func() []link { return nil }
	}
	ctx, cancel := context.WithTimeout(ctx, relatedCap)
	found := make(chan []link, 1)
	go func() {
		words, err := p.relatedTo(ctx, text)
		if err != nil {
			if ctx.Err() != context.Canceled {
				p.log.Warn("a page goes without related words", "error", err)
			}
			words = nil
		}
		found <- p.shown(p.asking(words))
	}()
	return func() []link {
		defer cancel()
		select {
		case words := <-found:
			return words
		case <-ctx.Done():
		}
		select {
		case words := <-found: // in time, while the search took longer
			return words
		default:
			return nil
		}
	}
}

// relatedTo turns a panic, which would end the program, into an error.
func (p *pages) relatedTo(ctx context.Context, text string) (words []querylog.Word, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return p.options.Queries.Related(ctx, text, relatedWords)
}
