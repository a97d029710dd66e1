package opensearch

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"terrace/index"
	"terrace/index/indextest"
)

// A fault answers a request in place of the node, or spoils its answer. next is the node.
type fault func(next http.Handler, w http.ResponseWriter, r *http.Request)

// A flawed proxy stands before the node and commits a fault on some of the requests to a path.
type flawed struct {
	*httptest.Server
	mu    sync.Mutex
	fault fault
	path  string
	left  int // how many requests it is committed on
}

func newFlawed(t *testing.T, start func(http.Handler) *httptest.Server) *flawed {
	needsNode(t)
	u, err := url.Parse(node)
	must(t, err)
	proxy := httputil.NewSingleHostReverseProxy(u)
	f := &flawed{}
	f.Server = start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fault := f.due(r); fault != nil {
			fault(proxy, w, r)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *flawed) due(r *http.Request) fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left == 0 || !strings.HasSuffix(r.URL.Path, f.path) {
		return nil
	}
	f.left--
	return f.fault
}

func (f *flawed) commit(path string, n int, fault fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.path, f.left, f.fault = path, n, fault
}

func status(code int, body string) fault {
	return func(_ http.Handler, w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

// cutOff lets the node do its work, and breaks the connection in the middle of its answer.
func cutOff(next http.Handler, w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	next.ServeHTTP(answer, r)
	w.Header().Set("Content-Length", fmt.Sprint(answer.Body.Len()))
	_, _ = w.Write(answer.Body.Bytes()[:answer.Body.Len()/2])
	panic(http.ErrAbortHandler)
}

// halfBulk gives the node the first half of a bulk and refuses the other, item by item, as a node does whose queue is full.
func halfBulk(next http.Handler, w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	lines := bytes.SplitAfter(body, []byte("\n"))
	lines = lines[:len(lines)-1]
	half := len(lines) / 4 * 2
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(bytes.Join(lines[:half], nil))), -1
	answer := httptest.NewRecorder()
	next.ServeHTTP(answer, r)
	var items struct {
		Items []any `json:"items"`
	}
	_ = json.Unmarshal(answer.Body.Bytes(), &items)
	for range (len(lines) - half) / 2 {
		refused := map[string]any{"status": 429, "error": map[string]any{"type": "rejected_execution_exception", "reason": "queue is full"}}
		items.Items = append(items.Items, map[string]any{"index": refused})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": true, "items": items.Items})
}

func hang(_ http.Handler, _ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // only then a lost connection is seen
	<-r.Context().Done()
}

var passingFaults = map[string]fault{
	"too many requests":    status(429, `{"error":{"type":"circuit_breaking_exception","reason":"data too large"},"status":429}`),
	"no capacity":          status(503, ""),
	"a bad gateway's page": status(502, "<html>"),
	"no JSON":              status(200, "<html>"),
	"an empty answer":      status(200, "{}"),
	"cut off":              cutOff,
}

func notices(from, n int) []index.Document {
	docs := make([]index.Document, n)
	for i := range docs {
		docs[i] = index.Document{ID: fmt.Sprintf("n%05d", from+i), Title: "会议通知", Body: strings.Repeat("召开会议。", 1+i%7)}
	}
	return docs
}

func meetings() index.Query {
	return index.Query{Score: []index.Group{{{{Field: index.Body, Text: "会议", Weight: 1}}}}, Limit: 10}
}

// flawedIndex is an index that is reached through a flawed proxy, with an empty live generation.
func flawedIndex(t *testing.T) (*flawed, *Index, index.Generation) {
	f := newFlawed(t, httptest.NewServer)
	ix := open(t, t.TempDir(), indextest.Analyzer(), Options{URL: f.URL})
	g, err := ix.Create(t.Context(), index.Fingerprints{})
	must(t, err)
	must(t, ix.Promote(t.Context(), g.Name()))
	return f, ix, g
}

func TestWritesOutlastPassingFaults(t *testing.T) {
	f, ix, g := flawedIndex(t)
	faults := map[string]fault{"half a bulk": halfBulk}
	for name, fault := range passingFaults {
		faults[name] = fault
	}
	n := 0
	for name, fault := range faults {
		f.commit("/_bulk", 3, fault)
		must(t, g.Put(t.Context(), notices(n, 100)...))
		n += 100
		f.commit("/_refresh", 2, fault)
		must(t, g.Put(t.Context(), notices(n, 1)...))
		n++
		r, err := ix.Search(t.Context(), meetings())
		must(t, err)
		if r.Total != n {
			t.Errorf("after %s: %d documents, want %d", name, r.Total, n)
		}
	}
}

func TestSearchesOutlastPassingFaults(t *testing.T) {
	f, ix, g := flawedIndex(t)
	must(t, g.Put(t.Context(), notices(0, 30)...))
	faults := map[string]fault{
		"no shard": status(200, `{"responses":[{"error":{"type":"search_phase_execution_exception","reason":"all shards failed"},"status":503}]}`),
	}
	for name, fault := range passingFaults {
		faults[name] = fault
	}
	for name, fault := range faults {
		for nth := range 3 {
			f.commit("/_msearch", nth, fault)
			r, err := ix.Search(t.Context(), meetings())
			must(t, err)
			if r.Total != 30 || len(r.Hits) != 10 {
				t.Errorf("after %s: %d documents, %d hits", name, r.Total, len(r.Hits))
			}
		}
	}
}

func TestASearchEndsAtItsDeadline(t *testing.T) {
	f, ix, _ := flawedIndex(t)
	for name, fault := range map[string]fault{"hangs": hang, "is overloaded": passingFaults["too many requests"]} {
		f.commit("/_msearch", -1, fault)
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		_, err := ix.Search(ctx, meetings())
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, index.ErrUnavailable) {
			t.Errorf("the cluster %s: %v", name, err)
		}
	}
}

func TestARefusalIsNamedAndNotRepeated(t *testing.T) {
	f, ix, g := flawedIndex(t)
	refusal := status(400, `{"error":{"type":"mapper_parsing_exception","reason":"no such field"},"status":400}`)
	f.commit("/_bulk", 1, refusal)
	err := g.Put(t.Context(), notices(0, 1)...)
	if e, ok := errors.AsType[*Error](err); !ok || e.Type != "mapper_parsing_exception" {
		t.Errorf("put: %v", err)
	}
	f.commit("/_bulk", 1, status(413, ""))
	if err := g.Put(t.Context(), notices(0, 1)...); !errors.Is(err, index.ErrTooLarge) {
		t.Errorf("put what is too large: %v", err)
	}
	f.commit("/_msearch", 1, refusal)
	if _, err := ix.Search(t.Context(), meetings()); err == nil {
		t.Error("a refused search gives an answer")
	}
}

func TestADeadClusterIsNamed(t *testing.T) {
	f, ix, g := flawedIndex(t)
	f.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := g.Put(ctx, notices(0, 1)...); !errors.Is(err, index.ErrUnavailable) {
		t.Errorf("put: %v", err)
	}
	if _, err := ix.Search(ctx, meetings()); !errors.Is(err, index.ErrUnavailable) && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("search: %v", err)
	}
}

