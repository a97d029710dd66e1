package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"terrace/indexer"
	terracev1 "terrace/proto/terrace/v1"
)

// dial connects to a running server: --server, or the configured gRPC address.
func dial(cmd *cobra.Command) (*grpc.ClientConn, *Config, error) {
	address, _ := cmd.Flags().GetString("server")
	c, err := configured(cmd)
	if address == "" {
		if err != nil {
			return nil, nil, err
		}
		address = c.Listen.GRPC
	}
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	return conn, c, err
}

// asAdmin adds the admin token: from the environment, the configuration or the storage folder.
func asAdmin(ctx context.Context, c *Config) (context.Context, error) {
	token := os.Getenv("TERRACE_ADMIN_TOKEN")
	if token == "" {
		if c == nil {
			return nil, errors.New("缺少管理令牌：用 --config 指出配置文件，或设环境变量 TERRACE_ADMIN_TOKEN")
		}
		var err error
		if token, err = adminToken(c); err != nil {
			return nil, err
		}
	}
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token), nil
}

// said is what the server answered in place of a result.
func said(err error) error {
	switch status.Code(err) {
	case codes.OK:
		return nil
	case codes.Canceled:
		return context.Canceled
	case codes.Unavailable:
		return errors.New("连不上服务器：看它是否在运行，--server 或 listen.grpc 的地址是否正确")
	}
	return fmt.Errorf("服务器说：%s", status.Convert(err).Message())
}

func addServerFlag(cmd *cobra.Command) {
	cmd.Flags().String("server", "", "正在运行的服务器的 gRPC 地址；不写则用配置里的 listen.grpc")
}

func newSearchCommand() *cobra.Command {
	var department, site []string
	var sort string
	var page int32
	cmd := &cobra.Command{
		Use:     "search 词…",
		Short:   "在终端里搜索",
		Example: "  terrace search 公积金提取\n  terrace search --department 教育体育局 \"入学报名\"",
		Args:    arguments(1, math.MaxInt, "要搜的词"),
		RunE: func(cmd *cobra.Command, args []string) error {
			conn, _, err := dial(cmd)
			if err != nil {
				return err
			}
			defer conn.Close()
			res, err := terracev1.NewSearchServiceClient(conn).Search(cmd.Context(), &terracev1.SearchRequest{
				Q: strings.Join(args, " "), Department: department, Site: site, Sort: sort, Page: page,
			})
			if err != nil {
				return said(err)
			}
			printHits(res)
			return nil
		},
	}
	addServerFlag(cmd)
	cmd.Flags().StringSliceVar(&department, "department", nil, "部门，编号或名称")
	cmd.Flags().StringSliceVar(&site, "site", nil, "站点，编号或名称")
	cmd.Flags().StringVar(&sort, "sort", "", "relevance 或 date")
	cmd.Flags().Int32Var(&page, "page", 1, "第几页")
	return cmd
}

func printHits(res *terracev1.SearchResponse) {
	fmt.Printf("共 %d 条，用时 %d 毫秒\n", res.Total, res.TookMs)
	for i, h := range res.Hits {
		fmt.Printf("\n%2d. %s\n    %s · %s · %s\n    %s\n    %s\n", i+1, terminalText(h.Title), h.SiteName, h.DepartmentName, h.Date, terminalText(h.Snippet), h.Url)
	}
}

// terminalText writes matches in bold.
func terminalText(spans []*terracev1.Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Match {
			b.WriteString("\x1b[1m" + s.Text + "\x1b[0m")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// dialAdmin is dial, with a context that carries the admin token.
func dialAdmin(cmd *cobra.Command) (*grpc.ClientConn, context.Context, *Config, error) {
	conn, c, err := dial(cmd)
	if err != nil {
		return nil, nil, nil, err
	}
	ctx, err := asAdmin(cmd.Context(), c)
	if err != nil {
		conn.Close()
		return nil, nil, nil, err
	}
	return conn, ctx, c, nil
}

func newReindexCommand() *cobra.Command {
	var site, page, mode string
	cmd := &cobra.Command{
		Use:     "reindex",
		Short:   "让正在运行的服务器重建索引，并显示进度",
		Example: "  terrace reindex\n  terrace reindex --site gjj --mode recrawl",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			conn, ctx, _, err := dialAdmin(cmd)
			if err != nil {
				return err
			}
			defer conn.Close()
			client := terracev1.NewAdminServiceClient(conn)
			job, err := client.StartReindex(ctx, &terracev1.StartReindexRequest{Site: site, Url: page, Mode: mode})
			if err != nil {
				return said(err)
			}
			return watch(ctx, client, job)
		},
	}
	addServerFlag(cmd)
	cmd.Flags().StringVar(&site, "site", "", "只做一个站点，编号或名称")
	cmd.Flags().StringVar(&page, "url", "", "只做一个网页")
	cmd.Flags().StringVar(&mode, "mode", "rebuild", "rebuild：用存档重建；recrawl：重新采集")
	return cmd
}

// watch shows a job's progress until it ends.
func watch(ctx context.Context, client terracev1.AdminServiceClient, job *terracev1.Job) error {
	for {
		share := 0.0
		if job.Total > 0 {
			share = float64(job.Done) / float64(job.Total)
		}
		bar := strings.Repeat("█", int(share*30)) + strings.Repeat("░", 30-int(share*30))
		fmt.Fprintf(os.Stderr, "\r%s %3.0f%%  %d/%d 页  %.0f 页/秒 ", bar, share*100, job.Done, job.Total, job.Rate)
		if job.State != string(indexer.Running) {
			fmt.Fprintln(os.Stderr)
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(300 * time.Millisecond):
		}
		var err error
		if job, err = client.GetJob(ctx, &terracev1.GetJobRequest{Id: job.Id}); err != nil {
			return said(err)
		}
	}
	if job.State != string(indexer.Done) {
		return fmt.Errorf("任务 %s 没有完成（%s）：%s", job.Id, jobWords[job.State], job.Reason)
	}
	fmt.Println("完成")
	return nil
}

func newInspectCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "inspect 网址或编号",
		Short:   "查看一个网页的存档状态、历史、提取结果，以及是否进了索引",
		Example: "  terrace inspect http://www.example.gov.cn/zwgk/t1.html",
		Args:    arguments(1, 1, "网址或编号"),
		RunE: func(cmd *cobra.Command, args []string) error {
			text := ""
			err := administer(cmd, func(ctx context.Context, client terracev1.AdminServiceClient) error {
				res, err := client.InspectPage(ctx, &terracev1.InspectPageRequest{Page: args[0]})
				text = res.GetText()
				return err
			}, func(ctx context.Context, x *indexer.Indexer) (err error) {
				text, err = x.Inspect(ctx, args[0])
				return err
			})
			if err != nil {
				return err
			}
			fmt.Print(text)
			return nil
		},
	}
	addServerFlag(cmd)
	return cmd
}

