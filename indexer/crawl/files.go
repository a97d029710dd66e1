package crawl

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

const (
	scriptLife  = 24 * time.Hour // of what is remembered of a script file
	scriptRetry = time.Hour      // until one that could not be had is asked for again
	maxScript   = 512 << 10      // bytes of one that are read
	maxScripts  = 1 << 20        // bytes of all that are remembered of a site
)

// A scriptFile is what is remembered of a file with a page's scripts.
type scriptFile struct {
	text  string // empty: it could not be had
	until time.Time
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
	if known, ok := a.scripts[address]; ok && a.crawler.now().Before(known.until) {
		return known.text
	}
	if a.crawler.registry.Of(u) != a.site || !a.crawler.registry.Allowed(a.site, address) {
		return ""
	}
	rules, outage, err := a.rules(ctx, u)
	if err != nil || outage != nil || !rules.allows(u) {
		return ""
	}
	file := scriptFile{"", a.crawler.now().Add(scriptRetry)}
	if res, err := a.ask(cutAt(ctx, maxScript), a.fetcher, request{url: u}); err == nil && res.status == http.StatusOK {
		file = scriptFile{string(res.body), a.crawler.now().Add(scriptLife)}
	}
	if ctx.Err() == nil {
		a.remember(address, file)
	}
	return file.text
}

// remember keeps a script file, and forgets all others where there are too many.
func (a *actor) remember(address string, file scriptFile) {
	size := len(file.text)
	for known, f := range a.scripts {
		size += len(known) + len(f.text)
	}
	if size > maxScripts {
		clear(a.scripts)
	}
	a.scripts[address] = file
}
