package server

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"google.golang.org/grpc/codes"

	"terrace/indexer"
	"terrace/lexicon/audit"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/query"
)

// A Dictionary is the configured lists of user words and synonyms, which can be exchanged while searches go on.
type Dictionary interface {
	// Try reads the lists again, audits them and compares queries, those of the past beside those given. It changes nothing. ErrDictionary where the lists
	// cannot be read.
	Try(ctx context.Context, queries []string) (DictionaryTrial, error)
	// Activate does what Try does and then lets searches use the lists. ErrDictionary where they have errors.
	Activate(ctx context.Context, queries []string) (DictionaryActivation, error)
}

// ErrDictionary is what the errors of lists that cannot be used wrap.
var ErrDictionary = errors.New("词表不能用")

// MaxTrialQueries is how many queries a call may bring.
const MaxTrialQueries = 500

// A DictionaryTrial tells what the configured lists are like and what they would change.
type DictionaryTrial struct {
	Lists       []DictionaryList
	Queries     int // compared; 0 where a list has errors
	Differences []query.Difference
}

// A DictionaryList is a list with what the audit says of it.
type DictionaryList struct {
	File string // empty: written in the configuration
	audit.Report
}

// Mistake is the first error of the lists, as an ErrDictionary that an editor understands; nil where they have none.
func (t *DictionaryTrial) Mistake() error {
	for i := range t.Lists {
		l := &t.Lists[i]
		if l.Found[audit.Error] == 0 {
			continue
		}
		f := l.Findings[0] // the worst come first
		where := "整个词表"
		if f.Line > 0 {
			where = fmt.Sprintf("第 %d 行 %s", f.Line, f.Word)
		}
		return fmt.Errorf("%w：%s 有 %d 处错误，%s：%s；%s", ErrDictionary, l.name(), l.Found[audit.Error], where, f.Reason, f.Advice)
	}
	return nil
}

func (l *DictionaryList) name() string {
	switch {
	case l.File != "":
		return l.File
	case l.Kind == audit.SynonymLines:
		return "dictionary.synonyms"
	}
	return "dictionary.userWords"
}

// A DictionaryActivation tells what an activation did.
type DictionaryActivation struct {
	DictionaryTrial
	Job   indexer.Job // the rebuild; zero where the index is cut with the same words
	Waits bool        // the rebuild begins when Job, another, has ended
}

func (a adminService) TryDictionary(ctx context.Context, in *terracev1.TryDictionaryRequest) (*terracev1.DictionaryTrial, error) {
	if err := a.checkTrial(in.Queries); err != nil {
		return nil, err
	}
	t, err := a.dictionary.Try(ctx, in.Queries)
	if err != nil {
		return nil, err
	}
	return t.message(), nil
}

func (a adminService) ActivateDictionary(ctx context.Context, in *terracev1.ActivateDictionaryRequest) (*terracev1.ActivateDictionaryResponse, error) {
	if err := a.checkTrial(in.Queries); err != nil {
		return nil, err
	}
	done, err := a.dictionary.Activate(ctx, in.Queries)
	if err != nil {
		return nil, err
	}
	out := &terracev1.ActivateDictionaryResponse{Trial: done.message(), Waits: done.Waits}
	if done.Job.ID != "" {
		out.Job = message(done.Job)
	}
	return out, nil
}

func (a adminService) checkTrial(queries []string) error {
	if a.dictionary == nil {
		return refuse(codes.Unimplemented, "NO_DICTIONARY", "这个服务器不能更换词表")
	}
	if len(queries) > MaxTrialQueries {
		return badParameter("queries", fmt.Sprintf("有 %d 条查询，最多 %d 条", len(queries), MaxTrialQueries))
	}
	for i, q := range queries {
		if n := utf8.RuneCountInString(q); n > query.MaxText || !utf8.ValidString(q) || strings.TrimSpace(q) == "" {
			return badParameter("queries", fmt.Sprintf("第 %d 条查询应是 1 到 %d 个字的 UTF-8 文字", i+1, query.MaxText))
		}
	}
	return nil
}

func (t *DictionaryTrial) message() *terracev1.DictionaryTrial {
	out := &terracev1.DictionaryTrial{Queries: count(t.Queries)}
	for i := range t.Lists {
		out.Lists = append(out.Lists, t.Lists[i].message())
	}
	for _, d := range t.Differences {
		m := &terracev1.DictionaryDifference{
			Query: d.Query, Before: count(d.Before), After: count(d.After), Came: dictionaryHits(d.Came...), Left: dictionaryHits(d.Left...),
		}
		if d.First != nil {
			m.First = dictionaryHits(*d.First)[0]
		}
		out.Differences = append(out.Differences, m)
	}
	return out
}

func (l *DictionaryList) message() *terracev1.DictionaryList {
	out := &terracev1.DictionaryList{
		Kind: string(l.Kind), File: l.File, Lines: count(l.Lines), Entries: count(l.Entries),
		Errors: count(l.Found[audit.Error]), Dangers: count(l.Found[audit.Danger]),
	}
	for _, f := range l.Findings {
		if f.Severity > audit.Danger {
			continue
		}
		severity := "error"
		if f.Severity == audit.Danger {
			severity = "danger"
		}
		out.Findings = append(out.Findings, &terracev1.DictionaryFinding{
			Severity: severity, Rule: f.Rule, Line: count(f.Line), Word: f.Word, Reason: f.Reason, Advice: f.Advice,
		})
	}
	return out
}

func dictionaryHits(hits ...query.Hit) (out []*terracev1.DictionaryHit) {
	for _, h := range hits {
		var title strings.Builder
		for _, s := range h.Title {
			title.WriteString(s.Text)
		}
		out = append(out, &terracev1.DictionaryHit{Id: h.ID, Url: h.URL, Title: title.String()})
	}
	return out
}
