package child

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
)

const (
	openFiles = 32        // three pipes, those of the runtime, and a cache
	slack     = 192 << 20 // bytes by which Go maps more than it uses: arenas of 64 MiB, tables of its heap
)

// isolation is how far from the system a child is started: 0 is the farthest.
func isolation(n int) (attr *syscall.SysProcAttr, last bool) {
	const others = syscall.CLONE_NEWNET | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC
	attr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	switch n {
	case 0:
		attr.Cloneflags = syscall.CLONE_NEWUSER | others
		// No root in there, so that executing the program leaves it no privilege over its namespaces.
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 65534, HostID: os.Geteuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 65534, HostID: os.Getegid(), Size: 1}}
	case 1: // root where there are no user namespaces
		attr.Cloneflags = others
	}
	return attr, n >= 2
}

// isRefusal reports that a process did not start because of the isolation it was to have.
func isRefusal(err error) bool {
	for _, e := range []error{syscall.EPERM, syscall.EACCES, syscall.EINVAL, syscall.ENOSPC, syscall.EUSERS, syscall.ENOSYS} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

func killGroup(p *os.Process) {
	_ = syscall.Kill(-p.Pid, syscall.SIGKILL)
	_ = p.Kill()
}

// residentMemory is the memory of a process that is its own, in bytes; 0 where there is no such process.
func residentMemory(pid int) int64 {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid)) // pages: size, resident, of these shared, …
	fields := bytes.Fields(b)
	if len(fields) < 3 {
		return 0
	}
	resident, _ := strconv.ParseInt(string(fields[1]), 10, 64)
	shared, _ := strconv.ParseInt(string(fields[2]), 10, 64)
	return (resident - shared) * int64(os.Getpagesize())
}

func limitFiles() error {
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0) // not to be had in every container
	signal.Ignore(syscall.SIGXFSZ)                                  // a write beyond the limit is an error, no end
	for resource, most := range map[int]uint64{syscall.RLIMIT_FSIZE: 0, syscall.RLIMIT_CORE: 0, syscall.RLIMIT_NOFILE: openFiles} {
		if err := lower(resource, most); err != nil {
			return err
		}
	}
	return nil
}

// limitMemory is the second line, behind the parent that looks at what is resident. RLIMIT_AS would count what Go and WebAssembly only reserve; RLIMIT_DATA
// counts what they have made writable, of which a Go program has over 100 MB before it does anything.
func limitMemory(most int64) error {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return nil // no /proc: the parent's watch is all there is
	}
	fields := bytes.Fields(b)
	if len(fields) < 6 {
		return fmt.Errorf("/proc/self/statm says %q", b)
	}
	pages, err := strconv.ParseInt(string(fields[5]), 10, 64) // data and stack
	if err != nil {
		return err
	}
	return lower(syscall.RLIMIT_DATA, uint64(pages*int64(os.Getpagesize())+most+slack))
}

func lower(resource int, most uint64) error {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(resource, &l); err != nil {
		return err
	}
	l.Max = min(l.Max, most)
	l.Cur = l.Max
	return syscall.Setrlimit(resource, &l)
}
