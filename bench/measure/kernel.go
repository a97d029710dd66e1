package measure

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Memory is the anonymous memory of a process now, in bytes; 0 where there is no such process.
func Memory(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "RssAnon:")
	var kB int64
	fmt.Sscan(after, &kB)
	return kB << 10
}

// Size is the bytes of the files in a folder and below.
func Size(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		n += info.Size()
		return nil
	})
	return n, err
}
