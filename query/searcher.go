package query

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/semaphore"

	"terrace/index"
	"terrace/lexicon"
	"terrace/segment"
	"terrace/site"
)

// A Searcher answers Requests from an Index. It may be used by several goroutines.
type Searcher struct {
	ix        index.Index
	registry  *site.Registry
	off       map[string]bool // factors
	now       func() time.Time
	log       *slog.Logger
	queries   Queries // nil: none
	list      Withdrawals
	addresses Addresses // nil: URLs are words
	active    atomic.Pointer[view]
	learning  sync.Mutex
	learned   atomic.Pointer[learned]
	asked     atomic.Pointer[askedFor]
	turns     *semaphore.Weighted    // searches at a time: one a processor, first come first served, so that none is starved
	live      remembered[index.Info] // the live generation
	overview  remembered[*Response]
}

// Options for New. The zero value works.
type Options struct {
	Synonyms  *lexicon.Lexicon // nil: those of package dict
	Queries   Queries          // completed beside what the documents hold; nil: none
	Withdrawn Withdrawals      // of documents, which the index does not give; nil: none
	Addresses Addresses        // knows URLs that are typed; nil: they are words
	Off       []string         // of Factors
	Now       func() time.Time // nil: time.Now
	Log       *slog.Logger     // nil: slog.Default
}

// New makes a Searcher. The segmenter must be over the dictionary that the index was written with; its user words may be others.
func New(ix index.Index, seg *segment.Segmenter, r *site.Registry, o Options) *Searcher {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Synonyms == nil {
		o.Synonyms = lexicon.With()
	}
	if o.Withdrawn == nil {
		o.Withdrawn = nothingWithdrawn{}
	}
	s := &Searcher{
		list: o.Withdrawn, addresses: o.Addresses,
		ix: ix, registry: r, queries: o.Queries, now: o.Now, log: o.Log, off: map[string]bool{},
		turns: semaphore.NewWeighted(int64(runtime.GOMAXPROCS(0))),
	}
	for _, f := range o.Off {
		s.off[f] = true
	}
	s.active.Store(&view{s, seg, seg.Base(), newUnderstander(r, o.Synonyms, o.Now)})
	return s
}

// Search answers a request. The error is a *RequestError where the request is at fault; a Text of signs alone is no fault and finds nothing.
func (s *Searcher) Search(ctx context.Context, r Request) (*Response, error) {
	return s.active.Load().search(ctx, r)
}

func (s *view) search(ctx context.Context, r Request) (*Response, error) {
	if out, err := s.address(ctx, r); out != nil || err != nil {
		return out, err
	}
	start := time.Now()
	if err := r.check(); err != nil {
		return nil, err
	}
	p := s.parse(r.Text, r.PlainDays || r.From != 0 || r.To != 0)
	browsed := p.wordless && r.narrows(p)
	if !p.searchable() && !browsed {
		return &Response{TotalIsExact: true, Ignored: true, Facets: map[index.Field][]FacetValue{}, Took: time.Since(start)}, nil
	}
	if browsed {
		r.Sort = index.ByDate
	}
	if err := s.turns.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer s.turns.Release(1)
	out, err := s.understood(ctx, r, p)
	if err != nil {
		return nil, err
	}
	out.Browsed, out.Took = browsed, time.Since(start)
	return out, nil
}

// understood answers a request by what it most likely means.
func (s *view) understood(ctx context.Context, r Request, p parsed) (*Response, error) {
	var reading *Rewriting
	var err error
	if !r.Literal {
		if reading, err = s.addReadings(ctx, &p); err != nil {
			return nil, err
		}
	}
	out, err := s.answer(ctx, r, p)
	if err == nil && out.Total == 0 && p.days != nil {
		p.days = nil // nothing of that time: the words are looked for at any
		out, err = s.answer(ctx, r, p)
	}
	switch {
	case err != nil:
		return nil, err
	case reading != nil && out.Total > 0:
		out.Rewriting = reading
	case reading == nil && !r.Literal && !p.wordless && len(p.require) == 0:
		return s.respell(ctx, r, out)
	}
	return out.Response, nil
}

