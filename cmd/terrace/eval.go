package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"terrace/indexer/archive"
	"terrace/indexer/weburl"
	"terrace/judge"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/query"
	"terrace/segment"
	"terrace/server"
)

// judgementKeys compare what editors write with what is found as the product itself compares.
func judgementKeys() judge.Keys { return judge.Keys{URL: weburl.Canonical, Title: segment.TitleKey} }

// exitUnmeasured is eval's status where it could not measure; 1 is for what was measured and is below a floor, so that CI can tell them apart.
const exitUnmeasured = 2

// errBelow is what a measure below its floor wraps.
var errBelow = errors.New("低于要求")

func newEvalCommand() *cobra.Command {
	var asJSON bool
	var least floors
	cmd := &cobra.Command{
		Use:   "eval 文件",
		Short: "用评判集检查搜索的质量：每条查询该找到的网页排在第几，没有排在第一的是什么原因",
		Long: `用评判集检查搜索的质量。文件是 UTF-8 文本，每行：查询词、制表符（Tab）、要找的网页、制表符、等级。
要找的网页写网址、路径（以 / 开头，不管哪个站点）、编号或标题；等级 3 正是所要的，2 很有用，1 有些用，不写是 1。
一条查询可以有几行，每行一个网页。空行和 # 开头的行不算。
退出状态：0 都达到要求；1 有指标低于要求；2 文件有错，或没有测成。`,
		Example: "  terrace eval 评判.tsv\n  terrace eval --min-ndcg 0.85 --min-hit1 0.8 评判.tsv",
		Args:    arguments(1, 1, "评判文件"),
		RunE: func(cmd *cobra.Command, args []string) error {
			err := evaluate(cmd, args[0], least, asJSON)
			if err == nil || errors.Is(err, errBelow) || cmd.Context().Err() != nil {
				return err
			}
			fmt.Fprintln(os.Stderr, "terrace："+err.Error()+remedy(err))
			os.Exit(exitUnmeasured)
			return nil
		},
	}
	addServerFlag(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "结果写成 JSON，列出每条查询")
	cmd.Flags().Float64Var(&least.ndcg, "min-ndcg", 0, "nDCG@10 至少多少，0 到 1")
	cmd.Flags().Float64Var(&least.mrr, "min-mrr", 0, "MRR 至少多少，0 到 1")
	cmd.Flags().Float64Var(&least.hit1, "min-hit1", 0, "第一条就是要找的查询至少占多少，0 到 1")
	cmd.Flags().Float64Var(&least.hit10, "min-hit10", 0, "前十条里有要找的查询至少占多少，0 到 1")
	return cmd
}

// floors are what each measure must reach.
type floors struct{ ndcg, mrr, hit1, hit10 float64 }

// check reports a floor that no measure can be held against, before anything is measured.
func (f floors) check() error {
	for _, x := range []float64{f.ndcg, f.mrr, f.hit1, f.hit10} {
		if !(x >= 0 && x <= 1) {
			return fmt.Errorf("要求 %v 不对，应在 0 与 1 之间", x)
		}
	}
	return nil
}

// below names the measures that do not reach their floors.
func (f floors) below(s judge.Summary) error {
	var short []string
	for _, m := range []struct {
		name            string
		measured, least float64
	}{{"nDCG@10", s.NDCG10, f.ndcg}, {"MRR", s.MRR, f.mrr}, {"hit@1", s.Hit1, f.hit1}, {"hit@10", s.Hit10, f.hit10}} {
		if m.measured < m.least {
			short = append(short, fmt.Sprintf("%s 是 %.4f，要求 %v", m.name, m.measured, m.least))
		}
	}
	if len(short) == 0 {
		return nil
	}
	return fmt.Errorf("%w：%s", errBelow, strings.Join(short, "；"))
}

func evaluate(cmd *cobra.Command, file string, least floors, asJSON bool) error {
	if err := least.check(); err != nil {
		return err
	}
	queries, err := readJudgements(file)
	if err != nil {
		return err
	}
	source, closing, err := judgingSource(cmd)
	if err != nil {
		return err
	}
	defer closing()
	outcomes, err := judge.Judge(cmd.Context(), queries, judgementKeys(), source)
	if err != nil {
		return err
	}
	report := judge.Report
	if asJSON {
		report = judge.ReportJSON
	}
	if err := report(cmd.OutOrStdout(), outcomes); err != nil {
		return fmt.Errorf("写不出结果：%w", err)
	}
	return least.below(judge.Summarize(outcomes))
}

func readJudgements(file string) ([]judge.Query, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("读不了 %s：%w", file, err)
	}
	defer f.Close()
	queries, err := judge.Read(f, judgementKeys())
	if wrong := (judge.Mistakes)(nil); errors.As(err, &wrong) {
		return nil, fmt.Errorf("%s 有 %d 处错误，一行也没有测：\n%w", file, len(wrong), err)
	}
	if err != nil {
		return nil, fmt.Errorf("读不了 %s：%w", file, err)
	}
	return queries, nil
}

