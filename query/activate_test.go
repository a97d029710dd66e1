package query

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"terrace/analysis"
	"terrace/index"
	"terrace/index/indextest"
	"terrace/lexicon"
	"terrace/segment"
	"terrace/site"
)

func synonyms(t *testing.T, lines string) *lexicon.Lexicon {
	t.Helper()
	list, err := lexicon.Parse(lines, "配置")
	if err != nil {
		t.Fatal(err)
	}
	return lexicon.New(list)
}

func TestWhatIsActivatedIsUsedByTheNextSearch(t *testing.T) {
	s := town(t)
	ask := func() string {
		t.Helper()
		res, err := s.Search(t.Context(), Request{Text: "取钱", Explain: true})
		if err != nil {
			t.Fatal(err)
		}
		return found(res)
	}
	if got := ask(); got != "" {
		t.Fatalf("before: %q", got)
	}
	s.Activate(s.active.Load().seg, synonyms(t, "取钱 -> 公积金提取"))
	if got := ask(); !strings.Contains(got, "guide") {
		t.Errorf("with the synonym: %q", got)
	}
	s.Activate(s.active.Load().seg.With("办事指"), nil)
	if got := ask(); got != "" {
		t.Errorf("without it again: %q", got)
	}
}

// An interrupted index has something happen in the midst of each search.
type interrupted struct {
	index.Index
	midst func()
}

func (i interrupted) Search(ctx context.Context, q index.Query) (*index.Result, error) {
	i.midst()
	return i.Index.Search(ctx, q)
}

func TestASearchEndsWithTheWordsItBeganWith(t *testing.T) {
	s := town(t)
	s.Activate(s.active.Load().seg, synonyms(t, ""))
	s.ix = interrupted{s.ix, func() { s.Activate(s.active.Load().seg.With("公积金提取"), synonyms(t, "提取 -> 贷款")) }}
	plan := func() string {
		t.Helper()
		res, err := s.Search(t.Context(), Request{Text: "公积金提取", Explain: true})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, g := range res.Plan.Groups {
			for _, a := range g.Alternatives {
				out = append(out, a.Text)
			}
		}
		return strings.Join(out, " ")
	}
	if got := plan(); got != "公积金 提取" {
		t.Errorf("the search that began before: %s", got)
	}
	if got := plan(); !strings.Contains(got, "贷款") {
		t.Errorf("the search after it: %s", got)
	}
}

func TestSearchesGoOnWhileWordsAreExchanged(t *testing.T) {
	s := town(t)
	seg := s.active.Load().seg
	var searches sync.WaitGroup
	for range 4 {
		searches.Go(func() {
			for range 50 {
				res, err := s.Search(t.Context(), Request{Text: "公积金提取"})
				if err != nil || !strings.Contains(found(res), "guide") {
					t.Errorf("%v, %v", res, err)
					return
				}
			}
		})
	}
	for i := range 50 {
		s.Activate(seg.With([]string{"公积金提", "金提", ""}[i%3]), synonyms(t, []string{"", "公积金 -> 不动产"}[i%2]))
	}
	searches.Wait()
}

func TestCompareTellsWhatWouldChangeAndChangesNothing(t *testing.T) {
	s := town(t)
	seg := s.active.Load().seg
	got, err := s.Compare(t.Context(), seg, synonyms(t, "取钱 -> 公积金提取\n登记 -> 公积金"), []string{"取钱", "利率", "不动产登记", "，"})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) == 0 || got[0].Query != "取钱" || got[0].Before != 0 || got[0].After == 0 || got[0].First == nil || got[0].First.ID != got[0].Came[0].ID || len(got[0].Left) != 0 {
		t.Fatalf("got %+v", got)
	}
	for _, d := range got[1:] {
		if d.Query != "不动产登记" {
			t.Errorf("%q is said to differ: %+v", d.Query, d)
		}
	}
	if res, err := s.Search(t.Context(), Request{Text: "取钱"}); err != nil || res.Total != 0 {
		t.Errorf("after the comparison %v, %v", res, err)
	}
	s.Activate(seg, synonyms(t, "取钱 -> 公积金提取"))
	got, err = s.Compare(t.Context(), seg, synonyms(t, ""), []string{"取钱"})
	if err != nil || len(got) != 1 || got[0].After != 0 || len(got[0].Left) == 0 || got[0].First != nil {
		t.Errorf("the other way: %+v, %v", got, err)
	}
	if got, err = s.Compare(t.Context(), seg, synonyms(t, "取钱 -> 公积金提取"), []string{"取钱", "公积金"}); err != nil || len(got) != 0 {
		t.Errorf("with the same words: %+v, %v", got, err)
	}
}

