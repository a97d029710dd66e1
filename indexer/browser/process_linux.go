package browser

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// isolation has the browser die with this process, even where that is killed. alone gives it a network without any device, in a user namespace that this
// user may make.
func isolation(alone bool) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	if alone {
		user, group := os.Getuid(), os.Getgid()
		attr.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: user, HostID: user, Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: group, HostID: group, Size: 1}}
	}
	return attr
}

// family is a process and all that came of it.
func family(pid int) []int {
	children := map[int][]int{}
	all, _ := os.ReadDir("/proc")
	for _, e := range all {
		child, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if parent, ok := parentOf(child); ok {
			children[parent] = append(children[parent], child)
		}
	}
	out := []int{pid}
	for i := 0; i < len(out); i++ {
		out = append(out, children[out[i]]...)
	}
	return out
}

// parentOf reads the fourth field of stat; the second is a name in brackets that may hold blanks.
func parentOf(pid int) (int, bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, false
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 2 {
		return 0, false
	}
	parent, err := strconv.Atoi(fields[1])
	return parent, err == nil
}

// memory is what a process and all that came of it hold in bytes, without what is mapped from files, which they share.
func memory(pid int) (bytes int64) {
	for _, member := range family(pid) {
		f, err := os.Open(fmt.Sprintf("/proc/%d/status", member))
		if err != nil {
			continue
		}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			name, value, _ := strings.Cut(lines.Text(), ":")
			if name != "RssAnon" && name != "RssShmem" {
				continue
			}
			kib, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(value, "kB")), 10, 64)
			bytes += kib << 10
		}
		f.Close()
	}
	return bytes
}

// kill ends a process and its group.
func kill(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }
