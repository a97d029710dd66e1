package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A compact that is killed at any moment leaves an archive that is whole: each round kills one, looks the archive over and compares what it says of itself.
func TestACompactThatIsKilledLosesNothing(t *testing.T) {
	d := &killDrill{T: t, dir: t.TempDir(), random: rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano()))), http: freeAddress(t)}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(d.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("terrace.yaml", "name: 云河州\nsites: [{id: portal, name: 云河州人民政府, hosts: [www.yunhe.example]}]\n")
	var lines strings.Builder
	for n := range 600 {
		fmt.Fprintf(&lines, "{\"id\":\"%d\",\"title\":\"通知%d\",\"text\":\"%x\"}\n", n, n, d.random.Uint64())
	}
	write("docs.jsonl", lines.String())
	d.once("import", "docs.jsonl")
	began := time.Now()
	d.once("archive", "compact")
	whole := time.Since(began)
	for range 5 {
		c := d.program("archive", "compact")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- c.Wait() }()
		select {
		case <-time.After(time.Duration(d.random.Int64N(int64(whole)))):
			c.Process.Kill()
			<-ended
		case <-ended:
		}
		said, err := d.program("archive", "verify").Output()
		if err != nil || !strings.Contains(string(said), "核对了 600 个网页、600 份原文") {
			t.Fatalf("after a kill: %v\n%s%s", err, said, d.output.String())
		}
	}
	d.once("archive", "compact")
	if left, _ := filepath.Glob(filepath.Join(d.dir, "terrace-data", "*.compact*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}
