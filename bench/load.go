package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// A load is what asking queries came to.
type load struct {
	rate     float64 // a second
	p50, p99 float64 // milliseconds, as the client sees them
}

// load asks every query once, some clients at a time, each on its own connection.
func (p *process) load(ctx context.Context, queries []string, clients int) (load, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	took := make([]time.Duration, len(queries))
	eg, ctx := errgroup.WithContext(ctx)
	began := time.Now()
	for c := range clients {
		eg.Go(func() error {
			for i := c; i < len(queries); i += clients {
				at := time.Now()
				if err := ask(ctx, client, "http://"+p.http+"/api/v1/search?q="+url.QueryEscape(queries[i])); err != nil {
					return err
				}
				took[i] = time.Since(at)
			}
			return nil
		})
	}
	if err := eg.Wait(); err != nil {
		return load{}, err
	}
	wall := time.Since(began)
	slices.Sort(took)
	at := func(share float64) float64 { return took[int(share*float64(len(took)-1))].Seconds() * 1000 }
	return load{float64(len(queries)) / wall.Seconds(), at(.5), at(.99)}, nil
}

func ask(ctx context.Context, c *http.Client, u string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
	if err != nil {
		return err
	}
	res, err := c.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", u, res.Status)
	}
	return nil
}
