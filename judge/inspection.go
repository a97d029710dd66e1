package judge

import (
	"context"
	"errors"
	"strings"
)

// ErrUnknown is what Source.Inspect fails with where nothing is known of a page.
var ErrUnknown = errors.New("nothing is known of the page")

// A page is what terrace inspect says of one.
type page struct {
	id, url       string
	state, reason string
	movedTo       string // id
	indexed       bool   // it makes a document
	skipped       string // why it makes none
	title         string
}

// readInspection reads the lines that people are shown (package indexer, Inspect).
func readInspection(text string) page {
	var p page
	into := map[string]*string{
		"编号": &p.id, "网址": &p.url, "状态": &p.state, "原因": &p.reason, "指向": &p.movedTo, "未进索引": &p.skipped, "标题": &p.title,
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		name, value, _ := strings.Cut(line, "：")
		if name == "正文" {
			break // what comes after is the page's own
		}
		if to := into[name]; to != nil && *to == "" {
			*to = value
		}
		p.indexed = p.indexed || line == "已进索引"
	}
	return p
}

// followed is how many pages are asked for that lead one to the next.
const followed = 5

// inspect looks up a page and those that it leads to. ErrUnknown where the first is not known.
func (s *Source) inspect(ctx context.Context, name string) ([]page, error) {
	var chain []page
	for range followed {
		text, err := s.Inspect(ctx, name)
		if errors.Is(err, ErrUnknown) && len(chain) > 0 {
			return chain, nil
		}
		if err != nil {
			return nil, err
		}
		p := readInspection(text)
		chain = append(chain, p)
		if p.movedTo == "" {
			break
		}
		name = p.movedTo
	}
	return chain, nil
}
