package crawl

import (
	"context"
	"hash/maphash"
	"net/http"
	"net/url"
	"path"
	"time"

	"terrace/indexer/archive"
)

// A softProbe is what a folder answers with for an address that cannot exist.
type softProbe struct {
	apology uint64    // sum of it; 0: an honest 404, or no answer
	until   time.Time // it is asked for again
}

const (
	probeLife    = 24 * time.Hour
	probeRetry   = 10 * time.Minute // where there was no answer
	maxProbes    = 20
	maxProbeBody = 1 << 20 // bytes; an apology is shorter
)

// softMissing reports whether a page is what its site shows, with status 200, for addresses that do not exist. One made-up address is asked for a
// day, or soon again where there was no answer, per site and kind of address.
func (a *actor) softMissing(ctx context.Context, u *url.URL, body []byte) (bool, error) {
	kind := u.Host + path.Ext(u.Path)
	probe := a.soft[kind]
	if probe == nil && len(a.soft) >= maxProbes {
		return false, nil
	}
	if probe == nil || !a.crawler.now().Before(probe.until) {
		var err error
		if probe, err = a.probe(ctx, u); err != nil {
			return false, err
		}
		a.soft[kind] = probe
	}
	return probe.apology != 0 && probe.apology == a.sum(body), nil
}

func (a *actor) softGone(v *archive.Visit) {
	v.State, v.Reason, v.Body, v.NextAt = archive.Quarantined, "soft 404: the same as for an address that does not exist", nil, v.At.Add(refusedInterval)
}

func (a *actor) probe(ctx context.Context, u *url.URL) (*softProbe, error) {
	made := *u
	made.RawQuery = ""
	made.Path = path.Join(path.Dir(u.Path), "terrace-no-such-page-7f3a"+path.Ext(u.Path))
	made.RawPath = ""
	rules, outage, err := a.rules(ctx, u)
	if err != nil {
		return nil, err
	}
	settled, unsettled := &softProbe{until: a.crawler.now().Add(probeLife)}, &softProbe{until: a.crawler.now().Add(probeRetry)}
	if outage != nil {
		return unsettled, nil
	}
	if !rules.allows(&made) {
		return settled, nil
	}
	res, err := a.ask(ctx, a.fetcher, request{url: &made})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil || res.status >= 500 || res.status == http.StatusTooManyRequests:
		return unsettled, nil
	case res.status == http.StatusOK && len(res.body) <= maxProbeBody:
		settled.apology = a.sum(res.body)
	}
	return settled, nil
}

// sum is that of a page without its numbers, which counters and clocks change; never 0.
func (a *actor) sum(body []byte) uint64 {
	plain := make([]byte, 0, len(body))
	for _, c := range body {
		if c < '0' || c > '9' {
			plain = append(plain, c)
		}
	}
	return max(maphash.Bytes(a.seed, plain), 1)
}

// alike compares pages without their numbers.
func alike(a, b []byte) bool {
	i, j := 0, 0
	for {
		for i < len(a) && '0' <= a[i] && a[i] <= '9' {
			i++
		}
		for j < len(b) && '0' <= b[j] && b[j] <= '9' {
			j++
		}
		if i == len(a) || j == len(b) {
			return i == len(a) && j == len(b)
		}
		if a[i] != b[j] {
			return false
		}
		i, j = i+1, j+1
	}
}
