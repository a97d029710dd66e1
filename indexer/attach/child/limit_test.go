//go:build linux

package child

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestAChildSeesNoNetwork(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := newPool(t, Options{})
	got := ask(t, p, "dial "+l.Addr().String())
	if _, last := isolation(int(p.isolation.Load())); last {
		t.Skip("this kernel grants no namespaces")
	}
	if !strings.Contains(got, "network is unreachable") {
		t.Errorf("dialling gives %q", got)
	}
}

func TestAChildSeesNoEnvironment(t *testing.T) {
	t.Setenv("TERRACE_PASSWORD", "secret")
	if got := ask(t, newPool(t, Options{}), "env"); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestAChildWritesNoFiles(t *testing.T) {
	p := newPool(t, Options{})
	path := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(path, []byte("as it was"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, p, "write "+path); !strings.Contains(got, "file too large") {
		t.Errorf("writing gives %q", got)
	}
	if b, _ := os.ReadFile(path); string(b) != "as it was" {
		t.Errorf("the file holds %q", b)
	}
	if got := ask(t, p, "create here"); !strings.Contains(got, "no such file or directory") {
		t.Errorf("creating a file in the working directory gives %q", got)
	}
}

func TestAChildDiesWithItsParent(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(self, "parent")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, 0); err != nil {
		t.Fatalf("child %d: %v", pid, err)
	}
	_ = parent.Process.Kill()
	_ = parent.Wait()
	for deadline := time.After(10 * time.Second); syscall.Kill(pid, 0) == nil && !isZombie(pid); {
		select {
		case <-deadline:
			_ = syscall.Kill(pid, syscall.SIGKILL)
			t.Fatalf("child %d lives on", pid)
		case <-time.After(time.Millisecond):
		}
	}
}

// isZombie reports that a process has ended and nobody has waited for it, as where a container's first process does not.
func isZombie(pid int) bool {
	b, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	_, state, _ := strings.Cut(string(b), ") ")
	return strings.HasPrefix(state, "Z")
}
