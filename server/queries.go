package server

import (
	"context"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"terrace/querylog"
)

// Queries remembers what was asked for; *querylog.Log is one.
type Queries interface {
	Note(e querylog.Entry)
	Reader(addr netip.Addr) string
	Hot(ctx context.Context, days, n int) ([]querylog.Word, error)
}

// note remembers what a reader asked on the page. A site is told only where the search was narrowed to one.
func (p *pages) note(r *http.Request, st state, total int, took time.Duration) {
	if p.options.Queries == nil || st.text == "" {
		return
	}
	e := querylog.Entry{Text: st.text, At: time.Now(), Total: total, Page: st.page, Took: took}
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
		return p.hot.words
	}
	found, err := p.options.Queries.Hot(ctx, hotDays, hotWords)
	if err != nil {
		p.log.Warn("start page goes without hot words", "error", err)
		return p.hot.words
	}
	p.hot.words, p.hot.at = nil, time.Now()
	for _, w := range found {
		p.hot.words = append(p.hot.words, link{Name: w.Text, URL: state{text: w.Text}.url(p.home)})
	}
	return p.hot.words
}
