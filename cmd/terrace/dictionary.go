package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/semaphore"

	"terrace/analysis"
	"terrace/lexicon"
	"terrace/lexicon/audit"
	"terrace/segment"
	"terrace/server"
)

// What messages call the two lists.
const (
	userWordsName = "用户词表"
	synonymsName  = "同义词表"
)

// mostPast is how many past queries a trial compares.
const mostPast = 200

// A dictionary exchanges the user words and synonyms of a node for those that the configuration has now. It is a server.Dictionary.
type dictionary struct {
	node   *node
	scheme *analysis.Scheme
	reload func() (*Config, error)
	turn   *semaphore.Weighted // one at a time, for an audit takes 200 MB
	terms  atomic.Pointer[map[string]bool]

	written  string // the configured synonyms that are active, as written
	synonyms *lexicon.Lexicon
}

func newDictionary(n *node, scheme *analysis.Scheme, written string, synonyms *lexicon.Lexicon) *dictionary {
	d := &dictionary{node: n, scheme: scheme, turn: semaphore.NewWeighted(1), written: written, synonyms: synonyms}
	d.reload = func() (*Config, error) { return n.config, nil }
	d.setTerms()
	return d
}

// isTerm tells the names of offices and places and official terms.
func (d *dictionary) isTerm(word string) bool { return (*d.terms.Load())[word] }

func (d *dictionary) setTerms() {
	terms := d.node.terms(d.synonyms)
	d.terms.Store(&terms)
}

// Try implements server.Dictionary.
func (d *dictionary) Try(ctx context.Context, queries []string) (server.DictionaryTrial, error) {
	if err := d.turn.Acquire(ctx, 1); err != nil {
		return server.DictionaryTrial{}, err
	}
	defer d.turn.Release(1)
	_, t, err := d.try(ctx, queries)
	return t, err
}

// Activate implements server.Dictionary.
func (d *dictionary) Activate(ctx context.Context, queries []string) (out server.DictionaryActivation, err error) {
	if err := d.turn.Acquire(ctx, 1); err != nil {
		return out, err
	}
	defer d.turn.Release(1)
	p, t, err := d.try(ctx, queries)
	if err == nil {
		err = t.Mistake()
	}
	if err != nil {
		return out, err
	}
	out.DictionaryTrial = t
	d.scheme.Use(p.segmenter) // before anything is said to be made with it
	d.node.searcher.Activate(p.segmenter, p.synonyms)
	d.written, d.synonyms = p.written, p.synonyms
	d.setTerms()
	out.Job, out.Waits, err = d.node.indexer.SetDictionary(context.WithoutCancel(ctx), p.segmenter.Fingerprint())
	if err != nil {
		return out, fmt.Errorf("the new words are active, but the rebuild has not begun: %w", err)
	}
	d.node.log.Info("other words are active", "rebuild", out.Job.ID, "waits", out.Waits)
	return out, nil
}

// newWords are what the configured lists make.
type newWords struct {
	segmenter *segment.Segmenter
	written   string
	synonyms  *lexicon.Lexicon
}

// try reads the lists and tells what they would do. They are nil where they have errors.
func (d *dictionary) try(ctx context.Context, queries []string) (*newWords, server.DictionaryTrial, error) {
	var t server.DictionaryTrial
	c, err := d.reload()
	if err != nil {
		return nil, t, fmt.Errorf("%w：%w", server.ErrDictionary, err)
	}
	words, err := c.Dictionary.UserWords.bytes(userWordsName)
	if err != nil {
		return nil, t, fmt.Errorf("%w：%w", server.ErrDictionary, err)
	}
	written, err := c.Dictionary.Synonyms.bytes(synonymsName)
	if err != nil {
		return nil, t, fmt.Errorf("%w：%w", server.ErrDictionary, err)
	}
	if t.Lists, err = d.audit(ctx, c, words, written); err != nil || t.Mistake() != nil {
		return nil, t, err
	}
	p, err := d.propose(c, string(words), string(written))
	if err != nil {
		return nil, t, err
	}
	past, err := d.node.queries.Phrases(ctx, mostPast)
	if err != nil {
		return nil, t, fmt.Errorf("read past queries: %w", err)
	}
	compared := slices.Clone(queries)
	for _, q := range past {
		if !slices.Contains(queries, q.Text) {
			compared = append(compared, q.Text)
		}
	}
	t.Queries = len(compared)
	t.Differences, err = d.node.searcher.Compare(ctx, p.segmenter, p.synonyms, compared)
	return p, t, err
}

func (d *dictionary) audit(ctx context.Context, c *Config, words, synonyms []byte) ([]server.DictionaryList, error) {
	defer debug.FreeOSMemory()
	v, err := audit.EmbeddedVocabulary()
	if err != nil {
		return nil, err
	}
	o := audit.Options{Vocabulary: v, Names: dictNames(d.node.config)}
	ofWords, err := audit.Words(ctx, words, o)
	if err != nil {
		return nil, fmt.Errorf("audit the user words: %w", err)
	}
	ofSynonyms, err := audit.Synonyms(ctx, synonyms, o)
	if err != nil {
		return nil, fmt.Errorf("audit the synonyms: %w", err)
	}
	return []server.DictionaryList{{File: listName(c.Dictionary.UserWords), Report: ofWords}, {File: listName(c.Dictionary.Synonyms), Report: ofSynonyms}}, nil
}

// listName is the name of a list's file, empty where it has none.
func listName(l WordList) string {
	if l.File == "" {
		return ""
	}
	return filepath.Base(l.File)
}

// propose keeps of the active words what stays the same, so that nothing is learned or cut again for it.
func (d *dictionary) propose(c *Config, words, written string) (*newWords, error) {
	p := &newWords{d.scheme.Segmenter(), d.written, d.synonyms}
	if s := p.segmenter.With(strings.Split(words, "\n")...); s.Fingerprint() != p.segmenter.Fingerprint() {
		p.segmenter = s
	}
	if written == d.written {
		return p, nil
	}
	list, err := synonyms(c.Dictionary.Synonyms.File, []byte(written))
	if err != nil {
		return nil, fmt.Errorf("%w：%w", server.ErrDictionary, err)
	}
	p.written, p.synonyms = written, list
	return p, nil
}
