package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"terrace/lexicon/audit"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/server"
)

func newDictTryCommand() *cobra.Command {
	var queries string
	cmd := &cobra.Command{
		Use:   "try",
		Short: "看配置里的词表改动之后，哪些查询的结果会不同；不改动任何东西",
		Long: `让正在运行的服务器重新读配置里的用户词表和同义词表，检查它们，并用读者常查的词和 --queries 里的查询各搜两遍：用现在的词表，用新的词表。
列出错误、危险和结果不同的查询。不改动任何东西。三个字以上的用户词在重建索引之后才影响排序，这里看不出来。
退出状态：0 没有错误和危险；1 有，或没有做成。`,
		Example: "  terrace dict try\n  terrace dict try --queries 评判.tsv",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return onDictionary(cmd, queries, func(ctx context.Context, client terracev1.AdminServiceClient, queries []string) error {
				t, err := client.TryDictionary(ctx, &terracev1.TryDictionaryRequest{Queries: queries})
				if err != nil {
					return said(err)
				}
				writeTrial(cmd.OutOrStdout(), t)
				return trialProblem(t)
			})
		},
	}
	addServerFlag(cmd)
	cmd.Flags().StringVar(&queries, "queries", "", queriesHelp)
	return cmd
}

func newDictActivateCommand() *cobra.Command {
	var queries string
	cmd := &cobra.Command{
		Use:   "activate",
		Short: "启用改动后的词表，不必重启；需要时在后台重建索引",
		Long: `让正在运行的服务器重新读配置里的用户词表和同义词表，检查、比较（同 terrace dict try），然后启用。此后的搜索都用新词表，正在进行的搜索不受影响。
用户词有改动时在后台重建索引，期间照常搜索；用 terrace dict try 先看一遍。词表有错误时不启用。`,
		Example: "  terrace dict activate",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return onDictionary(cmd, queries, func(ctx context.Context, client terracev1.AdminServiceClient, queries []string) error {
				done, err := client.ActivateDictionary(ctx, &terracev1.ActivateDictionaryRequest{Queries: queries})
				if err != nil {
					return said(err)
				}
				writeTrial(cmd.OutOrStdout(), done.Trial)
				_, err = fmt.Fprintln(cmd.OutOrStdout(), activated(done))
				return err
			})
		},
	}
	addServerFlag(cmd)
	cmd.Flags().StringVar(&queries, "queries", "", queriesHelp)
	return cmd
}

const queriesHelp = "另外比较这个文件里的查询：一行一条，或评判文件（取第一列）"

// onDictionary calls the running server with the queries of a file, none where it is not named.
func onDictionary(cmd *cobra.Command, file string, call func(context.Context, terracev1.AdminServiceClient, []string) error) error {
	var queries []string
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("读不了 %s：%w", file, err)
		}
		if queries = firstColumn(string(text)); len(queries) > server.MaxTrialQueries {
			return fmt.Errorf("%s 有 %d 条查询，最多 %d 条", file, len(queries), server.MaxTrialQueries)
		}
	}
	conn, ctx, _, err := dialAdmin(cmd)
	if err != nil {
		return err
	}
	defer conn.Close()
	return call(ctx, terracev1.NewAdminServiceClient(conn), queries)
}

// firstColumn are the distinct queries of a text, one a line up to a tab. Blank lines and those that begin with # are none.
func firstColumn(text string) (out []string) {
	for line := range strings.Lines(strings.TrimPrefix(text, "\uFEFF")) {
		q, _, _ := strings.Cut(line, "\t")
		if q = strings.TrimSpace(q); q != "" && q[0] != '#' && !slices.Contains(out, q) {
			out = append(out, q)
		}
	}
	return out
}

// activated says what an activation did.
func activated(done *terracev1.ActivateDictionaryResponse) string {
	switch {
	case done.Job == nil && done.Waits:
		return "已启用新词表，后台重建即将开始（terrace index list 看进展）。"
	case done.Job == nil:
		return "已启用新词表。用户词没有变，不需要重建索引。"
	case done.Waits:
		return "已启用新词表，任务 " + done.Job.Id + " 结束后在后台重建。"
	}
	return "已启用新词表，后台重建任务 " + done.Job.Id + "。"
}

// trialProblem is why lists should not be used as they are.
func trialProblem(t *terracev1.DictionaryTrial) error {
	errors, dangers := int32(0), int32(0)
	for _, l := range t.Lists {
		errors, dangers = errors+l.Errors, dangers+l.Dangers
	}
	if errors+dangers == 0 {
		return nil
	}
	return fmt.Errorf("词表先不要启用：有 %d 处错误、%d 处危险", errors, dangers)
}

func writeTrial(w io.Writer, t *terracev1.DictionaryTrial) {
	wrong := false
	for _, l := range t.Lists {
		writeTriedList(w, l)
		wrong = wrong || l.Errors > 0
	}
	switch {
	case wrong:
		fmt.Fprintln(w, "词表有错误，没有比较查询。")
		return
	case t.Queries == 0:
		fmt.Fprintln(w, "没有可以比较的查询：常被查的词还不多，可用 --queries 给出。")
		return
	}
	for _, d := range t.Differences {
		fmt.Fprintf(w, "\n%s：找到 %d 篇 → %d 篇\n", d.Query, d.Before, d.After)
		writeHits(w, "进入前十", d.Came...)
		writeHits(w, "离开前十", d.Left...)
		if d.First != nil {
			writeHits(w, "第一条换成", d.First)
		}
	}
	if len(t.Differences) > 0 {
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "比较了 %d 条查询，%d 条的结果不同。\n", t.Queries, len(t.Differences))
}

func writeHits(w io.Writer, what string, hits ...*terracev1.DictionaryHit) {
	for _, h := range hits {
		fmt.Fprintf(w, "  %s：%s  %s\n", what, h.Title, h.Url)
	}
}

func writeTriedList(w io.Writer, l *terracev1.DictionaryList) {
	name, unit := listWords(audit.Kind(l.Kind))
	for _, f := range l.Findings {
		severity := audit.Danger
		if f.Severity == "error" {
			severity = audit.Error
		}
		writeFinding(w, audit.Finding{Severity: severity, Line: int(f.Line), Word: f.Word, Reason: f.Reason, Advice: f.Advice}, "整个词表")
	}
	if more := int(l.Errors+l.Dangers) - len(l.Findings); more > 0 {
		fmt.Fprintf(w, "还有 %d 处同类的，没有列出。\n", more)
	}
	if l.File != "" {
		name = l.File + "（" + name + "）"
	}
	fmt.Fprintf(w, "%s：%d 行，%d %s；错误 %d，危险 %d。\n", name, l.Lines, l.Entries, unit, l.Errors, l.Dangers)
}
