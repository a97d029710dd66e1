package child

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	maxStderr = 4 << 10
	pollEvery = 20 * time.Millisecond // of a child's memory; in this time it can take some 50 MB more
)

// outOfMemory matches what the Go runtime, or its race detector, says before it ends because the system gives no more memory.
var outOfMemory = regexp.MustCompile(`(?m)^(?:runtime|fatal error|.*ThreadSanitizer).*` +
	`(?:out of memory|cannot allocate memory|cannot map pages|failed to allocate)`)

type process struct {
	cmd     *exec.Cmd
	in, out *os.File // ends of its pipes
	stderr  head
	files   int // it was asked for
	exited  chan struct{}
}

func startProcess(command []string, attr *syscall.SysProcAttr) (*process, error) {
	dir, err := os.MkdirTemp("", "terrace-child")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	stdin, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer stdin.Close()
	out, stdout, err := os.Pipe()
	if err != nil {
		_ = in.Close()
		return nil, err
	}
	defer stdout.Close()
	c := &process{cmd: exec.Command(command[0], command[1:]...), in: in, out: out, exited: make(chan struct{})}
	c.cmd.Dir, c.cmd.Env, c.cmd.SysProcAttr = dir, []string{}, attr
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = stdin, stdout, &c.stderr
	c.cmd.WaitDelay = time.Second
	if err := c.run(); err != nil {
		_, _ = in.Close(), out.Close()
		return nil, err
	}
	return c, nil
}

// run starts the process and leaves a goroutine that waits for its end. The goroutine keeps its thread: the kernel takes the end of that for the parent's.
func (c *process) run() error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := c.cmd.Start()
		if started <- err; err == nil {
			_ = c.cmd.Wait()
			close(c.exited)
		}
	}()
	return <-started
}

func (c *process) hasExited() bool {
	select {
	case <-c.exited:
		return true
	default:
		return false
	}
}

// kill ends the process and whatever it started, and what waits for its pipes.
func (c *process) kill() {
	if !c.hasExited() {
		killGroup(c.cmd.Process)
	}
	_, _ = c.in.Close(), c.out.Close()
}

func (c *process) stop() {
	c.kill()
	<-c.exited
}

// watch calls exceeded when the process has taken more memory than it may, and returns when ctx ends.
func (c *process) watch(ctx context.Context, memory int64, exceeded func()) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if residentMemory(c.cmd.Process.Pid) > memory {
				exceeded()
			}
		}
	}
}

// autopsy ends a process that did not answer as it should, and says what is known of that.
func (c *process) autopsy(err error) error {
	if !errors.Is(err, errNoAnswer) { // its pipe has closed: it is about to end by itself
		select {
		case <-c.exited:
		case <-time.After(time.Second):
		}
	}
	byItself := c.hasExited()
	c.stop()
	said := c.stderr.String()
	first, _, _ := strings.Cut(said, "\n")
	switch status, _ := c.cmd.ProcessState.Sys().(syscall.WaitStatus); {
	case !byItself:
		return fmt.Errorf("%w: %w", ErrCrashed, err)
	case status.Signaled() && status.Signal() == syscall.SIGKILL:
		return fmt.Errorf("%w: killed from outside, as the system does when memory runs out", ErrMemory)
	case outOfMemory.MatchString(said):
		return fmt.Errorf("%w: %s", ErrMemory, first)
	}
	return fmt.Errorf("%w: %s: %.300s", ErrCrashed, c.cmd.ProcessState, first)
}

// A head keeps the first bytes that are written to it.
type head struct {
	mu   sync.Mutex
	kept []byte
}

func (h *head) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.kept = append(h.kept, b[:min(len(b), maxStderr-len(h.kept))]...)
	return len(b), nil
}

func (h *head) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return string(h.kept)
}
