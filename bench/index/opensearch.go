package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"

	"terrace/bench/measure"
)

// openSearch starts a node, gives it the documents, and asks it. It is nil where there is no OpenSearch.
func (b *bench) openSearch(ctx context.Context) (loads []measure.Load, err error) {
	if !exists(b.opensearch) {
		fmt.Printf("| OpenSearch is left out: there is no %s | | | |\n", b.opensearch)
		return nil, nil
	}
	port := fmt.Sprint(b.port)
	if out, err := exec.CommandContext(ctx, b.opensearch, "start", "-p", port).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("start OpenSearch: %w\n%s", err, out)
	}
	defer func() {
		if out, failed := exec.Command(b.opensearch, "stop", "-p", port).CombinedOutput(); failed != nil && err == nil {
			err = fmt.Errorf("stop OpenSearch: %w\n%s", failed, out)
		}
	}()
	o := openSearch{"http://127.0.0.1:" + port}
	if err := o.fill(ctx, b); err != nil {
		return nil, err
	}
	asks, err := o.asks(b)
	if err != nil {
		return nil, err
	}
	return b.loads(ctx, asks)
}

type openSearch struct{ url string }

type object = map[string]any

// fill indexes the documents with the analyzer cjk and merges them.
func (o openSearch) fill(ctx context.Context, b *bench) error {
	text, keyword := object{"type": "text", "analyzer": "cjk"}, object{"type": "keyword"}
	_, err := o.call(ctx, http.MethodPut, "/bench", object{
		"settings": object{"number_of_replicas": 0},
		"mappings": object{"properties": object{"title": text, "body": text, "site": keyword, "department": keyword, "year": keyword}},
	})
	if err != nil {
		return err
	}
	const portion = 500
	var bulk bytes.Buffer
	n := 0
	send := func() error {
		answer, err := o.call(ctx, http.MethodPost, "/bench/_bulk?filter_path=errors", bulk.Bytes())
		if err == nil && !bytes.Contains(answer, []byte(`"errors":false`)) {
			err = fmt.Errorf("bulk: %s", answer)
		}
		bulk.Reset()
		return err
	}
	enc := json.NewEncoder(&bulk)
	for d, err := range b.corpus.Documents() {
		if err != nil {
			return err
		}
		for _, line := range []object{
			{"index": object{"_id": d.ID}},
			{"title": d.Title, "body": d.Text, "site": d.Site, "department": d.Department, "year": d.Year()},
		} {
			if err := enc.Encode(line); err != nil {
				return err
			}
		}
		if n++; n%portion == 0 {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if bulk.Len() > 0 {
		if err := send(); err != nil {
			return err
		}
	}
	if _, err = o.call(ctx, http.MethodPost, "/bench/_forcemerge?max_num_segments=1", nil); err != nil {
		return err
	}
	_, err = o.call(ctx, http.MethodPost, "/bench/_refresh", nil)
	return err
}

func (o openSearch) asks(b *bench) (out []measure.Ask, err error) {
	facets := object{}
	for _, f := range []string{"site", "department", "year"} {
		facets[f] = object{"terms": object{"field": f, "size": 10}}
	}
	for _, q := range b.queries {
		body, err := json.Marshal(object{
			"query": object{"bool": object{
				"must":   object{"multi_match": object{"query": q.Text, "fields": []string{"title^2", "body"}}},
				"filter": object{"term": object{"site": q.Site}},
			}},
			"aggs": facets, "size": 10, "_source": []string{"title", "site", "department", "year"},
			"highlight": object{"fields": object{"body": object{}}},
		})
		if err != nil {
			return nil, err
		}
		out = append(out, measure.Ask{URL: o.url + "/bench/_search", Body: body})
	}
	return out, nil
}

// call sends bytes as they are and anything else as JSON.
func (o openSearch) call(ctx context.Context, method, path string, body any) ([]byte, error) {
	b, ok := body.([]byte)
	if !ok && body != nil {
		var err error
		if b, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, o.url+path, bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s %s", method, path, res.Status, answer)
	}
	return answer, err
}
