package measure

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// A Load is what asking came to.
type Load struct {
	Rate     float64 // answers a second
	P50, P99 float64 // milliseconds, as the client sees them
}

// Closed gets every URL once, some clients at a time, each on its own connection and with its next request as soon as it has an answer.
func Closed(ctx context.Context, urls []string, clients int) (Load, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	took := make([]time.Duration, len(urls))
	eg, ctx := errgroup.WithContext(ctx)
	began := time.Now()
	for c := range clients {
		eg.Go(func() error {
			for i := c; i < len(urls); i += clients {
				at := time.Now()
				if err := get(ctx, client, urls[i]); err != nil {
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

func newLoad(took []time.Duration, wall time.Duration) Load {
	slices.Sort(took)
	at := func(share float64) float64 { return took[int(share*float64(len(took)-1))].Seconds() * 1000 }
	return Load{float64(len(took)) / wall.Seconds(), at(.5), at(.99)}
}

func get(ctx context.Context, c *http.Client, u string) error {
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
