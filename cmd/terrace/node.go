package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"terrace/analysis"
	"terrace/db"
	"terrace/index"
	"terrace/index/bluge"
	"terrace/index/opensearch"
	"terrace/indexer"
	"terrace/indexer/archive"
	"terrace/indexer/attach/tika"
	"terrace/indexer/attached"
	"terrace/indexer/crawl"
	findings "terrace/indexer/finding"
	"terrace/lexicon"
	"terrace/lexicon/audit"
	"terrace/query"
	"terrace/querylog"
	"terrace/segment"
	"terrace/server"
	"terrace/site"
	"terrace/withdraw"
)

// A node is the whole product on one storage folder: archive, index, indexer and searcher, wired.
type node struct {
	config   *Config
	registry *site.Registry
	log      *slog.Logger
	archive  *archive.Archive
	files    *attached.Files
	indexer  *indexer.Indexer
	searcher *query.Searcher
	queries  *querylog.Log
	findings *findings.Watcher
	words    *dictionary
	token    string // of administrators
	closers  []func() error
}

// openNode opens the storage folder. A second process on the same folder is refused.
func openNode(ctx context.Context, c *Config, log *slog.Logger) (*node, error) {
	n := &node{config: c, log: log}
	if err := n.open(ctx); err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

func (n *node) open(ctx context.Context) (err error) {
	c, log := n.config, n.log
	if n.registry, err = c.Registry(); err != nil {
		return err
	}
	unlock, err := lockStorage(c.Storage.Dir)
	if err != nil {
		return err
	}
	n.closers = append(n.closers, unlock)
	seg, err := segmenter(c)
	if err != nil {
		return err
	}
	scheme := analysis.NewScheme(seg)
	ix, closeIndex, err := openIndex(ctx, c, scheme.Index(), log)
	if err != nil {
		return err
	}
	n.closers = append(n.closers, closeIndex)
	state, err := n.database(ctx, stateFile)
	if err != nil {
		return err
	}
	contents, err := n.database(ctx, pagesFile)
	if err != nil {
		return err
	}
	if n.archive, err = archive.Open(ctx, state, contents); err != nil {
		return err
	}
	relations, err := n.database(ctx, relationsFile)
	if err != nil {
		return err
	}
	files, err := newFileReader(filepath.Join(c.Storage.Dir, "cache"), log)
	if err != nil {
		return err
	}
	n.closers = append(n.closers, func() error { files.Close(); return nil })
	if n.files, err = readingBy(n.archive, files, c.Crawl.Tika); err != nil {
		return err
	}
	n.indexer, err = indexer.New(ctx, indexer.Options{
		Archive: n.archive, State: state, Relations: relations, Files: n.files, Index: ix, Registry: n.registry, Log: log,
		Analyzer: analysis.Version, Dictionary: seg.Fingerprint(), Backups: filepath.Join(c.Storage.Dir, backupsFolder),
		KeepFiles: c.Archive.KeepFiles,
	})
	if err != nil {
		return err
	}
	if err := n.indexer.SettleWithdrawals(ctx); errors.Is(err, index.ErrUnavailable) {
		log.Error("the index is not available, withdrawals wait and are filtered", "error", err)
	} else if err != nil {
		return err
	}
	if n.findings, err = n.openFindings(ctx); err != nil {
		return err
	}
	written, err := c.Dictionary.Synonyms.text(synonymsName)
	if err != nil {
		return err
	}
	words, err := synonyms(c.Dictionary.Synonyms.File, written)
	if err != nil {
		return err
	}
	n.words = newDictionary(n, scheme, string(written), words)
	deny, err := denied(c)
	if err != nil {
		return err
	}
	n.queries, err = querylog.Open(ctx, filepath.Join(c.Storage.Dir, queriesFile), querylog.Options{Deny: deny, Word: n.words.isTerm, Log: log})
	if err != nil {
		return fmt.Errorf("打不开查询日志：%w", err)
	}
	n.closers = append(n.closers, n.queries.Close)
	withdrawn := n.indexer.Withdrawn()
	n.searcher = query.New(withdraw.Over(ix, withdrawn), seg, n.registry, query.Options{
		Synonyms: words, Queries: n.queries, Withdrawn: withdrawn, Addresses: n.indexer, Off: c.Ranking.Off, Log: log,
	})
	debug.FreeOSMemory() // reading the dictionary leaves garbage
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	n.token, err = adminToken(c)
	return err
}

// readingBy reads attached files by r and, where that has no text, by the Tika server at a URL; empty: by r alone.
func readingBy(a *archive.Archive, r attached.Reader, server string) (*attached.Files, error) {
	if server == "" {
		return attached.New(a, r), nil
	}
	u, err := url.Parse(server)
	if err != nil {
		return nil, fmt.Errorf("crawl.tika：%w", err)
	}
	files := attached.New(a, tika.New(r, u))
	files.More = true
	return files, nil
}

// collectAt is by how many percent the memory in use grows before it is collected. Most of it are tables without pointers, which cost the collector nothing.
const collectAt = 20

// terms are the names of offices and places and the official terms, which are no names of persons.
func (n *node) terms(words *lexicon.Lexicon) map[string]bool {
	known := map[string]bool{}
	words.Terms(func(term string) { known[term] = true })
	c := n.registry.Cluster()
	for _, d := range c.Departments {
		for _, name := range append([]string{d.Name}, d.Names...) {
			known[segment.Normalize(name)] = true
		}
	}
	for _, p := range c.Places {
		for _, name := range append([]string{p.Name}, p.Names...) {
			known[segment.Normalize(name)] = true
		}
	}
	return known
}

// openIndex opens the index on the configured cluster, or in the storage folder.
func openIndex(ctx context.Context, c *Config, a index.Analyzer, log *slog.Logger) (ix index.Index, closeIndex func() error, err error) {
	if c.Index.URL == "" {
		ix, err := bluge.Open(filepath.Join(c.Storage.Dir, indexFolder), a, bluge.Options{Log: log})
		if err != nil {
			return nil, nil, fmt.Errorf("打不开索引：%w", err)
		}
		return ix, ix.Close, nil
	}
	o := opensearch.Options{URL: c.Index.URL, User: c.Index.User, Password: c.Index.Password, Shards: c.Index.Shards, Log: log}
	if c.Index.CA != "" {
		if o.CA, err = os.ReadFile(c.Index.CA); err != nil {
			return nil, nil, fmt.Errorf("读不了 index.ca：%w", err)
		}
	}
	remote, err := opensearch.Open(ctx, o, a)
	if err != nil {
		return nil, nil, fmt.Errorf("连不上 index.url 的 OpenSearch：%w", err)
	}
	return remote, remote.Close, nil
}

func (n *node) database(ctx context.Context, name string) (*db.DB, error) {
	d, err := db.Open(ctx, filepath.Join(n.config.Storage.Dir, name))
	if err != nil {
		return nil, fmt.Errorf("打不开数据库：%w", err)
	}
	n.closers = append(n.closers, d.Close)
	return d, nil
}

// close closes what was opened, the last first.
func (n *node) close() {
	for i := len(n.closers) - 1; i >= 0; i-- {
		if err := n.closers[i](); err != nil {
			n.log.Error("close", "error", err)
		}
	}
}

// segmenter is the embedded dictionary with the configured words over it.
func segmenter(c *Config) (*segment.Segmenter, error) {
	list := c.Dictionary.UserWords
	words, err := list.lines(userWordsName)
	if err != nil {
		return nil, err
	}
	if audit.KindOf([]byte(strings.Join(words, "\n"))) == audit.SynonymLines {
		return nil, fmt.Errorf("%s %s 里写的是同义词（有 -> 或 <->）：请把它写到 dictionary.synonyms", userWordsName, list.File)
	}
	d, err := segment.EmbeddedDictionary()
	if err != nil {
		return nil, err
	}
	return segment.New(d, words...), nil
}

// synonyms are those of package dict with the configured ones over them, which were read from file.
func synonyms(file string, text []byte) (*lexicon.Lexicon, error) {
	list, err := lexicon.Parse(string(text), "配置")
	if err != nil {
		return nil, fmt.Errorf("%s %s 有误：%w", synonymsName, file, err)
	}
	return lexicon.With(list), nil
}

// denied are the words of queries.deny.
func denied(c *Config) ([]string, error) {
	list := c.Queries.Deny
	lines, err := list.lines("屏蔽词表")
	if err != nil || list.File == "" {
		return lines, err
	}
	var words []string
	for i, line := range lines {
		word := strings.TrimSpace(strings.TrimPrefix(line, "\uFEFF"))
		if word == "" || strings.HasPrefix(word, "#") {
			continue
		}
		if problem := denyProblem(word); problem != "" {
			return nil, fmt.Errorf("屏蔽词表 %s 第 %d 行的 %q 不对：%s", list.File, i+1, word, problem)
		}
		words = append(words, word)
	}
	return words, nil
}

// lines are those of the configuration, or of the file, which errors call by what.
func (l WordList) lines(what string) ([]string, error) {
	if l.File == "" {
		return l.Words, nil
	}
	text, err := l.text(what)
	if err != nil {
		return nil, err
	}
	return strings.Split(string(text), "\n"), nil
}

// text is what was written, in UTF-8.
func (l WordList) text(what string) ([]byte, error) {
	text, err := l.bytes(what)
	if err == nil && !utf8.Valid(text) {
		err = fmt.Errorf("%s %s 不是 UTF-8 编码：请用编辑器另存为 UTF-8", what, l.File)
	}
	return text, err
}

// bytes are what was written, whatever they are.
func (l WordList) bytes(what string) ([]byte, error) {
	if l.File == "" {
		return []byte(strings.Join(l.Words, "\n")), nil
	}
	text, err := os.ReadFile(l.File)
	if err != nil {
		return nil, fmt.Errorf("读不了%s：%w", what, err)
	}
	return text, nil
}

func (n *node) crawler(once bool, progress func(crawl.Progress)) (*crawl.Crawler, error) {
	c := n.config.Crawl
	var proxy *url.URL
	if c.Proxy != "" {
		var err error
		if proxy, err = url.Parse(c.Proxy); err != nil {
			return nil, fmt.Errorf("crawl.proxy：%w", err)
		}
	}
	browser, err := n.openBrowser()
	if err != nil {
		return nil, err
	}
	delay := c.Delay
	if delay == 0 {
		delay = -1 // written as 0: none
	}
	return crawl.New(crawl.Options{
		Archive: n.archive, Registry: n.registry, Files: n.files, Log: n.log, Proxy: proxy, UserAgent: c.UserAgent, Delay: delay, Timeout: c.Timeout,
		MaxBody: int64(c.MaxBody), MaxFile: int64(c.MaxFile), Concurrency: c.Concurrency, Once: once, Progress: progress, Recorded: n.indexer.Wake,
		Browser: browser, PagesPerHour: c.Browser.PagesPerHour,
	})
}

// serve crawls, indexes and answers until the context ends. started is called with the addresses once they answer.
func (n *node) serve(ctx context.Context, c *crawl.Crawler, started func(http, grpc net.Addr)) error {
	httpL, err := listen("listen.http", n.config.Listen.HTTP)
	if err != nil {
		return err
	}
	var grpcL net.Listener
	if n.config.Listen.GRPC != "" {
		if grpcL, err = listen("listen.grpc", n.config.Listen.GRPC); err != nil {
			httpL.Close()
			return err
		}
	}
	s, err := server.New(server.Options{
		HTTP: httpL, GRPC: grpcL, Searcher: n.searcher, Queries: n.queries, Withdrawn: n.indexer.Withdrawn(), Indexer: n.indexer, Moves: n.indexer, Registry: n.registry, Dictionary: n.words, SiteKeys: n.config.siteKeys(), Findings: n.findings,
		Notifier: &crawl.Notifier{Archive: n.archive, Registry: n.registry, Crawler: c}, AdminToken: n.token,
		PathPrefix: n.config.Server.Prefix, TrustedProxies: n.config.Server.TrustedProxies, Version: version(), Log: n.log,
		Ready: func() error { return n.ready(ctx) },
	})
	if err != nil {
		return err
	}
	eg, ctx := errgroup.WithContext(ctx)
	eg.Go(func() error { return s.Run(ctx) })
	eg.Go(func() error { return n.indexer.Run(ctx) })
	eg.Go(func() error { return n.findings.Run(ctx) })
	eg.Go(func() error { return n.searcher.Run(ctx) })
	eg.Go(func() error { return n.queries.Run(ctx) })
	if c != nil {
		eg.Go(func() error { return c.Run(ctx) })
	}
	var grpcAddr net.Addr
	if grpcL != nil {
		grpcAddr = grpcL.Addr()
	}
	started(httpL.Addr(), grpcAddr)
	return eg.Wait()
}

// ready fails until there is a generation that answers.
func (n *node) ready(ctx context.Context) error {
	_, err := n.searcher.Sites(ctx)
	return err
}

func listen(key, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%s：不能在 %s 上监听（%w）：请换一个端口，或停掉占用它的程序", key, address, err)
	}
	return l, nil
}