func newImportCommand() *cobra.Command {
	var remote bool
	cmd := &cobra.Command{
		Use:     "import 文件.jsonl",
		Short:   "导入文档，每行一个 JSON 对象",
		Long:    "导入文档，每行一个 JSON 对象。写入存储目录；服务器正在运行时用 --server 交给它。",
		Example: "  terrace import 文件.jsonl\n  terrace import --server 127.0.0.1:9090 文件.jsonl",
		Args:    arguments(1, 1, "文件名"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := os.Open(args[0])
			if err != nil {
				return fmt.Errorf("读不了 %s：%w", args[0], err)
			}
			defer f.Close()
			remote = cmd.Flags().Changed("server")
			send, finish, err := importer(cmd, remote)
			if err != nil {
				return err
			}
			if err := importLines(f, send); err != nil {
				return err
			}
			return finish()
		},
	}
	addServerFlag(cmd)
	return cmd
}

// importer gives where lines go: a running server or the storage folder.
func importer(cmd *cobra.Command, remote bool) (send func([][]byte) (indexer.ImportReport, error), finish func() error, err error) {
	if !remote {
		c, err := configured(cmd)
		if err != nil {
			return nil, nil, err
		}
		n, err := openNode(cmd.Context(), c, logger(cmd))
		if err != nil {
			return nil, nil, err
		}
		finish := func() error {
			defer n.close()
			fmt.Fprintln(os.Stderr, "正在写入索引…")
			return n.indexer.CatchUp(cmd.Context())
		}
		return func(l [][]byte) (indexer.ImportReport, error) { return n.indexer.Import(cmd.Context(), l) }, finish, nil
	}
	conn, ctx, _, err := dialAdmin(cmd)
	if err != nil {
		return nil, nil, err
	}
	stream, err := terracev1.NewAdminServiceClient(conn).ImportDocuments(ctx)
	if err != nil {
		return nil, nil, said(err)
	}
	send = func(l [][]byte) (indexer.ImportReport, error) {
		if err := stream.Send(&terracev1.ImportDocumentsRequest{Lines: l}); err != nil && !errors.Is(err, io.EOF) {
			return indexer.ImportReport{}, said(err)
		}
		res, err := stream.Recv()
		if err != nil {
			return indexer.ImportReport{}, said(err)
		}
		r := indexer.ImportReport{Imported: int(res.Imported), UnknownNames: int(res.UnknownNames)}
		for _, b := range res.Bad {
			r.Bad = append(r.Bad, indexer.BadLine{Line: int(b.Line), Reason: b.Reason})
		}
		return r, nil
	}
	return send, func() error { stream.CloseSend(); return conn.Close() }, nil
}

// importBatch is how many bytes of lines go at once.
const importBatch = 512 << 10

// readLine reads to the end of a line. Of one that is longer than an import takes it keeps just so much that it is refused.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part[:min(len(part), indexer.MaxImportLine+1-len(line))]...)
		if err != bufio.ErrBufferFull {
			return line, err
		}
	}
}

// importLines sends a file batch by batch, names the lines that were left out, and sums up.
func importLines(in io.Reader, send func([][]byte) (indexer.ImportReport, error)) error {
	r := bufio.NewReaderSize(in, 1<<20)
	var batch [][]byte
	size, line, first, imported, unknown, bad := 0, 0, 1, 0, 0, 0
	flush := func() error {
		report, err := send(batch)
		if err != nil {
			return err
		}
		for _, b := range report.Bad {
			fmt.Fprintf(os.Stderr, "\r第 %d 行没有导入：%s\n", first+b.Line, b.Reason)
		}
		imported, unknown, bad = imported+report.Imported, unknown+report.UnknownNames, bad+len(report.Bad)
		fmt.Fprintf(os.Stderr, "\r已导入 %d 篇", imported)
		batch, size, first = nil, 0, line+1
		return nil
	}
	for {
		l, err := readLine(r)
		if len(bytes.TrimSpace(l)) > 0 || err == nil {
			if size+len(l) > importBatch && len(batch) > 0 {
				if err := flush(); err != nil {
					return err
				}
			}
			line++
			batch, size = append(batch, l), size+len(l)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("第 %d 行读不下去：%w", line+1, err)
		}
	}
	if len(batch) > 0 {
		if err := flush(); err != nil {
			return err
		}
	}
	fmt.Fprintf(os.Stderr, "\r导入 %d 篇，%d 行有误未导入，%d 个名称未在配置中（按原样保留）\n", imported, bad, unknown)
	return nil
}
