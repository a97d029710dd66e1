package opensearch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// A response is the cluster's answer to one search.
type response struct {
	Status   int
	Error    json.RawMessage
	TimedOut bool `json:"timed_out"`
	Hits     struct {
		Total struct{ Value int }
		Hits  []hit
	}
	Aggregations map[string]json.RawMessage
}

// A hit is a document as a response names it.
type hit struct {
	ID     string  `json:"_id"`
	Score  float32 `json:"_score"`
	Source struct {
		Doc *stored
	} `json:"_source"`
	Fields struct {
		ID, Key     []string
		Bytes       []int
		TitleLength []int `json:"title_length"`
	}
	Named []string `json:"matched_queries"`
}

// columns are the fields that come with a hit.
var columns = []string{fieldID, fieldKey, fieldTitleLength, fieldBytes}

// first is the first value, or zero.
func first[T any](values []T) (v T) {
	if len(values) > 0 {
		v = values[0]
	}
	return v
}

// ask sends searches together and waits for all. Searches with the same preference read the same copies of the shards, whose scores agree.
func (g *generation) ask(ctx context.Context, preference string, searches ...object) ([]response, error) {
	header := object{"index": g.index(), "search_type": "dfs_query_then_fetch", "allow_partial_search_results": false}
	if preference != "" {
		header["preference"] = preference
	}
	line := toJSON(header)
	var out []response
	err := g.ix.client.patiently(ctx, "search", func(ctx context.Context) (err error) {
		var body bytes.Buffer
		for _, s := range searches {
			if deadline, ok := ctx.Deadline(); ok {
				s["timeout"] = fmt.Sprintf("%dms", max(1, time.Until(deadline).Milliseconds()))
			}
			body.Write(line)
			body.Write(toJSON(s))
		}
		out, err = g.askOnce(ctx, body.Bytes(), len(searches))
		return err
	})
	return out, err
}

func (g *generation) askOnce(ctx context.Context, body []byte, n int) ([]response, error) {
	b, err := g.ix.client.once(ctx, call{method: "POST", path: "/_msearch?max_concurrent_searches=4", body: body, lines: true})
	if err != nil {
		return nil, err
	}
	var answer struct{ Responses []response }
	if err := json.Unmarshal(b, &answer); err != nil {
		return nil, &unanswered{fmt.Errorf("decode answer: %w", err)}
	}
	if len(answer.Responses) != n {
		return nil, &unanswered{fmt.Errorf("%d searches answered of %d", len(answer.Responses), n)}
	}
	for _, r := range answer.Responses {
		switch {
		case r.Status >= 300 || len(r.Error) > 0:
			return nil, searchRefusal(r)
		case r.TimedOut:
			return nil, &unanswered{errors.New("the cluster ran out of time")}
		}
	}
	return answer.Responses, nil
}

// searchRefusal is the error of one search. What a shard says is wrong with it is told in place of "all shards failed".
func searchRefusal(r response) error {
	status := r.Status
	if status < 300 {
		status = 500
	}
	var told struct {
		Root []struct{ Type, Reason string } `json:"root_cause"`
		By   *struct{ Type, Reason string }  `json:"caused_by"`
	}
	e := readError(status, toJSON(object{"error": r.Error}))
	if e.Type == "search_phase_execution_exception" && json.Unmarshal(r.Error, &told) == nil {
		switch {
		case told.By != nil:
			e.Type, e.Reason = told.By.Type, told.By.Reason
		case len(told.Root) > 0:
			e.Type, e.Reason = told.Root[0].Type, told.Root[0].Reason
		}
	}
	return e.orUnanswered()
}
