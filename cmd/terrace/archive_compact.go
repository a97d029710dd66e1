package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"terrace/db"
)

func newArchiveCompact() *cobra.Command {
	return &cobra.Command{
		Use:   "compact",
		Short: "清除没有用的内容，重写数据库，腾出磁盘",
		Long: "清除没有网页再用的原文和过期的记录，把每个数据库重写一遍，腾出的空间还给磁盘。要先停下服务。\n" +
			"一次重写一个数据库，要有能放下它的空闲磁盘；写完才替换原来的，中途断电、被杀都不会丢失内容。",
		Example: "  terrace archive compact",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := configured(cmd)
			if err != nil {
				return err
			}
			unlock, err := lockStorage(c.Storage.Dir)
			if err != nil {
				return err
			}
			defer unlock()
			release, err := replaceStorage(c.Storage.Dir)
			if err != nil {
				return err
			}
			defer release()
			return compactStorage(cmd.Context(), c.Storage.Dir)
		},
	}
}

func compactStorage(ctx context.Context, dir string) error {
	var paths []string
	for _, name := range databases {
		if path := filepath.Join(dir, name); fileSize(path) > 0 {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 || filepath.Base(paths[0]) != stateFile {
		return unreadable(dir, os.ErrNotExist)
	}
	if err := purgeStorage(ctx, dir); err != nil {
		return err
	}
	if err := haveRoom(ctx, dir, paths); err != nil {
		return err
	}
	for _, path := range paths {
		before := fileSize(path) + fileSize(path+"-wal")
		fmt.Printf("%s：%s", filepath.Base(path), megabytes(before))
		if err := db.Compact(ctx, path); err != nil {
			fmt.Println()
			return fmt.Errorf("压缩 %s 没有完成，原来的内容都在：%w", filepath.Base(path), err)
		}
		fmt.Printf(" → %s\n", megabytes(fileSize(path)))
	}
	return nil
}

// purgeStorage takes away what nobody needs, so that it is not written anew.
func purgeStorage(ctx context.Context, dir string) error {
	s, err := openedBy(ctx, db.Open, dir)
	if err != nil {
		return err
	}
	defer s.close()
	p, err := s.archive.Purge(ctx)
	if errors.Is(err, db.ErrDamaged) {
		return unreadable(dir, err)
	}
	if err != nil {
		return err
	}
	fmt.Printf("清除：没有网页再用的原文和文字 %d 份（%s），过期的记录 %d 条\n", p.Contents, megabytes(p.Bytes), p.Tombstones)
	return nil
}

// spare is left free on the disk.
const spare = 64 << 20

// haveRoom fails where the largest database does not fit on the disk once more.
func haveRoom(ctx context.Context, dir string, paths []string) error {
	need := int64(0)
	for _, path := range paths {
		d, err := db.OpenToRead(ctx, path)
		if err != nil {
			return unreadable(dir, err)
		}
		live, err := d.Live(ctx)
		d.Close()
		if err != nil {
			return unreadable(dir, err)
		}
		need = max(need, live+spare)
	}
	free, err := freeDisk(dir)
	if err != nil {
		return fmt.Errorf("看不了 %s 所在磁盘的空闲空间：%w", dir, err)
	}
	if free < need {
		return fmt.Errorf("%s 所在的磁盘空闲 %s，压缩要 %s：腾出空间再来，内容没有动", dir, megabytes(free), megabytes(need))
	}
	fmt.Printf("压缩时要用空闲磁盘 %s，现有 %s\n", megabytes(need), megabytes(free))
	return nil
}

// freeDisk is how many bytes this user can write to the disk that a folder is on.
func freeDisk(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
