package measure

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// An Ask is one request: a GET, or a POST of JSON where it has a body.
type Ask struct {
	URL  string
	Body []byte
}

// A Load is what asking came to.
type Load struct {
	Rate     float64 // answers a second
	P50, P99 float64 // milliseconds, as the client sees them
}

// Median is, of each figure, that of the middle load.
func Median(loads []Load) Load {
	middle := func(figure func(Load) float64) float64 {
		sorted := slices.SortedFunc(slices.Values(loads), func(a, b Load) int { return cmp.Compare(figure(a), figure(b)) })
		return figure(sorted[len(sorted)/2])
	}
	return Load{
		Rate: middle(func(l Load) float64 { return l.Rate }),
		P50:  middle(func(l Load) float64 { return l.P50 }),
		P99:  middle(func(l Load) float64 { return l.P99 }),
	}
}

// Closed asks everything once, some clients at a time, each on its own connection and with its next request as soon as it has an answer.
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

// Open asks everything once, so many a second whether answers come or not. A request's time begins when it is due.
func Open(ctx context.Context, asks []Ask, rate float64) (Load, error) {
	const connections = 64
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	took := make([]time.Duration, len(asks))
	eg, ctx := errgroup.WithContext(ctx)
	began := time.Now()
	for i, ask := range asks {
		due := began.Add(time.Duration(float64(i) / rate * float64(time.Second)))
		select {
		case <-time.After(time.Until(due)):
		case <-ctx.Done():
			return Load{}, eg.Wait()
		}
		eg.Go(func() error {
			if err := ask.do(ctx, client); err != nil {
				return err
			}
			took[i] = time.Since(due)
			return nil
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
