package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"terrace/bench/measure"
	"terrace/demo"
)

// material are the pages to serve: saved ones or, where there are none, the demo's.
func material(ctx context.Context, dir string) (bodies [][]byte, from string, err error) {
	index, err := os.ReadFile(filepath.Join(dir, "index.tsv"))
	if err != nil {
		bodies, err = demoPages(ctx)
		return bodies, "of the demo", err
	}
	for line := range strings.Lines(string(index)) {
		name, _, _ := strings.Cut(line, "\t")
		if body, err := os.ReadFile(filepath.Join(dir, name)); err == nil && strings.Contains(name, ".htm") {
			bodies = append(bodies, body)
		}
	}
	return bodies, "of " + dir, nil
}

func demoPages(ctx context.Context) (bodies [][]byte, err error) {
	c, err := started(ctx, demo.Options{Pages: 400})
	if err != nil {
		return nil, err
	}
	for a := range c.Expect().Articles {
		res, err := http.Get(a.URL)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			return nil, err
		}
		bodies = append(bodies, body)
	}
	return bodies, nil
}

// started is a sample cluster that is served until the context ends.
func started(ctx context.Context, o demo.Options) (*demo.Cluster, error) {
	c := demo.New(o)
	if err := c.Start(ctx); err != nil {
		return nil, err
	}
	go c.Run(ctx) // it ends with the context, without an error
	return c, nil
}

// serve spreads the pages over so many servers, which list theirs at their root, and gives their hosts.
func serve(ctx context.Context, bodies [][]byte, sites int) (hosts []string, err error) {
	for s := range sites {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		pages, list := map[string]answer{}, ""
		for i := s; i < len(bodies); i += sites {
			path := fmt.Sprintf("/art/%d.html", i)
			pages[path] = newAnswer(bodies[i])
			list += path + "\n"
		}
		pages["/"] = newAnswer([]byte(list))
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if a, ok := pages[r.URL.Path]; ok {
				a.write(w, r)
				return
			}
			http.NotFound(w, r)
		})}
		go server.Serve(l) // until the program ends
		hosts = append(hosts, l.Addr().String())
	}
	return hosts, nil
}

// An answer is a page, plain and packed.
type answer struct {
	kind          string
	plain, packed []byte
}

func newAnswer(body []byte) answer {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(body) // a bytes.Buffer does not fail
	z.Close()
	kind := "text/html"
	if utf8.Valid(body) {
		kind += "; charset=utf-8"
	}
	return answer{kind, body, b.Bytes()}
}

func (a answer) write(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", a.kind)
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(a.packed)
		return
	}
	w.Write(a.plain)
}

// cluster is so many sites of as many sample clusters as that takes, as lines of a configuration.
func cluster(ctx context.Context, sites, articles int) (lines []string, err error) {
	for seed := uint64(1); len(lines) < sites; seed++ {
		c, err := started(ctx, demo.Options{Pages: articles, Seed: seed})
		if err != nil {
			return nil, err
		}
		for _, s := range c.Sites() {
			if len(lines) < sites {
				lines = append(lines, fmt.Sprintf("  - {id: s%d-%s, name: %s, hosts: ['%s'], seeds: ['%s'], allowPrivate: true}", seed, s.ID, s.Name, s.Host, s.URL))
			}
		}
	}
	return lines, nil
}

// crawlOnce crawls the sites into a folder of their own. crawl and index are the highest anonymous memory while pages are fetched and after that, in bytes.
func crawlOnce(ctx context.Context, program *measure.Program, sites []string, name string) (p *measure.Process, crawl, index int64, err error) {
	file := filepath.Join(program.Dir, name+".yaml")
	text := fmt.Sprintf("name: bench\nstorage: {dir: %q}\ncrawl: {delay: 0s}\nlisten: {grpc: off}\nsites:\n%s\n", filepath.Join(program.Dir, name), strings.Join(sites, "\n"))
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		return nil, 0, 0, err
	}
	p, err = measure.Launch(exec.CommandContext(ctx, program.Binary, "crawl", "--once", "--config", file))
	if err != nil {
		return nil, 0, 0, err
	}
	if err := p.Says(ctx, "采集 "); err != nil {
		return nil, 0, 0, err
	}
	crawled, ended := make(chan error, 1), make(chan error, 1)
	go func() {
		crawled <- p.Says(ctx, "\n") // ends the line that the crawl writes again and again
		ended <- p.End()
	}()
	peak := &crawl
	for tick := time.NewTicker(50 * time.Millisecond); ; {
		select {
		case <-crawled:
			peak = &index
		case err := <-ended:
			return p, crawl, index, err
		case <-tick.C:
			*peak = max(*peak, p.Memory())
		}
	}
}
