package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"terrace/index"
	"terrace/index/detail"
	"terrace/indexer/extract"
	"terrace/site"
)

// showDetails prints how many documents of each kind among all saved pages have each detail, and the details of a sample of documents that have any.
func showDetails(dir string, sample int) error {
	rows, err := readIndex(filepath.Join(dir, "index.tsv"))
	if err != nil {
		return err
	}
	reg, err := site.New(site.Cluster{})
	if err != nil {
		return err
	}
	x := extract.New(reg)
	counts, kinds := map[[2]string]int{}, map[string]int{}
	var shown []string
	for _, row := range rows {
		if !strings.HasSuffix(row["local_path"], "html") {
			continue
		}
		body, err := os.ReadFile(filepath.Join(dir, row["local_path"]))
		if err != nil {
			return err
		}
		address := row["serve_url"]
		out, err := x.Extract(extract.Input{URL: address, Body: body})
		if err != nil || out.Skip != "" {
			continue
		}
		d := out.Document
		kinds[d.Kind]++
		for _, v := range d.Details {
			counts[[2]string{d.Kind, v.Name}]++
		}
		if len(d.Details) > 0 {
			shown = append(shown, sheet(row["local_path"], d))
		}
	}
	for _, kind := range index.Kinds {
		fmt.Printf("%s documents=%d\n", kind, kinds[kind])
		for _, name := range detail.Names(kind) {
			if n := counts[[2]string{kind, name}]; n > 0 {
				fmt.Printf("  %s %d\n", name, n)
			}
		}
	}
	for i := range min(sample, len(shown)) {
		fmt.Println(shown[i*len(shown)/min(sample, len(shown))])
	}
	return nil
}

func sheet(page string, d index.Document) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  %s %s\n", page, d.Kind, d.Title)
	for _, v := range d.Details {
		fmt.Fprintf(&b, "  %s = %s\n", v.Name, strings.ReplaceAll(string([]rune(v.Value)[:min(160, len([]rune(v.Value)))]), "\n", " ⏎ "))
	}
	return b.String()
}
