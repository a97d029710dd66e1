package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"terrace/index/bluge"
	"terrace/indexer"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/server"
)

// The folders of the storage that the index and its backups lie in.
const (
	indexFolder   = "index"
	backupsFolder = "backups"
)

func newIndexCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "index",
		Short:   "查看、切换、备份、恢复、校验索引",
		Long:    "查看、切换、备份、恢复、校验索引。服务器正在运行时交给它做，否则直接在存储目录上做。",
		Example: "  terrace index list\n  terrace index backup 2024-03-05",
		Args:    knownCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newIndexList(), newIndexPromote(), newIndexDrop(), newIndexBackup(), newIndexRestore(), newIndexVerify())
	return cmd
}

// administer asks the running server, or, where none runs and none is named, does it on the storage folder.
func administer(cmd *cobra.Command, remote func(context.Context, terracev1.AdminServiceClient) error,
	local func(context.Context, *indexer.Indexer) error) error {
	return anywhere(cmd, func(ctx context.Context, conn *grpc.ClientConn) error {
		return remote(ctx, terracev1.NewAdminServiceClient(conn))
	}, func(ctx context.Context, n *node) error { return local(ctx, n.indexer) })
}

// anywhere is administer for any service.
func anywhere(cmd *cobra.Command, remote func(context.Context, *grpc.ClientConn) error, local func(context.Context, *node) error) error {
	conn, ctx, c, err := dialAdmin(cmd)
	if err != nil {
		return err
	}
	defer conn.Close()
	err = remote(ctx, conn)
	if status.Code(err) != codes.Unavailable || cmd.Flags().Changed("server") {
		return said(err)
	}
	n, err := openNode(cmd.Context(), c, logger(cmd))
	if err != nil {
		return err
	}
	defer n.close()
	if err := local(cmd.Context(), n); err != nil {
		return server.Explain(err)
	}
	return nil
}

func newIndexList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "列出各代索引，旧的在前",
		Example: "  terrace index list",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			rows := table{{"名称", "状态", "篇数", "大小", "建立时间", "说明"}}
			var generations []*terracev1.Generation
			err := administer(cmd, func(ctx context.Context, client terracev1.AdminServiceClient) error {
				res, err := client.ListGenerations(ctx, &terracev1.ListGenerationsRequest{})
				generations = res.GetGenerations()
				return err
			}, func(ctx context.Context, x *indexer.Indexer) error {
				list, err := x.Generations(ctx)
				generations = server.Generations(list)
				return err
			})
			if err != nil {
				return err
			}
			for _, g := range generations {
				state, about := "备用", g.Problem
				switch {
				case g.Live:
					state = "现用"
				case g.Building:
					state = "在建"
				}
				if g.Outdated && about == "" {
					about = "程序、词典或站点配置已变，下次启动时在后台重建"
				}
				created := localTime(g.Created)
				rows = append(rows, []string{g.Name, state, strconv.Itoa(int(g.Documents)), megabytes(g.Bytes), created, about})
			}
			fmt.Println(strings.Join(rows.lines(), "\n"))
			return nil
		},
	}
	addServerFlag(cmd)
	return cmd
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }

func newIndexPromote() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "promote 名称",
		Short:   "切换到一代索引：退回前一代，或启用恢复的一代",
		Example: "  terrace index promote 20240305-083000.000",
		Args:    arguments(1, 1, "索引的名称"),
		RunE: func(cmd *cobra.Command, args []string) error {
			err := administer(cmd, func(ctx context.Context, client terracev1.AdminServiceClient) error {
				_, err := client.PromoteGeneration(ctx, &terracev1.PromoteGenerationRequest{Name: args[0]})
				return err
			}, func(ctx context.Context, x *indexer.Indexer) error { return x.Promote(ctx, args[0]) })
			return done(err, "已切换到 "+args[0])
		},
	}
	addServerFlag(cmd)
	return cmd
}

func newIndexDrop() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "drop 名称",
		Short:   "删除一代备用的索引",
		Example: "  terrace index drop 20240305-083000.000",
		Args:    arguments(1, 1, "索引的名称"),
		RunE: func(cmd *cobra.Command, args []string) error {
			err := administer(cmd, func(ctx context.Context, client terracev1.AdminServiceClient) error {
				_, err := client.DropGeneration(ctx, &terracev1.DropGenerationRequest{Name: args[0]})
				return err
			}, func(ctx context.Context, x *indexer.Indexer) error { return x.Drop(ctx, args[0]) })
			return done(err, "已删除 "+args[0])
		},
	}
	addServerFlag(cmd)
	return cmd
}