// An answer is a Response with what it was made from.
type answer struct {
	*Response
	result   *index.Result
	rankings []ranking // of the first ranks, where they are ranked by score
}

func (s *view) answer(ctx context.Context, r Request, p parsed) (out answer, err error) {
	q, err := s.plan(ctx, r, p)
	if err != nil {
		return out, err
	}
	allWords := false
	if q.Sort == index.ByDate && !r.AnyWords && len(q.All) > 0 {
		if allWords, err = s.enoughHoldAll(ctx, q); err != nil {
			return out, err
		}
		q.OnlyAll = allWords
	}
	if out.result, err = s.ix.Search(ctx, q); err != nil {
		return out, fmt.Errorf("search: %w", err)
	}
	if q.Sort == index.ByScore && !r.TitleOnly && q.Offset == 0 {
		if out.rankings, err = s.rerank(ctx, &p, q, out.result); err != nil {
			return out, err
		}
	}
	if out.Response, err = s.respond(ctx, r, p, q, out.result); err != nil {
		return out, err
	}
	out.AllWords, out.Days = allWords, p.days
	if r.Explain {
		out.Plan = s.describe(&p)
		s.explain(out.Response, r, out.rankings, out.result)
	}
	return out, nil
}

// enough documents that hold every word are all that is shown by date: of the others most hold a few of the words by chance, and the
// latest of those would come first.
const enough = 10

// enoughHoldAll looks away from the filters, so that the counts beside them are what a click gives.
func (s *Searcher) enoughHoldAll(ctx context.Context, q index.Query) (bool, error) {
	res, err := s.ix.Search(ctx, index.Query{All: q.All, OnlyAll: true, Require: q.Require, Exclude: q.Exclude})
	if err != nil {
		return false, fmt.Errorf("search for every word: %w", err)
	}
	return res.Total >= enough, nil
}

