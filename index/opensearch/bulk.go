package opensearch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"

	"terrace/index"
)

const (
	bulkBytes   = 5 << 20 // what one request holds, or one document where that is larger
	bulksAtOnce = 4       // requests of one Index under way
	maxTerms    = 1 << 20 // distinct ones of a document, for a small node takes no more at once; 16 MB of real text have a third
)

// An operation is one document to be put or deleted.
type operation struct {
	id   string
	line []byte // action and, for a put, source
}

func deletion(id string) operation {
	id = idTerm(id)
	return operation{id, toJSON(object{"delete": object{"_id": id}})}
}

func (ix *Index) addition(d index.Document) operation {
	id := idTerm(d.ID)
	a := ix.analyzer.Analyze(&d)
	if n := len(a.Body.Terms); n > maxTerms {
		ix.options.Log.Warn("opensearch: terms of a document cut", "id", d.ID, "terms", n, "indexed", maxTerms)
		a.Body.Terms = a.Body.Terms[:maxTerms]
	}
	line := toJSON(object{"index": object{"_id": id}})
	return operation{id, append(line, toJSON(source(&d, a))...)}
}

// write sends what prepare makes of 0 to n−1, in pieces that are prepared on all processors, and makes it visible.
func (g *generation) write(ctx context.Context, n int, prepare func(int) operation) error {
	ctx, cancel := context.WithTimeout(ctx, g.ix.options.WriteTimeout)
	defer cancel()
	var piece []operation
	size := 0
	send := func() error {
		err := g.bulk(ctx, piece)
		piece, size = piece[:0], 0
		return err
	}
	step := runtime.GOMAXPROCS(0)
	for from := 0; from < n; from += step {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, op := range prepared(from, min(from+step, n), prepare) {
			if size > 0 && size+len(op.line) > bulkBytes {
				if err := send(); err != nil {
					return err
				}
			}
			piece = append(piece, op)
			size += len(op.line)
		}
	}
	if err := send(); err != nil {
		return err
	}
	return g.refresh(ctx)
}

func prepared(from, to int, prepare func(int) operation) []operation {
	out := make([]operation, to-from)
	var working sync.WaitGroup
	for i := range out {
		working.Go(func() { out[i] = prepare(from + i) })
	}
	working.Wait()
	return out
}

// bulk sends operations until each is acknowledged; those that failed for a passing reason are sent again alone.
func (g *generation) bulk(ctx context.Context, ops []operation) error {
	if len(ops) == 0 {
		return nil
	}
	select {
	case g.ix.bulks <- struct{}{}:
		defer func() { <-g.ix.bulks }()
	case <-ctx.Done():
		return ctx.Err()
	}
	left := slices.Clone(ops)
	return g.ix.client.patiently(ctx, "bulk", func(ctx context.Context) (err error) {
		left, err = g.bulkOnce(ctx, left)
		return err
	})
}

// bulkOnce returns what is still to be sent, with an unanswered error.
func (g *generation) bulkOnce(ctx context.Context, ops []operation) ([]operation, error) {
	var body bytes.Buffer
	for _, op := range ops {
		body.Write(op.line)
	}
	b, err := g.ix.client.once(ctx, call{
		method: "POST", path: "/" + g.writeAlias() + "/_bulk?require_alias=true&filter_path=errors,items.*.status,items.*.error",
		body: body.Bytes(), lines: true, attempt: 30 * time.Second,
	})
	if err != nil {
		return ops, err
	}
	var answer struct {
		Items []map[string]struct {
			Status int
			Error  struct{ Type, Reason string }
		}
	}
	if err := json.Unmarshal(b, &answer); err != nil || len(answer.Items) != len(ops) {
		return ops, &unanswered{fmt.Errorf("bulk of %d answered for %d: %w", len(ops), len(answer.Items), errors.Join(err))}
	}
	var left []operation
	var last error
	for i, item := range answer.Items {
		for action, r := range item {
			if r.Status < 300 || action == "delete" && r.Status == http.StatusNotFound && r.Error.Type == "" {
				continue
			}
			e := &Error{r.Status, r.Error.Type, fmt.Sprintf("document %q: %s", ops[i].id, r.Error.Reason)}
			if !e.passing() {
				return ops, e
			}
			last = e
			left = append(left, ops[i])
		}
	}
	if left == nil {
		return nil, nil
	}
	return left, &unanswered{last}
}

// refresh makes what was written visible to every search.
func (g *generation) refresh(ctx context.Context) error {
	return g.ix.client.patiently(ctx, "refresh", func(ctx context.Context) error {
		b, err := g.ix.client.once(ctx, call{method: "POST", path: "/" + g.index() + "/_refresh", attempt: 30 * time.Second})
		if err != nil {
			return err
		}
		var answer struct {
			Shards struct{ Successful, Failed int } `json:"_shards"`
		}
		if err := json.Unmarshal(b, &answer); err != nil || answer.Shards.Successful == 0 || answer.Shards.Failed > 0 {
			return &unanswered{fmt.Errorf("%d shards refreshed, %d failed", answer.Shards.Successful, answer.Shards.Failed)}
		}
		return nil
	})
}
