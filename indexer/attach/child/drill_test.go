package child

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"terrace/indexer/attach"
	"terrace/indexer/attach/attachtest"
)

// A tally is what the files of one format came to.
type tally struct {
	files, text, scans, failed int
	bytes                      int // of text
	slowest                    time.Duration
	slow                       string // the file
}

// Real files, and as many damaged ones made of them, are read by the real readers within the limits of a child: none crashes it, takes 30 s or 512 MB. TERRACE_DRILL_FILES is how many
// damaged ones.
func TestDrillRealAndDamagedFiles(t *testing.T) {
	files := attachtest.Real(t, "*")
	damaged := 60
	if n := os.Getenv("TERRACE_DRILL_FILES"); n != "" {
		if _, err := fmt.Sscan(n, &damaged); err != nil {
			t.Fatal(err)
		}
	}
	cache := filepath.Join(t.TempDir(), "pdf")
	attachtest.Must(t, os.Mkdir(cache, 0o700))
	attachtest.Must(t, attach.Prepare(t.Context(), cache))
	p := NewPool(Options{Command: []string{os.Args[0], "reader", cache}})
	defer p.Close()
	names := slices.Sorted(maps.Keys(files))
	whole, broken := drill{T: t, Pool: p}, drill{T: t, Pool: p}
	for _, name := range names {
		whole.read(name, files[name])
	}
	r := rand.New(rand.NewPCG(6, 2000))
	byFormat := map[string][]string{}
	for _, name := range names {
		byFormat[path.Ext(name)] = append(byFormat[path.Ext(name)], name)
	}
	formats := slices.Sorted(maps.Keys(byFormat))
	for range damaged {
		some := byFormat[formats[r.IntN(len(formats))]]
		name := some[r.IntN(len(some))]
		how, data := damage(t, r, files, names, name)
		broken.read(how+" of "+name, data)
	}
	whole.report("real files")
	broken.report("damaged files")
}

type drill struct {
	*testing.T
	*Pool
	tallies map[string]*tally
	peak    int64
}

func (d *drill) read(name string, data []byte) {
	began := time.Now()
	text, err := d.Read(d.Context(), attach.File{Name: filepath.Base(name), Data: data})
	took := time.Since(began)
	if err != nil && !isReaders(err) {
		d.Errorf("%s: %v", name, err)
	}
	c := <-d.slots
	if c != nil {
		d.peak = max(d.peak, highWater(c.cmd.Process.Pid))
	}
	d.slots <- c
	if d.tallies == nil {
		d.tallies = map[string]*tally{}
	}
	format := cmp.Or(text.Format, "unknown")
	n := d.tallies[format]
	if n == nil {
		n = &tally{}
		d.tallies[format] = n
	}
	n.files++
	n.bytes += len(text.Body)
	if text.Body != "" {
		n.text++
	}
	if text.NeedsOCR {
		n.scans++
	}
	if err != nil {
		n.failed++
	}
	if took > n.slowest {
		n.slowest, n.slow = took, name
	}
}

func (d *drill) report(what string) {
	d.Logf("%s: peak of a child %d MB resident", what, d.peak>>20)
	for _, f := range slices.Sorted(maps.Keys(d.tallies)) {
		n := d.tallies[f]
		d.Logf("%-8s %4d files, %4d with text (%d kB), %3d scans, %4d not whole, slowest %4d ms (%s)",
			f, n.files, n.text, n.bytes>>10, n.scans, n.failed, n.slowest.Milliseconds(), n.slow)
	}
}

// highWater is the most memory that a process has had resident, shared and mapped files included; 0 where that is not known.
func highWater(pid int) (bytes int64) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	var kB int64
	if _, err := fmt.Sscan(line, &kB); err != nil {
		return 0
	}
	return kB << 10
}

// damage makes a file such as broken uploads and malice give: cut short, with bits turned, with a piece of another in it, in archives within archives, many times over.
func damage(t *testing.T, r *rand.Rand, files map[string][]byte, names []string, name string) (how string, data []byte) {
	whole := files[name]
	data = slices.Clone(whole)
	if len(data) < 2 {
		return "all", data
	}
	switch r.IntN(6) {
	case 0:
		return "beginning", data[:1+r.IntN(len(data)-1)]
	case 1:
		for range 1 + r.IntN(1+len(data)/200) {
			data[r.IntN(len(data))] ^= 1 << r.IntN(8)
		}
		return "turned bits", data
	case 2:
		at, other := r.IntN(len(data)), files[names[r.IntN(len(names))]]
		if len(other) > 0 {
			copy(data[at:], other[r.IntN(len(other)):])
		}
		return "a piece of another", data
	case 3:
		at := r.IntN(len(data))
		for i := range data[at:min(len(data), at+1+r.IntN(64))] {
			data[at+i] = []byte{0, 0xff, 0x7f, 0x80}[r.IntN(4)]
		}
		return "large and small numbers", data
	case 4:
		for range 1 + r.IntN(5) {
			data = attachtest.Zip(t, "a-"+name, string(data), "b-"+name, string(whole))
		}
		return "archives", data
	}
	parts := []string{}
	for i := range 2 + r.IntN(60) {
		parts = append(parts, fmt.Sprintf("%d-%s", i, name), string(data))
	}
	return "many copies", attachtest.Zip(t, parts...)
}
