package measure

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// An Ask is one question over HTTP: a GET, or a POST of a body in JSON.
type Ask struct {
	URL  string
	Body []byte
}

// A Load is what asking came to.
type Load struct {
	Rate     float64 // answers a second
	P50, P99 float64 // milliseconds, as the client sees them
}

// Closed asks every question once, some clients at a time, each on its own connection and with its next question as soon as it has an answer.
func Closed(ctx context.Context, asks []Ask, clients int) (Load, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	took := make([]time.Duration, len(asks))
	eg, ctx := errgroup.WithContext(ctx)
	began := time.Now()
	for c := range clients {
		eg.Go(func() error {
			for i := c; i < len(asks); i += clients {
				at := time.Now()
				if err := asks[i].do(ctx, client); err != nil {
					return err
				}
				took[i] = time.Since(at)
			}
			return nil
		})
	}
	if err := eg.Wait(); err != nil {
		return Load{}, err
	}
	return newLoad(took, time.Since(began)), nil
}

// Open asks at a steady rate a second, whether answers have come or not. An answer's time counts from when its question was due.
func Open(ctx context.Context, asks []Ask, rate int) (Load, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	took := make([]time.Duration, len(asks))
	eg, ctx := errgroup.WithContext(ctx)
	began := time.Now()
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for i := range asks {
		due := began.Add(time.Duration(i) * time.Second / time.Duration(rate))
		for time.Now().Before(due) && ctx.Err() == nil {
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
		}
		eg.Go(func() error {
			err := asks[i].do(ctx, client)
			took[i] = time.Since(due)
			return err
		})
	}
	if err := eg.Wait(); err != nil {
		return Load{}, err
	}
	return newLoad(took, time.Since(began)), nil
}

func newLoad(took []time.Duration, wall time.Duration) Load {
	slices.Sort(took)
	at := func(share float64) float64 { return took[int(share*float64(len(took)-1))].Seconds() * 1000 }
	return Load{float64(len(took)) / wall.Seconds(), at(.5), at(.99)}
}

func (a Ask) do(ctx context.Context, c *http.Client) error {
	method := http.MethodGet
	if a.Body != nil {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(ctx, method, a.URL, bytes.NewReader(a.Body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := c.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", a.URL, res.Status)
	}
	return nil
}
