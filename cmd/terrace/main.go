// Command terrace searches a cluster of government sites: it crawls them, indexes them, and answers on a page, as JSON and over gRPC.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := newRootCommand().ExecuteContext(ctx)
	switch {
	case err == nil:
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "\nterrace：已停止。做完的都已保存，再次运行时接着做")
		os.Exit(130) // as shells tell an interrupt
	default:
		fmt.Fprintln(os.Stderr, "terrace："+err.Error()+remedy(err))
		os.Exit(1)
	}
}

// remedy is what to do about an error of the machine's, or empty.
func remedy(err error) string {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) ||
		strings.Contains(err.Error(), "disk is full") || strings.Contains(err.Error(), "disk I/O error") { // SQLite's words
		return "。磁盘可能满了：腾出空间后再运行，已保存的不受影响"
	}
	return ""
}

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "terrace",
		Short:         "梯田：政府网站群的统一搜索",
		Args:          knownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.PersistentFlags().String("config", "terrace.yaml", "配置文件")
	root.PersistentFlags().Bool("verbose", false, "打印详细日志")
	root.AddCommand(
		newServeCommand(), newCrawlCommand(), newReindexCommand(), newSearchCommand(), newImportCommand(), newInspectCommand(), newCoverageCommand(), newFindingsCommand(), newWithdrawCommand(), newLossesCommand(), newMovesCommand(), newStatusCommand(), newIndexCommand(), newArchiveCommand(),
		newInitCommand(), newCheckCommand(), newDemoCommand(), newEvalCommand(), newExplainCommand(), newDictCommand(), newAttachmentCommand(), newReaderCommand(), newVersionCommand(),
	)
	inChinese(root)
	return root
}

func logger(cmd *cobra.Command) *slog.Logger {
	level := slog.LevelWarn
	if v, _ := cmd.Flags().GetBool("verbose"); v {
		level = slog.LevelDebug
	}
	l := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	slog.SetDefault(l) // libraries that log for themselves write there, too
	return l
}

// configured loads the configuration that --config names.
func configured(cmd *cobra.Command) (*Config, error) {
	path, err := cmd.Flags().GetString("config")
	if err != nil {
		return nil, err
	}
	return LoadConfig(path)
}
