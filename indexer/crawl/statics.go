package crawl

import (
	"net/http"
	"regexp"
	"strconv"
	"time"

	"terrace/indexer/browser"
)

const (
	maxStatics   = 16 << 20 // bytes of a site's scripts and styles that are kept, with their headers
	staticFrame  = 4 << 10  // bytes that each takes beside these, at most: its URL
	leastFresh   = 10 * time.Minute
	longestFresh = 24 * time.Hour
)

// statics are the scripts and styles of a site's pages, so that each page does not ask for them again: for ten minutes or as long as they say, a day at most;
// after that they are asked for by their validators.
type statics struct {
	byURL map[string]*static
	bytes int
}

type static struct {
	response *browser.Response
	until    time.Time // it is taken as it is
	used     time.Time
}

func (s *static) fresh(now time.Time) bool { return now.Before(s.until) }

func (s *static) validators() (etag, lastModified string) {
	return s.response.Header.Get("ETag"), s.response.Header.Get("Last-Modified")
}

// weight is how many bytes it takes to keep an answer.
func weight(res *browser.Response) int {
	n := staticFrame + len(res.Body)
	for name, values := range res.Header {
		for _, v := range values {
			n += len(name) + len(v)
		}
	}
	return n
}

// get gives what is kept of a script or style, nil where there is nothing.
func (s *statics) get(q browser.Request, now time.Time) *static {
	kept := s.byURL[q.URL.String()]
	if kept == nil || !q.Static {
		return nil
	}
	kept.used = now
	return kept
}

// keep keeps what came of a script or style, and lets those go that were used longest ago. That there is none is kept, too.
func (s *statics) keep(q browser.Request, res *browser.Response, now time.Time) {
	settled := res.Status == http.StatusOK || res.Status == http.StatusNotFound || res.Status == http.StatusGone
	if !q.Static || !settled || weight(res) > maxStatics {
		return
	}
	if s.byURL == nil {
		s.byURL = map[string]*static{}
	}
	s.drop(q.URL.String())
	for s.bytes+weight(res) > maxStatics {
		s.drop(s.oldest())
	}
	s.byURL[q.URL.String()] = &static{res, freshUntil(now, res.Header), now}
	s.bytes += weight(res)
}

func (s *statics) oldest() (url string) {
	for u, kept := range s.byURL {
		if url == "" || kept.used.Before(s.byURL[url].used) {
			url = u
		}
	}
	return url
}

func (s *statics) drop(url string) {
	if kept := s.byURL[url]; kept != nil {
		s.bytes -= weight(kept.response)
		delete(s.byURL, url)
	}
}

var maxAge = regexp.MustCompile(`(?:^|[\s,])max-age=(\d{1,9})`)

func freshUntil(now time.Time, h http.Header) time.Time {
	life := leastFresh
	if m := maxAge.FindStringSubmatch(h.Get("Cache-Control")); m != nil {
		seconds, _ := strconv.Atoi(m[1])
		life = min(max(life, time.Duration(seconds)*time.Second), longestFresh)
	}
	return now.Add(life)
}
