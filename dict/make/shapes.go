package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// Two characters look alike where they share a long run of strokes, so most often a part: its length squared is at least leastAlike of the
// product of their numbers of strokes. On pycorrector's 5,348 pairs of look-alikes 80 % of the partners are among the 30 most alike by this;
// by the edit distance of the strokes 57 %.
const (
	leastAlike = .3
	mostAlike  = 30
)

// shapes writes shapes.txt.gz from the stroke orders of the npm package cnchar-order, a letter a stroke.
func shapes() error {
	strokes, err := strokeOrders()
	if err != nil {
		return err
	}
	characters := make([]rune, 0, len(strokes))
	for c := range strokes {
		characters = append(characters, c)
	}
	slices.Sort(characters)
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	for _, c := range characters {
		if alike := lookAlikes(c, characters, strokes); len(alike) > 0 {
			fmt.Fprintf(z, "%c%s\n", c, string(alike))
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile("shapes.txt.gz", out.Bytes(), 0o644)
}

func strokeOrders() (map[rune]string, error) {
	dir, err := os.MkdirTemp("", "strokes")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if out, err := exec.Command("npm", "install", "--prefix", dir, "--no-save", "cnchar-order@3.2.6").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm install cnchar-order: %w: %s", err, out)
	}
	js, err := os.ReadFile(filepath.Join(dir, "node_modules/cnchar-order/cnchar.order.min.js"))
	if err != nil {
		return nil, err
	}
	_, list, _ := strings.Cut(string(js), "JSON.parse('")
	list, _, _ = strings.Cut(list, "')")
	var orders map[string]string
	if err := json.Unmarshal([]byte(list), &orders); err != nil {
		return nil, fmt.Errorf("stroke orders of cnchar-order: %w", err)
	}
	out := map[rune]string{}
	for c, strokes := range orders {
		if r, n := utf8.DecodeRuneInString(c); n == len(c) && han(c) && strokes != "" {
			out[r] = strokes
		}
	}
	return out, nil
}

// lookAlikes are the characters like c, the most alike first.
func lookAlikes(c rune, characters []rune, strokes map[rune]string) []rune {
	type alike struct {
		character rune
		share     float64
	}
	var found []alike
	for _, d := range characters {
		shared := float64(sharedRun(strokes[c], strokes[d]))
		share := shared * shared / float64(len(strokes[c])*len(strokes[d]))
		if d != c && share >= leastAlike {
			found = append(found, alike{d, share})
		}
	}
	slices.SortStableFunc(found, func(a, b alike) int { return cmp.Compare(b.share, a.share) })
	var out []rune
	for _, a := range found[:min(mostAlike, len(found))] {
		out = append(out, a.character)
	}
	return out
}

// sharedRun is the length of the longest run of strokes that two orders share.
func sharedRun(a, b string) int {
	longest := 0
	row := make([]int, len(b)+1) // of the run that ends at each stroke of b
	for i := range len(a) {
		for j := len(b); j > 0; j-- {
			row[j] = 0
			if a[i] == b[j-1] {
				row[j] = row[j-1] + 1
				longest = max(longest, row[j])
			}
		}
		row[0] = 0
	}
	return longest
}