func newIndexBackup() *cobra.Command {
	var generation string
	cmd := &cobra.Command{
		Use:     "backup [备份名]",
		Short:   "备份现用的索引，搜索和写入不中断",
		Example: "  terrace index backup\n  terrace index backup before-upgrade",
		Args:    arguments(0, 1, ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			backup := time.Now().Format("20060102-150405")
			if len(args) > 0 {
				backup = args[0]
			}
			folder := ""
			err := administer(cmd, func(ctx context.Context, client terracev1.AdminServiceClient) error {
				res, err := client.CreateBackup(ctx, &terracev1.CreateBackupRequest{Backup: backup, Generation: generation})
				folder = res.GetFolder()
				return err
			}, func(ctx context.Context, x *indexer.Indexer) (err error) {
				folder, err = x.BackUp(ctx, generation, backup)
				return err
			})
			return done(err, "已备份到 "+folder+"；校验：terrace index verify "+backup)
		},
	}
	addServerFlag(cmd)
	cmd.Flags().StringVar(&generation, "generation", "", "备份这一代，不写则是现用的")
	return cmd
}

func newIndexRestore() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "restore 备份名",
		Short:   "把一份备份恢复成一代备用的索引",
		Example: "  terrace index restore before-upgrade",
		Args:    arguments(1, 1, "备份名"),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := ""
			err := administer(cmd, func(ctx context.Context, client terracev1.AdminServiceClient) error {
				res, err := client.RestoreBackup(ctx, &terracev1.RestoreBackupRequest{Backup: args[0]})
				name = res.GetGeneration()
				return err
			}, func(ctx context.Context, x *indexer.Indexer) (err error) {
				name, err = x.Restore(ctx, args[0])
				return err
			})
			return done(err, "已恢复为 "+name+"，尚未启用；启用：terrace index promote "+name+
				"\n启用后它自动补上存档里后来的变化；备份早于 30 天的，再运行一次 terrace reindex")
		},
	}
	addServerFlag(cmd)
	return cmd
}

func done(err error, what string) error {
	if err == nil {
		fmt.Println(what)
	}
	return err
}

func newIndexVerify() *cobra.Command {
	return &cobra.Command{
		Use:     "verify [备份名或文件夹]",
		Short:   "逐字节校验没有在用的索引或备份",
		Example: "  terrace index verify\n  terrace index verify before-upgrade",
		Args:    arguments(0, 1, ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			folder := ""
			if len(args) > 0 {
				folder = args[0]
			}
			if _, err := os.Stat(folder); err != nil {
				c, err := configured(cmd)
				if err != nil {
					return err
				}
				if folder = filepath.Join(c.Storage.Dir, indexFolder); len(args) > 0 {
					folder = filepath.Join(c.Storage.Dir, backupsFolder, args[0])
				}
			}
			return verify(cmd.Context(), folder)
		},
	}
}

func verify(ctx context.Context, folder string) error {
	found, err := bluge.Verify(ctx, folder)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("没有 %s 这个索引或备份", folder)
	case errors.Is(err, bluge.ErrLocked):
		return fmt.Errorf("索引 %s 正在使用：先停止服务；或用 terrace index backup 备份，再校验备份", folder)
	case err != nil:
		return err
	case len(found) == 0:
		return fmt.Errorf("%s 里没有索引", folder)
	}
	rows := table{{"名称", "状态", "篇数", "大小", "校验"}}
	bad := 0
	for _, v := range found {
		state, result := "备用", "完好"
		if v.Live {
			state = "现用"
		}
		if v.Err != nil {
			bad++
			result = server.Explain(v.Err).Error() + "（" + v.Err.Error() + "）"
		}
		rows = append(rows, []string{v.Generation, state, strconv.Itoa(v.Documents), megabytes(v.Bytes), result})
	}
	fmt.Println(strings.Join(rows.lines(), "\n"))
	if bad > 0 {
		return fmt.Errorf("%d 代索引有问题", bad)
	}
	return nil
}
