package crawl

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"path"

	"terrace/indexer/archive"
)

// A softProbe is what a folder answers with for an address that cannot exist.
type softProbe struct {
	body []byte // nil: an honest 404
}

const (
	maxProbes    = 20
	maxProbeBody = 1 << 20 // bytes; an apology is shorter
)

// softMissing reports whether a page is what its site shows, with status 200, for addresses that do not exist. One made-up address is asked for per
// site and kind of address.
func (a *actor) softMissing(ctx context.Context, u *url.URL, body []byte) (bool, error) {
	kind := u.Host + path.Ext(u.Path)
	probe := a.soft[kind]
	if probe == nil && len(a.soft) >= maxProbes {
		return false, nil
	}
	if probe == nil {
		var err error
		if probe, err = a.probe(ctx, u); err != nil {
			return false, err
		}
		a.soft[kind] = probe
	}
	return probe.body != nil && alike(probe.body, body), nil
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
	if err != nil || outage != nil || !rules.allows(&made) {
		return &softProbe{}, err
	}
	res, err := a.ask(ctx, a.fetcher, request{url: &made})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil || res.status != http.StatusOK {
		return &softProbe{}, nil
	}
	if len(res.body) > maxProbeBody {
		return &softProbe{}, nil
	}
	return &softProbe{res.body}, nil
}

// alike compares pages without their numbers, which counters and clocks change.
func alike(a, b []byte) bool {
	return bytes.Equal(digits.ReplaceAll(a, nil), digits.ReplaceAll(b, nil))
}
