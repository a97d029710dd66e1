package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// lockStorage makes the storage folder where it is missing and claims it for this process. A folder that another process holds is refused
// with a sentence that names the process. The lock ends with unlock or with the process, however that ends.
func lockStorage(dir string) (unlock func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("建不了数据文件夹 %s：%w", dir, err)
	}
	path := filepath.Join(dir, "lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("数据文件夹 %s 不能写入：%w", dir, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("数据文件夹 %s 正被另一个 terrace 进程（%s）使用：先停止它，或改用别的 storage.dir", dir, holder(path))
		}
		return nil, fmt.Errorf("锁不住数据文件夹 %s：%w", dir, err)
	}
	if err := sign(f); err != nil {
		f.Close()
		return nil, fmt.Errorf("数据文件夹 %s 不能写入：%w", dir, err)
	}
	return f.Close, nil
}

// sign leaves this process's number in the lock file.
func sign(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	return err
}

func holder(path string) string {
	text, err := os.ReadFile(path)
	if pid := strings.TrimSpace(string(text)); err == nil && pid != "" {
		return "pid " + pid
	}
	return "pid 不明"
}

// readStorage lets a storage folder be read beside the process that holds it, until release: nobody may put other files in the place of its databases meanwhile.
func readStorage(dir string) (release func() error, err error) {
	return lockReading(dir, syscall.LOCK_SH, "正在压缩：等 terrace archive compact 做完再来")
}

// replaceStorage makes sure that nobody reads a storage folder, until release, so that its databases can be replaced.
func replaceStorage(dir string) (release func() error, err error) {
	return lockReading(dir, syscall.LOCK_EX, "正被校验或导出：等 terrace archive 的另一个命令做完再来")
}

func lockReading(dir string, how int, taken string) (release func() error, err error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, unreadable(dir, err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock-reading"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("数据文件夹 %s 不能写入：%w", dir, err)
	}
	if err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); err != nil {
		defer f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("数据文件夹 %s %s", dir, taken)
		}
		return nil, fmt.Errorf("锁不住数据文件夹 %s：%w", dir, err)
	}
	return f.Close, nil
}
