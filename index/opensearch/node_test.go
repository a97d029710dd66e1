package opensearch

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terrace/index"
)

// node is the server that the tests use; lacking is why there is none.
var node, lacking string

// TestMain starts a server of its own where OPENSEARCH_URL names none.
func TestMain(m *testing.M) {
	if node = os.Getenv("OPENSEARCH_URL"); node != "" {
		os.Exit(m.Run())
	}
	stop, err := startNode()
	if err != nil {
		lacking = err.Error()
	}
	code := m.Run()
	stop()
	os.Exit(code)
}

var tool = filepath.Join("..", "..", "tools", "opensearch", "run")

// startNode fails where Java or Maven is missing.
func startNode() (stop func(), err error) {
	port, transport := freePort(), freePort()
	stop = func() { _ = exec.Command(tool, "stop", "-p", port).Run() }
	out, err := exec.Command(tool, "start", "-p", port, "-t", transport).Output()
	if err == nil {
		node = strings.Fields(string(out))[0]
		return stop, nil
	}
	exit, ok := errors.AsType[*exec.ExitError](err)
	if ok && exit.ExitCode() == 3 {
		return stop, errors.New(strings.TrimSpace(string(exit.Stderr)))
	}
	stop()
	if ok {
		err = fmt.Errorf("%w: %s", err, exit.Stderr)
	}
	fmt.Fprintln(os.Stderr, "start a node:", err)
	os.Exit(1)
	return nil, nil
}

func freePort() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func needsNode(t *testing.T) {
	t.Helper()
	if node == "" {
		t.Skip(lacking)
	}
}

// nameOf is a name on the cluster that stands for a key, such as a test's folder.
func nameOf(key string) string {
	h := fnv.New64a()
	h.Write([]byte(key))
	return fmt.Sprintf("test_%x", h.Sum64())
}

// open opens an index on the test's node, which is removed with all its generations when the test ends.
func open(t *testing.T, key string, a index.Analyzer, o Options) *Index {
	t.Helper()
	needsNode(t)
	if o.URL == "" {
		o.URL = node
	}
	o.Name, o.Log = nameOf(key), slog.New(slog.DiscardHandler)
	ix, err := Open(t.Context(), o, a)
	must(t, err)
	t.Cleanup(func() {
		must(t, ix.Close())
		sweep(t, o.Name)
	})
	return ix
}

// sweep removes what an index left on the cluster.
func sweep(t *testing.T, name string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	ix, err := Open(ctx, Options{URL: node, Name: name, Log: slog.New(slog.DiscardHandler)}, index.Analyzer{})
	must(t, err)
	defer ix.Close()
	found, err := ix.all(ctx)
	must(t, err)
	for _, l := range found {
		must(t, ix.client.do(ctx, call{method: "DELETE", path: "/" + ix.prefix + l.name}, nil))
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
