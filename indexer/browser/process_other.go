//go:build !linux

package browser

import (
	"os"
	"syscall"
)

func isolation(bool) *syscall.SysProcAttr { return nil }

// memory is not known here, and not limited.
func memory(int) int64 { return 0 }

func kill(pid int) {
	if p, err := os.FindProcess(pid); err == nil {
		_ = p.Kill()
	}
}
