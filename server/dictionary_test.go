package server

import (
	"context"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"terrace/indexer"
	"terrace/lexicon"
	"terrace/lexicon/audit"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/query"
	"terrace/segment"
)

// shelf is a Dictionary over synonyms that a test writes down; it activates nothing.
type shelf struct {
	searcher *query.Searcher
	written  string
}

func (s shelf) Try(ctx context.Context, queries []string) (t DictionaryTrial, err error) {
	v, err := audit.LoadVocabulary(strings.NewReader(words))
	if err != nil {
		return t, err
	}
	report, err := audit.Synonyms(ctx, []byte(s.written), audit.Options{Vocabulary: v})
	if err != nil {
		return t, err
	}
	t.Lists = []DictionaryList{{File: "同义词.txt", Report: report}}
	list, err := lexicon.Parse(s.written, "")
	if err != nil {
		return t, nil
	}
	d, err := segment.LoadDictionary(strings.NewReader(words))
	if err != nil {
		return t, err
	}
	t.Queries = len(queries)
	t.Differences, err = s.searcher.Compare(ctx, segment.New(d), lexicon.New(list), queries)
	return t, err
}

func (s shelf) Activate(ctx context.Context, queries []string) (a DictionaryActivation, err error) {
	if a.DictionaryTrial, err = s.Try(ctx, queries); err == nil {
		err = a.Mistake()
	}
	a.Job, a.Waits = indexer.Job{ID: "job-1"}, true
	return a, err
}

func dictionaryTown(t *testing.T, written string) (*town, terracev1.AdminServiceClient, context.Context) {
	tn := build(t, func(o *Options) { o.Dictionary = shelf{o.Searcher.(*query.Searcher), written} })
	return tn, terracev1.NewAdminServiceClient(tn.grpc), bearing(t.Context(), "Bearer "+token)
}

func TestATrialTellsWhatTheListsWouldChange(t *testing.T) {
	tn, c, ctx := dictionaryTown(t, "取钱买房 -> 公积金提取")
	got, err := c.TryDictionary(ctx, &terracev1.TryDictionaryRequest{Queries: []string{"取钱买房", "不动产"}})
	if err != nil {
		t.Fatal(err)
	}
	if got.Queries != 2 || len(got.Differences) != 1 || len(got.Lists) != 1 || got.Lists[0].Kind != "synonyms" || got.Lists[0].Errors != 0 {
		t.Fatalf("got %v", got)
	}
	d := got.Differences[0]
	guide := func(h *terracev1.DictionaryHit) bool {
		return h.Id == "guide" && h.Title == "住房公积金提取办事指南" && h.Url != ""
	}
	if d.Query != "取钱买房" || d.Before != 0 || d.After == 0 || d.First == nil || !slices.ContainsFunc(d.Came, guide) || len(d.Left) != 0 {
		t.Errorf("the difference: %v", d)
	}
	j := tn.do("POST", "/api/v1/dictionary:try", `{"queries": ["取钱买房"]}`, "Authorization", "Bearer "+token)
	if j.code != 200 || len(j.json()["differences"].([]any)) != 1 {
		t.Errorf("over HTTP: %s", j.body)
	}
	done, err := c.ActivateDictionary(ctx, &terracev1.ActivateDictionaryRequest{Queries: []string{"取钱买房"}})
	if err != nil || done.Job.GetId() != "job-1" || !done.Waits || len(done.Trial.GetDifferences()) != 1 {
		t.Errorf("activated: %v, %v", done, err)
	}
}

func TestListsWithErrorsAreRefusedWithTheFirstOfThem(t *testing.T) {
	_, c, ctx := dictionaryTown(t, "取钱 -> 公积金提取\n取房 → 住房")
	got, err := c.TryDictionary(ctx, &terracev1.TryDictionaryRequest{Queries: []string{"取钱"}})
	if err != nil || got.Queries != 0 || got.Lists[0].Errors != 1 || got.Lists[0].Findings[0].Severity != "error" || got.Lists[0].Findings[0].Line != 2 {
		t.Errorf("tried: %v, %v", got, err)
	}
	_, err = c.ActivateDictionary(ctx, &terracev1.ActivateDictionaryRequest{})
	if status.Code(err) != codes.FailedPrecondition || reason(err) != "DICTIONARY" || !strings.Contains(status.Convert(err).Message(), "同义词.txt 有 1 处错误，第 2 行") {
		t.Errorf("activated: %v", err)
	}
}

func TestTrialsTakeQueriesThatAreQueries(t *testing.T) {
	_, c, ctx := dictionaryTown(t, "")
	for what, queries := range map[string][]string{
		"too many": slices.Repeat([]string{"公积金"}, MaxTrialQueries+1), "too long": {strings.Repeat("字", query.MaxText+1)}, "blank": {"公积金", " "},
	} {
		if _, err := c.TryDictionary(ctx, &terracev1.TryDictionaryRequest{Queries: queries}); reason(err) != "BAD_PARAMETER" {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := c.ActivateDictionary(ctx, &terracev1.ActivateDictionaryRequest{Queries: queries}); reason(err) != "BAD_PARAMETER" {
			t.Errorf("%s: %v", what, err)
		}
	}
	tn := build(t, nil)
	if _, err := terracev1.NewAdminServiceClient(tn.grpc).TryDictionary(ctx, &terracev1.TryDictionaryRequest{}); reason(err) != "NO_DICTIONARY" {
		t.Errorf("without a dictionary: %v", err)
	}
}