// judgingSource asks the running server, or, where none runs and none is named, the storage folder.
func judgingSource(cmd *cobra.Command) (s judge.Source, closing func(), err error) {
	conn, c, err := dial(cmd)
	if err != nil {
		return s, nil, err
	}
	client := terracev1.NewSearchServiceClient(conn)
	_, err = client.ListSites(cmd.Context(), &terracev1.ListSitesRequest{})
	if err == nil {
		return remoteSource(conn, c), func() { conn.Close() }, nil
	}
	conn.Close()
	if status.Code(err) != codes.Unavailable || cmd.Flags().Changed("server") {
		return s, nil, said(err)
	}
	n, err := openNode(cmd.Context(), c, logger(cmd))
	if err != nil {
		return s, nil, err
	}
	if err := n.searcher.Learn(cmd.Context()); err != nil { // as a server has
		n.close()
		return s, nil, err
	}
	return n.judgingSource(), n.close, nil
}

// remoteSource asks a server. The admin token is needed for inspecting and explaining alone, and not before.
func remoteSource(conn *grpc.ClientConn, c *Config) judge.Source {
	searching, admin := terracev1.NewSearchServiceClient(conn), terracev1.NewAdminServiceClient(conn)
	search := func(ctx context.Context, request *terracev1.SearchRequest) ([]judge.Hit, error) {
		res, err := searching.Search(ctx, request)
		if err != nil {
			return nil, said(err)
		}
		var hits []judge.Hit
		for _, h := range res.Hits {
			hits = append(hits, remoteHit(h))
		}
		return hits, nil
	}
	return judge.Source{
		Search: func(ctx context.Context, text string, inTitles bool) ([]judge.Hit, error) {
			request := &terracev1.SearchRequest{Q: text, PageSize: judge.Depth}
			if inTitles {
				request.In = "title"
			}
			return search(ctx, request)
		},
		Explain: func(ctx context.Context, text string, hits int) ([]judge.Hit, error) {
			ctx, err := asAdmin(ctx, c)
			if err != nil {
				return nil, err
			}
			return search(ctx, &terracev1.SearchRequest{Q: text, PageSize: int32(hits), Explain: true})
		},
		Inspect: func(ctx context.Context, page string) (string, error) {
			ctx, err := asAdmin(ctx, c)
			if err != nil {
				return "", err
			}
			res, err := admin.InspectPage(ctx, &terracev1.InspectPageRequest{Page: page})
			if status.Code(err) == codes.NotFound {
				return "", judge.ErrUnknown
			}
			return res.GetText(), said(err)
		},
	}
}

func remoteHit(h *terracev1.Hit) judge.Hit {
	hit := judge.Hit{ID: h.Id, URL: h.Url, Score: float32(h.Score)}
	for _, s := range h.Title {
		addSpan(&hit, s.Text, s.Match)
	}
	for _, p := range h.Parts {
		hit.Parts = append(hit.Parts, query.Part{Text: p.Text, Value: p.Value})
	}
	return hit
}

func addSpan(h *judge.Hit, text string, match bool) {
	h.Title += text
	if match {
		h.Marked = append(h.Marked, text)
	}
}

// judgingSource asks the parts of the node itself.
func (n *node) judgingSource() judge.Source {
	search := func(ctx context.Context, r query.Request) ([]judge.Hit, error) {
		res, err := n.searcher.Search(ctx, r)
		if err != nil {
			return nil, server.Explain(err)
		}
		var hits []judge.Hit
		for _, h := range res.Hits {
			hit := judge.Hit{ID: h.ID, URL: h.URL, Score: h.Score, Parts: h.Parts}
			for _, s := range h.Title {
				addSpan(&hit, s.Text, s.Match)
			}
			hits = append(hits, hit)
		}
		return hits, nil
	}
	return judge.Source{
		Search: func(ctx context.Context, text string, inTitles bool) ([]judge.Hit, error) {
			return search(ctx, query.Request{Text: text, TitleOnly: inTitles, PageSize: judge.Depth})
		},
		Explain: func(ctx context.Context, text string, hits int) ([]judge.Hit, error) {
			return search(ctx, query.Request{Text: text, PageSize: hits, Explain: true})
		},
		Inspect: func(ctx context.Context, page string) (string, error) {
			text, err := n.indexer.Inspect(ctx, page)
			if errors.Is(err, archive.ErrUnknown) {
				return "", judge.ErrUnknown
			}
			if err != nil {
				return "", server.Explain(err)
			}
			return text, nil
		},
	}
}
