package bluge

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"terrace/index"
	"terrace/index/indextest"
)

var quiet = Options{Log: slog.New(slog.DiscardHandler)}

func openAt(t *testing.T, dir string) *Index {
	t.Helper()
	ix, err := Open(dir, indextest.Analyzer(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return ix
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// liveWith is an index whose live generation holds n documents, put one portion after the other.
func liveWith(t *testing.T, dir string, n, portion int) (*Index, *generation) {
	t.Helper()
	ix := openAt(t, dir)
	g, err := ix.Create(t.Context(), index.Fingerprints{Extractor: "1"})
	must(t, err)
	for from := 0; from < n; from += portion {
		must(t, g.Put(t.Context(), notices(from, min(from+portion, n))...))
	}
	must(t, ix.Promote(t.Context(), g.Name()))
	return ix, g.(*generation)
}

func notices(from, to int) (out []index.Document) {
	for i := from; i < to; i++ {
		out = append(out, index.Document{
			ID: fmt.Sprintf("n%05d", i), Title: fmt.Sprintf("关于第%d次会议的通知", i), Body: strings.Repeat("会议内容 ", i%300+1) + fmt.Sprint("编号", i),
			Kind: index.Policy, Copies: []index.Copy{{Site: "bmf", Date: index.Date(20200101 + i%28)}},
		})
	}
	return out
}

func titled(text string) index.Query {
	return index.Query{Score: []index.Group{{{{Field: index.Body, Text: text, Weight: 1}}}}, Limit: 10}
}

func count(t *testing.T, ix *Index) int {
	t.Helper()
	r, err := ix.Search(t.Context(), titled("会议"))
	must(t, err)
	return r.Total
}

func files(t *testing.T, dir, pattern string) []string {
	t.Helper()
	out, err := filepath.Glob(filepath.Join(dir, pattern))
	must(t, err)
	return out
}

func TestADirectoryIsOpenOnce(t *testing.T) {
	dir := t.TempDir()
	ix := openAt(t, dir)
	if _, err := Open(dir, indextest.Analyzer(), quiet); !errors.Is(err, ErrLocked) {
		t.Fatalf("second open: %v, want ErrLocked", err)
	}
	must(t, ix.Close())
	must(t, openAt(t, dir).Close())
}

// childDirectory names, for the child process, the directory to fill and to be killed in.
const childDirectory = "TERRACE_TEST_BLUGE_DIRECTORY"

func TestWhatWasPutOutlastsAKill(t *testing.T) {
	if dir := os.Getenv(childDirectory); dir != "" {
		_, g := liveWith(t, dir, 40, 10)
		must(t, g.Delete(t.Context(), "n00003", "unknown"))
		fmt.Println("acknowledged")
		select {} // until killed
	}
	dir := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWhatWasPutOutlastsAKill$")
	child.Env = append(os.Environ(), childDirectory+"="+dir)
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	must(t, errors.Join(err, child.Process.Kill()))
	if child.Wait() == nil || line != "acknowledged\n" {
		t.Fatalf("child ended by itself, said %q", line)
	}
	if got := count(t, openAt(t, dir)); got != 39 {
		t.Fatalf("%d documents after the kill, want 39", got)
	}
}

func TestATornSnapshotIsSetAside(t *testing.T) {
	for name, tear := range map[string]func([]byte) []byte{
		"cut short":  func(b []byte) []byte { return b[:len(b)/2] },
		"empty":      func([]byte) []byte { return nil },
		"bit turned": func(b []byte) []byte { b[len(b)/2] ^= 16; return b },
		"zeroed":     func(b []byte) []byte { return make([]byte, len(b)) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			ix, g := liveWith(t, dir, 20, 20)
			must(t, ix.Close())
			snapshots := files(t, g.path, "*.snp")
			good, err := os.ReadFile(snapshots[len(snapshots)-1])
			must(t, err)
			torn := filepath.Join(g.path, "00000000ffff.snp")
			must(t, os.WriteFile(torn, tear(good), 0o600))
			if got := count(t, openAt(t, dir)); got != 20 {
				t.Fatalf("%d documents, want 20", got)
			}
			if _, err := os.Stat(torn + tornSuffix); err != nil {
				t.Fatalf("torn snapshot: %v", err)
			}
		})
	}
}

func TestAGenerationWithoutAReadableSnapshotIsDamagedAndCanBeReplaced(t *testing.T) {
	dir := t.TempDir()
	ix, g := liveWith(t, dir, 20, 20)
	must(t, ix.Close())
	for _, s := range files(t, g.path, "*.snp") {
		must(t, os.Truncate(s, 3))
	}
	ix = openAt(t, dir)
	replaceable(t, ix, ErrDamaged)
}

func TestAGenerationOfAnotherFormatIsListedAndCanBeReplaced(t *testing.T) {
	dir := t.TempDir()
	ix, g := liveWith(t, dir, 5, 5)
	must(t, ix.Close())
	m := g.manifest
	m.Format = format + 1
	must(t, writeManifest(machine{}, g.path, m))
	replaceable(t, openAt(t, dir), ErrFormat)
}

// replaceable checks that the live generation fails with want, is listed, and gives way to another.
func replaceable(t *testing.T, ix *Index, want error) {
	t.Helper()
	if _, err := ix.Search(t.Context(), titled("会议")); !errors.Is(err, want) {
		t.Fatalf("search: %v, want %v", err, want)
	}
	infos, err := ix.Generations(t.Context())
	must(t, err)
	if len(infos) != 1 || !infos[0].Live || infos[0].Made.Extractor != "1" {
		t.Fatalf("generations: %+v", infos)
	}
	g, err := ix.Create(t.Context(), index.Fingerprints{Extractor: "2"})
	must(t, err)
	must(t, g.Put(t.Context(), notices(0, 7)...))
	must(t, ix.Promote(t.Context(), g.Name()))
	if got := count(t, ix); got != 7 {
		t.Fatalf("%d documents, want 7", got)
	}
}

func TestWhatACrashLeftIsSwept(t *testing.T) {
	dir := t.TempDir()
	ix, g := liveWith(t, dir, 20, 20)
	must(t, ix.Close())
	left := []string{
		filepath.Join(g.path, "00000000eeee.seg"), filepath.Join(g.path, "00000000eeef.snp.tmp"),
		filepath.Join(dir, ".new-x", "manifest.json"), filepath.Join(dir, ".drop-y", "1.seg"), filepath.Join(dir, "CURRENT.tmp"),
	}
	for _, f := range left {
		must(t, os.MkdirAll(filepath.Dir(f), 0o700))
		must(t, os.WriteFile(f, []byte("left by a crash"), 0o600))
	}
	if got := count(t, openAt(t, dir)); got != 20 {
		t.Fatalf("%d documents, want 20", got)
	}
	for _, f := range left {
		if _, err := os.Stat(f); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there (%v)", f, err)
		}
	}
}

func TestADamagedSegmentIsAnErrorAndNoCrash(t *testing.T) {
	dir := t.TempDir()
	ix, g := liveWith(t, dir, 200, 200)
	must(t, ix.Close())
	segment := files(t, g.path, "*.seg")[0]
	good, err := os.ReadFile(segment)
	must(t, err)
	for at := range 40 {
		bad := append([]byte(nil), good...)
		for i := len(bad) * at / 40; i < len(bad)*(at+1)/40; i++ {
			bad[i] = 0xff
		}
		must(t, os.WriteFile(segment, bad, 0o600))
		ix, err := Open(dir, indextest.Analyzer(), quiet)
		must(t, err)
		r, err := ix.Search(context.Background(), titled("会议"))
		if err == nil && r.Documents != 200 {
			t.Errorf("part %d damaged: %d documents and no error", at, r.Documents)
		}
		must(t, ix.Close())
	}
}
