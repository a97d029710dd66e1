// Command terrace searches a cluster of government sites: it crawls them, indexes them, and answers on a page, as JSON and over gRPC.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := newRootCommand().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "terrace："+err.Error())
		os.Exit(1)
	}
}

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "terrace",
		Short:         "梯田：政府网站群的统一搜索",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.PersistentFlags().String("config", "terrace.yaml", "配置文件")
	root.PersistentFlags().Bool("verbose", false, "打印详细日志")
	root.AddCommand(
		newServeCommand(), newCrawlCommand(), newReindexCommand(), newSearchCommand(), newImportCommand(), newInspectCommand(),
		newInitCommand(), newCheckCommand(), newDemoCommand(), newVersionCommand(),
	)
	return root
}

func logger(cmd *cobra.Command) *slog.Logger {
	level := slog.LevelWarn
	if v, _ := cmd.Flags().GetBool("verbose"); v {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

// configured loads the configuration that --config names.
func configured(cmd *cobra.Command) (*Config, error) {
	path, err := cmd.Flags().GetString("config")
	if err != nil {
		return nil, err
	}
	return LoadConfig(path)
}
