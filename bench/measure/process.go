// Package measure runs the built program, puts a load of requests on it, and says what the kernel says that it took. It needs Linux.
package measure

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

// A Program is the built binary and the folder it works in.
type Program struct {
	Binary, Dir string
}

// Build builds the program into its folder.
func Build(ctx context.Context, dir string) (*Program, error) {
	p := &Program{Binary: filepath.Join(dir, "terrace"), Dir: dir}
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", p.Binary, "./cmd/terrace").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	return p, nil
}

// A Process is the binary at work on a storage folder.
type Process struct {
	*exec.Cmd
	HTTP, GRPC string // addresses
	began      time.Time
	took       time.Duration // once it has ended
	highest    atomic.Int64  // bytes
	over       chan error

	mu     sync.Mutex
	output bytes.Buffer
}

// Write keeps what the process says.
func (p *Process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.Write(b)
}

func (p *Process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.String()
}

// Start runs a command of the binary on the storage folder of a name.
func (b *Program) Start(ctx context.Context, name, command string, args ...string) (*Process, error) {
	p := &Process{over: make(chan error, 1), began: time.Now()}
	var err error
	if p.HTTP, p.GRPC, err = addresses(); err != nil {
		return nil, err
	}
	full := append([]string{command}, args...)
	if command == "demo" {
		full = append(full, "--http", p.HTTP, "--dir", filepath.Join(b.Dir, name))
	} else {
		file, err := b.config(name, p)
		if err != nil {
			return nil, err
		}
		full = append(full, "--config", file)
	}
	return p, p.launch(exec.CommandContext(ctx, b.Binary, full...))
}

// Launch starts any program and watches it.
func Launch(c *exec.Cmd) (*Process, error) {
	p := &Process{over: make(chan error, 1), began: time.Now()}
	return p, p.launch(c)
}

func (p *Process) launch(c *exec.Cmd) error {
	p.Cmd = c
	if c.Stdout == nil {
		c.Stdout = p
	}
	c.Stderr = p
	if err := p.Start(); err != nil {
		return err
	}
	go func() {
		err := p.Cmd.Wait()
		p.took = time.Since(p.began)
		p.over <- err
	}()
	go p.watch()
	return nil
}

// Run runs a command of the binary to its end.
func (b *Program) Run(ctx context.Context, name, command string, args ...string) (*Process, error) {
	p, err := b.Start(ctx, name, command, args...)
	if err != nil {
		return nil, err
	}
	return p, p.End()
}

// Index is the folder that the index of a storage folder is in.
func (b *Program) Index(name string) string { return filepath.Join(b.Dir, name, "data", "index") }

// config writes the smallest configuration: a site that is never asked for anything.
func (b *Program) config(name string, p *Process) (file string, err error) {
	dir := filepath.Join(b.Dir, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	text := fmt.Appendf(nil, `name: bench
storage: {dir: %q}
listen: {http: %q, grpc: %q}
server: {adminToken: bench-bench-bench-bench-bench-bench}
sites: [{id: none, name: none, hosts: [none.invalid], hours: "00:00-00:01"}]
`, filepath.Join(dir, "data"), p.HTTP, p.GRPC)
	file = filepath.Join(dir, "terrace.yaml")
	return file, os.WriteFile(file, text, 0o644)
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

// End waits until the process ends by itself.
func (p *Process) End() error {
	if err := <-p.over; err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(p.Args, " "), err, p.said())
	}
	return nil
}

// Stop ends the process.
func (p *Process) Stop() {
	p.Process.Signal(syscall.SIGTERM)
	<-p.over
}

// Wall is how long the process ran, or has been running.
func (p *Process) Wall() time.Duration {
	if p.took != 0 {
		return p.took
	}
	return time.Since(p.began)
}

// Ready waits until the server answers.
func (p *Process) Ready(ctx context.Context) error {
	return p.until(ctx, func() bool {
		res, err := http.Get("http://" + p.HTTP + "/readyz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
}

// Says waits until the process has printed something.
func (p *Process) Says(ctx context.Context, text string) error {
	return p.until(ctx, func() bool { return strings.Contains(p.said(), text) })
}

func (p *Process) until(ctx context.Context, done func() bool) error {
	for tick := time.NewTicker(20 * time.Millisecond); ; {
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
func (p *Process) watch() {
	for tick := time.NewTicker(20 * time.Millisecond); len(p.over) == 0; <-tick.C {
		if m := p.Memory(); m > p.highest.Load() {
			p.highest.Store(m)
		}
	}
}

// Peak is the highest anonymous memory seen, in bytes.
func (p *Process) Peak() int64 { return p.highest.Load() }

// Memory is the anonymous memory now, in bytes.
func (p *Process) Memory() int64 { return Memory(p.Process.Pid) }

// CPU is the processor time of a process that has ended.
func (p *Process) CPU() time.Duration {
	return p.ProcessState.UserTime() + p.ProcessState.SystemTime()
}
