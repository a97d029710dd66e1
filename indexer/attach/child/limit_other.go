//go:build !linux

package child

import (
	"os"
	"syscall"
)

// Elsewhere a child is limited in time, and by Go's soft limit of memory.

func isolation(int) (attr *syscall.SysProcAttr, last bool) { return nil, true }

func isRefusal(error) bool { return false }

func killGroup(p *os.Process) { _ = p.Kill() }

func residentMemory(int) int64 { return 0 }

func limitFiles() error { return nil }

func limitMemory(int64) error { return nil }