func TestACompareCanBeCancelledAndRefusesWhatSearchRefuses(t *testing.T) {
	s := town(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Compare(ctx, s.active.Load().seg, nil, []string{"公积金"}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	wrong := (*RequestError)(nil)
	if _, err := s.Compare(t.Context(), s.active.Load().seg, nil, []string{strings.Repeat("字", MaxText+1)}); !errors.As(err, &wrong) {
		t.Errorf("too long: %v", err)
	}
}

func TestActivatedTermsAreCompletedAfterTheNextLook(t *testing.T) {
	h := openHall(t, loans()...)
	if got := h.completed("贷款额"); got != "" {
		t.Fatalf("before: %s", got)
	}
	h.Activate(h.active.Load().seg, synonyms(t, "贷款额度 -> 公积金贷款"))
	if got := h.completed("贷款额"); got != "term 贷款额度 2" {
		t.Errorf("after: %s", got)
	}
}

// pieces are what random texts are made of: words, parts of words and a Latin one.
var pieces = strings.Fields("公积金 提取 住房 住房公积金 不动产 登记 办事 指南 通知 怎么 贷款 利率 调整 金 房 公 积 动产 款利 ，a1， ， 。")

type chance struct{ *rand.Rand }

func (c chance) text(most int, between string) string {
	var out []string
	for range 1 + c.IntN(most) {
		out = append(out, pieces[c.IntN(len(pieces))])
	}
	return strings.Join(out, between)
}

// part is some characters of a text, which may begin and end inside words.
func (c chance) part(text string) string {
	r := []rune(text)
	from := c.IntN(len(r))
	return string(r[from:min(len(r), from+1+c.IntN(5))])
}

// TestNoDocumentFoundBeforeIsLost holds the product to its promise: whatever user words and synonyms are activated, a document that holds every content word
// of the query, as the dictionary alone cuts it, or has it as its title or its number, stays a result, on the index as it was and on the one rebuilt.
func TestNoDocumentFoundBeforeIsLost(t *testing.T) {
	base, err := segment.LoadDictionary(strings.NewReader(words))
	if err != nil {
		t.Fatal(err)
	}
	r, err := site.New(site.Cluster{})
	if err != nil {
		t.Fatal(err)
	}
	expected := 0
	for seed := range uint64(20) {
		c := chance{rand.New(rand.NewPCG(1, seed))}
		var docs []index.Document
		for i := range 40 {
			d := doc(fmt.Sprint(i), c.text(4, ""), c.text(12, ""), index.Date(20200101+i%28))
			docs = append(docs, numbered(d, fmt.Sprintf("云政发〔2023〕%d号", i)))
		}
		var queries, userWords []string
		lines := ""
		for i := range 12 {
			queries = append(queries, c.text(4, []string{"", " "}[i%2]), docs[c.IntN(len(docs))].Title)
		}
		queries = append(queries, docs[3].DocNo)
		for _, q := range queries {
			userWords = append(userWords, c.part(q), strings.ReplaceAll(q, " ", ""))
			lines += fmt.Sprintf("%s -> %s 0.%d\n", c.part(q), c.text(2, ""), 1+c.IntN(9))
		}
		list, _ := lexicon.Parse(lines, "") // of those lines that are sound
		plain := segment.New(base)
		scheme := analysis.NewScheme(plain)
		ix := indextest.NewMemory(scheme.Index())
		rebuild := func() {
			g, err := ix.Create(t.Context(), index.Fingerprints{})
			if err == nil {
				err = errors.Join(g.Put(t.Context(), docs...), ix.Promote(t.Context(), g.Name()))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		rebuild()
		s := New(ix, plain, r, Options{Synonyms: lexicon.New(), Now: func() time.Time { return today }})
		hold := func(when string) {
			t.Helper()
			for _, q := range queries {
				for _, sort := range []index.Sort{index.ByScore, index.ByDate} {
					res, err := s.Search(t.Context(), Request{Text: q, Sort: sort, PageSize: MaxPageSize})
					if err != nil {
						t.Fatal(err)
					}
					for _, d := range holders(plain, docs, q) {
						expected++
						if !slices.ContainsFunc(res.Hits, func(h Hit) bool { return h.ID == d.ID }) {
							t.Fatalf("seed %d, %s: %q does not find %q, %q", seed, when, q, d.Title, d.Body)
						}
					}
				}
			}
		}
		hold("before")
		cut := plain.With(userWords...)
		scheme.Use(cut)
		s.Activate(cut, lexicon.New(list))
		hold("activated")
		rebuild()
		hold("rebuilt")
	}
	if expected < 1000 {
		t.Errorf("only %d documents were to be found", expected)
	}
}

// holders are the documents that hold every content word of a query, or have it as their title or number.
func holders(seg *segment.Segmenter, docs []index.Document, query string) (out []index.Document) {
	content := analysis.Query(seg, query).Words
	for _, d := range docs {
		text := segment.Normalize(d.Title + "\n" + d.Body)
		holds := len(content) > 0
		for _, w := range content {
			holds = holds && strings.Contains(text, w.Text)
		}
		if key := segment.TitleKey(query); holds || key != "" && key == segment.TitleKey(d.Title) || query == d.DocNo {
			out = append(out, d)
		}
	}
	return out
}