func TestConnectsByTLSAndPassword(t *testing.T) {
	f := newFlawed(t, func(node http.Handler) *httptest.Server {
		return httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if user, password, _ := r.BasicAuth(); user != "terrace" || password != "梯田" {
				http.Error(w, "Unauthorized", http.StatusUnauthorized)
				return
			}
			node.ServeHTTP(w, r)
		}))
	})
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: f.Certificate().Raw})
	right := Options{URL: f.URL, User: "terrace", Password: "梯田", CA: ca, Name: nameOf(t.Name())}
	ix, err := Open(t.Context(), right, indextest.Analyzer())
	must(t, err)
	must(t, ix.Close())

	wrong := right
	wrong.Password = "x"
	_, err = Open(t.Context(), wrong, indextest.Analyzer())
	if e, ok := errors.AsType[*Error](err); !ok || e.Status != http.StatusUnauthorized {
		t.Errorf("with a wrong password: %v", err)
	}
	untrusted := right
	untrusted.CA = nil
	if _, err = Open(t.Context(), untrusted, indextest.Analyzer()); err == nil || errors.Is(err, index.ErrUnavailable) {
		t.Errorf("without the CA: %v", err)
	}
}

func TestOptionsThatCannotBeAreRefused(t *testing.T) {
	for name, o := range map[string]Options{
		"no address": {}, "no scheme": {URL: "localhost:9200"}, "another scheme": {URL: "ftp://localhost"}, "a name with a star": {URL: "http://localhost", Name: "a*"},
		"a CA that is none": {URL: "https://localhost", CA: []byte("x")},
	} {
		if _, err := Open(t.Context(), o, index.Analyzer{}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