// Sites gives the number of documents of each site that can be found, by site id.
func (s *Searcher) Sites(ctx context.Context) (map[string]int, error) {
	info, err := s.liveInfo(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	for id, n := range info.Sites {
		out[id] = n.Documents
	}
	return out, nil
}

// narrows reports whether anything but words limits what is asked for.
func (r *Request) narrows(p parsed) bool {
	return len(r.Site)+len(r.Department)+len(r.County)+len(r.Kind)+len(r.Column)+len(p.sites) > 0 || r.From != 0 || r.To != 0
}

func (r *Request) check() error {
	if n := utf8.RuneCountInString(r.Text); n > MaxText {
		return refuse("q", "查询词有 %d 个字，最多 %d 个字，请缩短后再试", n, MaxText)
	}
	if !utf8.ValidString(r.Text) {
		return refuse("q", "查询词不是有效的 UTF-8 文字，请改用 UTF-8 编码")
	}
	r.Page, r.PageSize = cmp.Or(r.Page, 1), cmp.Or(r.PageSize, 10)
	if r.PageSize < 1 || r.PageSize > MaxPageSize {
		return refuse("page_size", "每页条数为 %d，应在 1 与 %d 之间", r.PageSize, MaxPageSize)
	}
	if r.Page < 1 || r.Page > (index.MaxRank-1)/r.PageSize+1 {
		return refuse("page", "第 %d 页超出范围，只提供前 %d 条结果，请增加查询词或筛选条件", r.Page, index.MaxRank)
	}
	if r.From != 0 && r.To != 0 && r.From > r.To {
		return refuse("date_from", "起始日期 %s 晚于截止日期 %s，请对调", r.From, r.To)
	}
	return r.checkValues()
}

func (r *Request) checkValues() error {
	for _, f := range []struct {
		parameter string
		values    []string
	}{{"site", r.Site}, {"department", r.Department}, {"county", r.County}, {"kind", r.Kind}, {"column", r.Column}} {
		if len(f.values) > MaxValues {
			return refuse(f.parameter, "一个筛选条件最多 %d 个值", MaxValues)
		}
	}
	for _, k := range r.Kind {
		if !slices.Contains(index.Kinds, kindID(k)) {
			return refuse("kind", "没有“%s”这个类别，类别有 %s", k, strings.Join(index.Kinds, "、"))
		}
	}
	return nil
}

// window is how many of the first ranks are put in order again.
const window = 100

// floor is the share of the tenth best score that a document must reach to be a result.
const floor = .5

func (s *view) plan(ctx context.Context, r Request, p parsed) (index.Query, error) {
	weights, err := s.titleWeights(ctx)
	if err != nil {
		return index.Query{}, err
	}
	field := index.Body
	if r.TitleOnly {
		field = index.Title
	}
	q := index.Query{
		Score:   p.scored(field, 1),
		Keys:    p.keys,
		Floor:   floor,
		All:     all(p, field),
		Filter:  s.filter(r, p),
		Require: phrases(s.seg, field, p.require),
		Exclude: phrases(s.seg, field, p.exclude),
		Sort:    r.Sort,
		OnlyAll: p.wordless,
		Offset:  (r.Page - 1) * r.PageSize,
	}
	q.Limit = min(r.PageSize, index.MaxRank-q.Offset)
	if !r.TitleOnly {
		q.Score = append(q.Score, p.scored(index.Title, titleShare)...)
		q.TitleWeights = weights
	}
	if q.Sort == index.ByScore && !r.TitleOnly && q.Offset < window {
		q.Limit, q.Offset = max(window, q.Offset+q.Limit), 0
	}
	q.Facets = facets()
	return q, nil
}

func facets() []index.Facet {
	const most = 200 // every site and department of a prefecture
	var out []index.Facet
	for _, f := range index.Keywords {
		out = append(out, index.Facet{Field: f, Size: most})
	}
	return out
}

func (s *Searcher) filter(r Request, p parsed) index.Filter {
	f := index.Filter{Values: map[index.Field][]string{}, From: r.From, To: r.To}
	set := func(field index.Field, values []string, id func(string) string) {
		for _, v := range values {
			f.Values[field] = append(f.Values[field], id(v))
		}
	}
	set(index.Site, r.Site, func(v string) string { return siteID(s.registry, v) })
	set(index.Site, p.sites, func(v string) string { return v })
	set(index.Department, r.Department, named(s.registry.Department))
	set(index.County, r.County, named(s.registry.County))
	set(index.Kind, r.Kind, kindID)
	set(index.Column, r.Column, func(v string) string { return v })
	if d := p.days; d != nil {
		f.From, f.To = d.From, d.To
		f.Dated = []index.Phrase{{Field: index.Title, Terms: d.title}}
	}
	return f
}

func named(find func(string) (string, bool)) func(string) string {
	return func(v string) string {
		if id, ok := find(v); ok {
			return id
		}
		return v
	}
}

var kindNames = map[string]string{
	index.Policy: "政策文件", index.Interpretation: "政策解读", index.Disclosure: "信息公开", index.Service: "办事服务",
	index.Interaction: "互动交流", index.News: "新闻动态", index.Other: "其他",
}

// KindName is what a reader calls a kind.
func KindName(kind string) string { return kindNames[kind] }

func kindID(v string) string {
	for id, name := range kindNames {
		if v == name {
			return id
		}
	}
	return v
}

// titleWeights are √D by site: D is the share of a site's titles that differ in more than numbers, for where titles are made by formula they tell little.
func (s *Searcher) titleWeights(ctx context.Context) (map[string]float32, error) {
	info, err := s.liveInfo(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]float32, len(info.Sites))
	for id, n := range info.Sites {
		if n.Documents > 0 {
			out[id] = float32(math.Sqrt(float64(n.TitleForms) / float64(n.Documents)))
		}
	}
	return out, nil
}
