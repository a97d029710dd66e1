//go:build unix

package crawl

import (
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkCrawl crawls a site of 3,000 articles and 31 lists over loopback without a pace, into a new archive. Server and client share the processor.
func BenchmarkCrawl(b *testing.B) {
	const lists, articles = 30, 100
	paragraph := "<p>" + strings.Repeat("为进一步做好全州养老服务工作，现将有关事项通知如下。", 20) + "</p>\n"
	answer := func(w http.ResponseWriter, r *http.Request) {
		var list, article int
		switch n, _ := fmt.Sscanf(r.URL.Path, "/l%d/a%d.html", &list, &article); {
		case r.URL.Path == "/":
			for i := range lists {
				fmt.Fprintf(w, "<a href=/l%d/>栏目 %d</a>\n", i, i)
			}
		case n == 1 && strings.HasSuffix(r.URL.Path, "/"):
			for i := range articles {
				fmt.Fprintf(w, "<li><a href=a%d.html>第 %d 号通知</a><span>2026-01-02</span></li>\n", i, i)
			}
		case n == 2:
			fmt.Fprintf(w, "<title>第 %d 号通知</title>%s<p>%s</p>", article, strings.Repeat(paragraph, 5), r.URL.Path)
		default:
			http.NotFound(w, r)
		}
	}
	pages, spent := 0, time.Duration(0)
	for b.Loop() {
		b.StopTimer()
		n := newTownOf(b, answer)
		b.StartTimer()
		before := processorTime(b)
		n.crawl(nil)
		spent += processorTime(b) - before
		pages += len(n.asked)
	}
	b.ReportMetric(float64(pages)/spent.Seconds(), "pages/cpu-s")
	b.ReportMetric(float64(pages)/b.Elapsed().Seconds(), "pages/s")
}

func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
