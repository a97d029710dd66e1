package crawl

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

const (
	scriptLife = 24 * time.Hour // of what is remembered of a script file
	maxScripts = 100            // files that are remembered of a site
	maxScript  = 512 << 10      // bytes of one that are read
)

// A scriptFile is what is remembered of a file with a page's scripts.
type scriptFile struct {
	text string // empty: it could not be had
	at   time.Time
}

// files are the texts of script files, those that cannot be had left out: never nil. Each is asked for once a day, whatever page wants it.
func (a *actor) files(ctx context.Context, wanted []*url.URL) []string {
	texts := []string{}
	for _, u := range wanted {
		if text := a.script(ctx, u); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

func (a *actor) script(ctx context.Context, u *url.URL) string {
	address := u.String()
	if known, ok := a.scripts[address]; ok && a.crawler.now().Sub(known.at) < scriptLife {
		return known.text
	}
	if len(a.scripts) >= maxScripts {
		clear(a.scripts)
	}
	if a.crawler.registry.Of(u) != a.site || !a.crawler.registry.Allowed(a.site, address) {
		return ""
	}
	rules, outage, err := a.rules(ctx, u)
	if err != nil || outage != nil || !rules.allows(u) {
		return ""
	}
	text := ""
	if res, err := a.ask(ctx, a.fetcher, request{url: u}); err == nil && res.status == http.StatusOK && len(res.body) <= maxScript {
		text = string(res.body)
	}
	if ctx.Err() == nil {
		a.scripts[address] = scriptFile{text, a.crawler.now()}
	}
	return text
}
