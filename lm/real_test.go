package lm

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"terrace/segment"
)

// BenchmarkTrain trains on all there is of three real corpora; without them it is skipped.
func BenchmarkTrain(b *testing.B) {
	dir := os.Getenv("TERRACE_DATA")
	if dir == "" {
		dir = "../../shared/data"
	}
	var texts []string
	for _, name := range []string{"news", "letters", "statutes"} {
		f, err := os.Open(filepath.Join(dir, "retrieval", name, "corpus.jsonl"))
		if err != nil {
			b.Skip("no real texts: ", err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<26)
		for lines.Scan() {
			var d struct{ Title, Text string }
			if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
				b.Fatal(err)
			}
			texts = append(texts, segment.Normalize(d.Title), segment.Normalize(d.Text))
		}
		f.Close()
	}
	for b.Loop() {
		m, err := Train(context.Background(), slices.Values(texts))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(m.Characters()), "characters")
		b.ReportMetric(float64(m.Bytes())/(1<<20), "MB")
	}
}

func BenchmarkScore(b *testing.B) {
	m := train(b, "住房公积金提取办理指南", "公积金查询", "奖金提取")
	for b.Loop() {
		m.Score('公', '积', '金')
	}
}
