package child

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"terrace/indexer/attach"
	"terrace/indexer/attach/plain"
)

// TestMain is also the program of the children, and of a parent that is killed.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 1 && os.Args[1] == "child":
		if err := Serve(os.Stdin, os.Stdout, behave); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case len(os.Args) > 2 && os.Args[1] == "reader":
		if err := Serve(os.Stdin, os.Stdout, attach.NewReader(os.Args[2]).Read); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case len(os.Args) > 1 && os.Args[1] == "parent":
		parent()
	default:
		os.Exit(m.Run())
	}
}

// behave is a reader that does what the name of the file says.
func behave(ctx context.Context, f attach.File) (attach.Text, error) {
	if poisoned {
		panic("a file before has broken this process")
	}
	do, arg, _ := strings.Cut(f.Name, " ")
	if b, ok := misdeeds[do]; ok {
		return attach.Text{}, b(ctx, arg)
	}
	if do == "slow" {
		<-ctx.Done()
		return attach.Text{Body: "begun"}, fmt.Errorf("read slowly: %w", ctx.Err())
	}
	if f, ok := questions[do]; ok {
		s, err := f(arg)
		return attach.Text{Body: s}, err
	}
	return attach.Text{Format: "txt", Body: string(f.Data), NeedsOCR: true, Cut: 3, Unread: 1, Skipped: []string{"a.exe: unknown"}}, nil
}

var poisoned bool // what a file may leave behind in its child

var misdeeds = map[string]func(ctx context.Context, arg string) error{
	"hang": func(context.Context, string) error { return forever() },
	"spin": func(context.Context, string) error {
		for {
		}
	},
	"panic": func(context.Context, string) error { panic("a reader that is wrong") },
	"exit":  func(context.Context, string) error { os.Exit(0); return nil },
	"print": func(context.Context, string) error { fmt.Println("page 1 has no font"); return nil },
	"lie":   func(context.Context, string) error { return sendHead(response{Number: 1, Size: attach.MaxText + 1}) },
	"garble": func(context.Context, string) error {
		return writeFrame(os.Stdout, response{Number: 1, Size: 2}, []byte{0xff, 0xfe})
	},
	"flood": func(context.Context, string) error {
		_, err := io.Copy(os.Stdout, strings.NewReader(strings.Repeat("\x00\x00\x00\x02{}", 1<<20)))
		return err
	},
	"eat": func(context.Context, string) error {
		for kept := [][]byte{}; ; kept = append(kept, make([]byte, 1<<20)) {
			for i := 0; len(kept) > 0 && i < 1<<20; i += 4096 {
				kept[len(kept)-1][i] = 1
			}
		}
	},
	"grab": func(context.Context, string) error { b := make([]byte, 8<<30); b[len(b)/2] = 1; return nil },
	"fail": func(_ context.Context, arg string) error { return fmt.Errorf("read: %w", causes()[arg]) },
	"fork": func(ctx context.Context, _ string) error {
		if err := exec.Command("/proc/self/exe", "child").Start(); err != nil {
			return err
		}
		return forever()
	},
}

func sendHead(r response) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(append([]byte{0, 0, byte(len(b) >> 8), byte(len(b))}, b...))
	return err
}

var questions = map[string]func(arg string) (string, error){
	"env": func(string) (string, error) { return strings.Join(os.Environ(), " "), nil },
	"pid": func(string) (string, error) { return os.Readlink("/proc/self") },
	"dial": func(address string) (string, error) {
		c, err := net.Dial("tcp", address)
		if err != nil {
			return "no: " + err.Error(), nil
		}
		return "connected", c.Close()
	},
	"write": func(path string) (string, error) {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return "", err
		}
		if _, err = f.WriteString("changed"); err != nil {
			return "no: " + err.Error(), nil
		}
		return "written", f.Close()
	},
	"create": func(name string) (string, error) {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			return "no: " + err.Error(), nil
		}
		return "created", nil
	},
}

// parent asks a child for its number, prints it, and lets it hang.
func parent() {
	self, _ := os.Executable()
	p := NewPool(Options{Command: []string{self, "child"}})
	pid, err := p.Read(context.Background(), attach.File{Name: "pid"})
	if err != nil {
		panic(err)
	}
	fmt.Println(pid.Body)
	_, err = p.Read(context.Background(), attach.File{Name: "spin"})
	panic(err)
}

// isReaders reports that an error is a reader's own.
func isReaders(err error) bool {
	return errors.Is(err, plain.ErrBroken) || errors.Is(err, plain.ErrEncrypted) || errors.Is(err, plain.ErrUnsupported) || errors.Is(err, plain.ErrLimit)
}

// forever hangs with a timer running, for a process in which nothing can ever happen ends itself.
func forever() error {
	time.Sleep(time.Hour)
	return nil
}
