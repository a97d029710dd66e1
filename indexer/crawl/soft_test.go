package crawl

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAProbeWithoutAnAnswerIsMadeAgain(t *testing.T) {
	probes := 0
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		made := strings.Contains(r.URL.Path, "no-such-page")
		if made {
			probes++
		}
		switch {
		case r.URL.Path == "/robots.txt" || r.URL.Path == "/sitemap.xml":
			http.NotFound(w, r)
		case r.URL.Path == "/":
			fmt.Fprint(w, "<title>首页</title>")
			for i := range 30 {
				fmt.Fprintf(w, "<a href=/%d.html>文章</a>", i)
			}
		case made && probes == 1:
			w.WriteHeader(http.StatusInternalServerError)
		default:
			fmt.Fprint(w, "<title>出错了</title>您访问的页面不存在")
		}
	})
	now := time.Now().Add(time.Hour) // the home page is due by the clock of the machine
	n.crawl(func(o *Options) {
		o.Delay = probeRetry / 20
		o.Clock.Now = func() time.Time { return now }
		o.Clock.Wait = func(_ context.Context, until time.Time) error {
			if until.After(now) {
				now = until
			}
			return nil
		}
	})
	if got := n.state("/29.html"); probes != 2 || !strings.HasPrefix(got, "quarantined soft 404") {
		t.Errorf("%d made-up addresses were asked for; the last page is %q", probes, got)
	}
}
