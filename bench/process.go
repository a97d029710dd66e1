package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A process is the binary at work on a storage folder.
type process struct {
	*exec.Cmd
	http, grpc string
	began      time.Time
	took       time.Duration // once it has ended
	highest    atomic.Int64  // bytes
	over       chan error

	mu     sync.Mutex
	output bytes.Buffer
}

// Write keeps what the process says.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.Write(b)
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.String()
}

// start runs a command of the binary on the storage folder of a name.
func (b *bench) start(ctx context.Context, name, command string, args ...string) (*process, error) {
	p := &process{over: make(chan error, 1), began: time.Now()}
	var err error
	if p.http, p.grpc, err = addresses(); err != nil {
		return nil, err
	}
	full := append([]string{command}, args...)
	if command == "demo" {
		full = append(full, "--http", p.http, "--dir", filepath.Join(b.dir, name))
	} else {
		file, err := b.config(name, p)
		if err != nil {
			return nil, err
		}
		full = append(full, "--config", file)
	}
	p.Cmd = exec.CommandContext(ctx, b.binary, full...)
	p.Stdout, p.Stderr = p, p
	if err := p.Start(); err != nil {
		return nil, err
	}
	go func() {
		err := p.Cmd.Wait()
		p.took = time.Since(p.began)
		p.over <- err
	}()
	go p.watch()
	return p, nil
}

// command runs a command of the binary to its end.
func (b *bench) command(ctx context.Context, name, command string, args ...string) error {
	p, err := b.start(ctx, name+"-client", command, args...)
	if err != nil {
		return err
	}
	return p.wait()
}

// config writes the smallest configuration: one site that is never asked for anything.
func (b *bench) config(name string, p *process) (file string, err error) {
	dir := filepath.Join(b.dir, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	file = filepath.Join(dir, "terrace.yaml")
	return file, os.WriteFile(file, fmt.Appendf(nil, `name: bench
sites: [{id: none, name: 无, hosts: [none.invalid], hours: "00:00-00:01"}]
storage: {dir: %q}
listen: {http: %q, grpc: %q}
server: {adminToken: bench-bench-bench-bench-bench-bench}
`, filepath.Join(dir, "data"), p.http, p.grpc), 0o644)
}

func addresses() (http, grpc string, err error) {
	for _, a := range []*string{&http, &grpc} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", "", err
		}
		*a = l.Addr().String()
		l.Close()
	}
	return http, grpc, nil
}

func (p *process) wait() error {
	if err := <-p.over; err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(p.Args, " "), err, p.said())
	}
	return nil
}

func (p *process) stop() {
	p.Process.Signal(syscall.SIGTERM)
	<-p.over
}

// wall is how long the process ran, or has been running.
func (p *process) wall() time.Duration {
	if p.took != 0 {
		return p.took
	}
	return time.Since(p.began)
}

func (p *process) cpu() time.Duration { return p.ProcessState.UserTime() + p.ProcessState.SystemTime() }

// ready waits until the server answers.
func (p *process) ready(ctx context.Context) error {
	return p.until(ctx, func() bool {
		res, err := http.Get("http://" + p.http + "/readyz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
}

// says waits until the process has printed something.
func (p *process) says(ctx context.Context, text string) error {
	return p.until(ctx, func() bool { return strings.Contains(p.said(), text) })
}

func (p *process) until(ctx context.Context, done func() bool) error {
	for tick := time.NewTicker(50 * time.Millisecond); ; {
		if done() {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-p.over:
			p.over <- err
			return fmt.Errorf("%s ended: %w\n%s", strings.Join(p.Args, " "), err, p.said())
		case <-tick.C:
		}
	}
}

// watch notes the highest anonymous memory every 20 ms.
func (p *process) watch() {
	for tick := time.NewTicker(20 * time.Millisecond); len(p.over) == 0; <-tick.C {
		if m := p.memory(); m > p.highest.Load() {
			p.highest.Store(m)
		}
	}
}

func (p *process) peak() int64 { return p.highest.Load() }

// memory is the process's anonymous memory now, in bytes, as Linux tells it.
func (p *process) memory() int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "RssAnon:")
	var kB int64
	fmt.Sscan(after, &kB)
	return kB << 10
}
