package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatIsReadIsNotReplacedMeanwhile(t *testing.T) {
	path := written(t, smallest)
	dir := filepath.Join(filepath.Dir(path), "terrace-data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	compact := func() error {
		root := newRootCommand()
		root.SetArgs([]string{"archive", "compact", "--config", path})
		return root.ExecuteContext(t.Context())
	}
	release, err := readStorage(dir)
	if err != nil {
		t.Fatal(err)
	}
	other, err := readStorage(dir)
	if err != nil {
		t.Fatalf("a second reader: %v", err)
	}
	if err := compact(); err == nil || !strings.Contains(err.Error(), "正被校验或导出") {
		t.Errorf("beside readers: %v", err)
	}
	release()
	other()
	if err := compact(); err == nil || !strings.Contains(err.Error(), "里没有存档") {
		t.Errorf("when they are done: %v", err)
	}
	if release, err = replaceStorage(dir); err != nil {
		t.Fatal(err)
	}
	defer release()
	if _, err := readStorage(dir); err == nil || !strings.Contains(err.Error(), "正在压缩") {
		t.Errorf("a reader beside compact: %v", err)
	}
}
