package pinyin

import (
	"bufio"
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"terrace/dict"
)

// frequent are the most frequent words of the general dictionary.
func frequent(tb testing.TB, n int) []Word {
	in, err := dict.Words()
	if err != nil {
		tb.Fatal(err)
	}
	var out []Word
	for lines := bufio.NewScanner(in); lines.Scan(); {
		text, count, _ := strings.Cut(lines.Text(), " ")
		weight, err := strconv.ParseFloat(count, 64)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, Word{text, weight})
	}
	slices.SortFunc(out, func(a, b Word) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Text, b.Text)) })
	return out[:n]
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := load(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewDecoder(b *testing.B) {
	words := frequent(b, 100_000)
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		d := NewDecoder(words, nil)
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(d)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB")
	}
}

func BenchmarkDecode(b *testing.B) {
	model := counted("提取公积金\n住房公积金提取\n居民身份证办理\n社会保险\n城乡居民基本医疗保险")
	for _, n := range []int{10_000, 100_000} {
		d := NewDecoder(frequent(b, n), model)
		for _, latin := range []string{
			"gjj", "zz", "gjjin", "gongjijintiqu", "chengxiangjuminjibenyiliaobaoxian", strings.Repeat("yishi", 12), "wuyongzhwifi",
		} {
			b.Run(fmt.Sprintf("%d/%s", n, latin), func(b *testing.B) {
				for b.Loop() {
					d.Decode(latin, 3)
				}
			})
		}
	}
}
