package browser

import (
	"strings"
	"testing"
)

// BenchmarkRender opens pages of an application of 500 kB that shows a list of 100 entries, and tells what the browser holds in memory after each.
func BenchmarkRender(b *testing.B) {
	l := newLab(b, map[string]string{
		"/": `<div id=app></div><script src="/app.js"></script>`,
		"/app.js": `fetch('/api/list').then(r => r.json()).then(all => { app.innerHTML = all.map(x => '<li><a href="/a/' + x + '">关于第' + x + '号文件的通知</a>').join('') });` +
			strings.Repeat("function never() { return 'used' }\n", 15_000),
		"/api/list": "[" + strings.TrimSuffix(strings.Repeat("7,", 100), ",") + "]",
	})
	l.shows("/", "关于第7号文件的通知")
	most := int64(0)
	for b.Loop() {
		l.shows("/", "关于第7号文件的通知")
		most = max(most, memory(l.pid()))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
	b.ReportMetric(float64(most)/(1<<20), "MB")
}
