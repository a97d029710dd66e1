package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"terrace/db"
	"terrace/indexer/archive"
	"terrace/indexer/attach"
)

// The databases of a storage folder. Those of the archive have to be there.
const (
	stateFile     = "state.db"
	pagesFile     = "pages.db"
	relationsFile = "relations.db"
	queriesFile   = "queries.db"
	findingsFile  = "findings.db"
)

var databases = []string{stateFile, pagesFile, relationsFile, queriesFile, findingsFile}

func newArchiveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "archive",
		Short: "查看、校验、压缩、导出存档",
		Long: "存档是抓取到的一切：每个网址的状态、原文、附件的文字。不写子命令时列出存了多少。\n" +
			"服务正在运行时也可以查看、校验、导出；修复和压缩要先停下服务。",
		Example: "  terrace archive\n  terrace archive verify\n  terrace archive export 存档-2026",
		Args:    knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := openStored(cmd)
			if err != nil {
				return err
			}
			defer s.close()
			stats, err := s.archive.Stats(cmd.Context(), attach.Version)
			if err != nil {
				return err
			}
			fmt.Print(statsText(stats, s.config))
			return nil
		},
	}
	cmd.AddCommand(newArchiveVerify(), newArchiveCompact(), newArchiveExport())
	return cmd
}

func statsText(s archive.Stats, c *Config) string {
	keep := "永久保存（archive.keepFiles 没有设）"
	if c.Archive.KeepFiles > 0 {
		keep = fmt.Sprintf("保存 %d 天（archive.keepFiles）", int(c.Archive.KeepFiles.Hours()/24))
	}
	text := fmt.Sprintf("网址：%d\n原文：%d 份（内容相同的只存一份）\n附件：%d 个存有文字，原文%s\n", s.Pages, s.Contents, s.Files, keep)
	if s.Dropped > 0 {
		text += fmt.Sprintf("已不再保存原文的附件：%d 个，省下 %s，文字都在", s.Dropped, megabytes(s.DroppedBytes))
		if s.Older > 0 {
			text += fmt.Sprintf("；其中 %d 个的文字由旧版程序读出，重新采集可以重读", s.Older)
		}
		text += "\n"
	}
	for _, name := range databases {
		path := filepath.Join(c.Storage.Dir, name)
		text += fmt.Sprintf("%s：%s\n", name, megabytes(fileSize(path)+fileSize(path+"-wal")))
	}
	return text
}

// A stored archive is read while another process may have it open.
type stored struct {
	config          *Config
	archive         *archive.Archive
	state, contents *db.DB
	release         func() error
}

// openStored opens the archive to be read.
func openStored(cmd *cobra.Command) (*stored, error) {
	c, err := configured(cmd)
	if err != nil {
		return nil, err
	}
	return storedIn(cmd.Context(), c)
}

func storedIn(ctx context.Context, c *Config) (*stored, error) {
	release, err := readStorage(c.Storage.Dir)
	if err != nil {
		return nil, err
	}
	s, err := openedBy(ctx, db.OpenToRead, c.Storage.Dir)
	if err != nil {
		return nil, errors.Join(err, release())
	}
	s.config, s.release = c, release
	return s, nil
}

// openedBy opens the archive of a folder by db.Open or db.OpenToRead.
func openedBy(ctx context.Context, open func(context.Context, string) (*db.DB, error), dir string) (*stored, error) {
	s := &stored{}
	var err error
	if s.state, err = open(ctx, filepath.Join(dir, stateFile)); err == nil {
		if s.contents, err = open(ctx, filepath.Join(dir, pagesFile)); err == nil {
			s.archive, err = archive.Open(ctx, s.state, s.contents)
		}
	}
	if err != nil {
		s.close()
		return nil, unreadable(dir, err)
	}
	return s, nil
}

func (s *stored) close() {
	for _, d := range []*db.DB{s.state, s.contents} {
		if d != nil {
			d.Close()
		}
	}
	if s.release != nil {
		s.release()
	}
}

// unreadable says why an archive cannot be opened, and what to do.
func unreadable(dir string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("数据文件夹 %s 里没有存档：看 storage.dir 写得对不对，或先采集（terrace serve、terrace crawl）", dir)
	case errors.Is(err, db.ErrOlder):
		return fmt.Errorf("数据文件夹 %s 由旧版程序建成：先用这一版启动一次服务，再来", dir)
	case errors.Is(err, db.ErrNewer):
		return fmt.Errorf("数据文件夹 %s 由更新的程序建成：请用那一版", dir)
	case errors.Is(err, db.ErrDamaged):
		return fmt.Errorf("数据文件夹 %s 的数据库坏了，请停下服务，从备份恢复：%w", dir, err)
	}
	return fmt.Errorf("打不开数据文件夹 %s 里的存档：%w", dir, err)
}
