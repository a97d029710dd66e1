// Package attachtest holds what the tests of attached files share.
package attachtest

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// Must ends a test at an error.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Zip is a ZIP file of names and contents in turn.
func Zip(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		Must(t, err)
		_, err = w.Write([]byte(parts[i+1]))
		Must(t, err)
	}
	Must(t, z.Close())
	return b.Bytes()
}

// Real are the bytes of real attachments whose names match a pattern, by name. Where there are none the test is skipped.
func Real(t testing.TB, pattern string) map[string][]byte {
	t.Helper()
	data := os.Getenv("TERRACE_DATA")
	if data == "" {
		data = filepath.Join(root(t), "..", "shared", "data")
	}
	names, err := filepath.Glob(filepath.Join(data, "attachments", pattern))
	Must(t, err)
	if len(names) == 0 {
		t.Skipf("no attachments %s in %s", pattern, data)
	}
	files := map[string][]byte{}
	for _, name := range names {
		files[filepath.Base(name)], err = os.ReadFile(name)
		Must(t, err)
	}
	return files
}

// root is the folder of the module that the test is in.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	Must(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}
