package indexer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"terrace/index"
)

// A Generation is a generation of the index as administrators see it.
type Generation struct {
	index.Info
	Outdated bool // made by another version of the program, dictionary or registry: rebuilt at the next start
	Building bool // by the running job
}

// A Keeper is an index.Index whose generations can be copied into a folder and back.
type Keeper interface {
	Backup(ctx context.Context, name, to string) error
	Restore(ctx context.Context, from string) (name string, err error)
}

var (
	ErrInUse             = errors.New("这一代索引不能动")
	ErrUnknownGeneration = errors.New("没有这一代索引")
	ErrBackup            = errors.New("备份有误")
)

// Generations lists the generations of the index, oldest first.
func (x *Indexer) Generations(ctx context.Context) ([]Generation, error) {
	infos, err := x.ix.Generations(ctx)
	if err != nil {
		return nil, err
	}
	building := x.beingBuilt()
	out := make([]Generation, len(infos))
	for i, info := range infos {
		out[i] = Generation{info, info.Made != *x.made.Load(), info.Name == building}
	}
	return out, nil
}

// beingBuilt is the generation that the running job builds, or empty.
func (x *Indexer) beingBuilt() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.job == nil {
		return ""
	}
	return x.job.generation
}

// Promote makes a generation live, to roll back to it, or to serve one that was restored. What is withdrawn goes first; then it follows the archive. ErrInUse
// for one that a job builds.
func (x *Indexer) Promote(ctx context.Context, name string) error {
	if name == x.beingBuilt() {
		return fmt.Errorf("%w：%s 正在重建，完成后会自动切换", ErrInUse, name)
	}
	if err := x.promote(ctx, name); err != nil {
		return unknown(err, name)
	}
	x.Wake()
	return nil
}

// Drop removes a generation that is neither live nor being built: those are ErrInUse.
func (x *Indexer) Drop(ctx context.Context, name string) error {
	if name == x.beingBuilt() {
		return fmt.Errorf("%w：%s 正在重建，要停下它请取消任务", ErrInUse, name)
	}
	g, err := x.ix.Open(ctx, name)
	if err == nil {
		err = g.Drop(ctx)
	}
	if errors.Is(err, index.ErrLive) {
		return fmt.Errorf("%w：%s 正在提供搜索，先切换到另一代", ErrInUse, name)
	}
	if err != nil {
		return unknown(err, name)
	}
	return x.forget(ctx, name)
}

// forget drops what is known of a generation that is dropped.
func (x *Indexer) forget(ctx context.Context, name string) error {
	return errors.Join(x.archive.DropCursor(ctx, name), x.relations.Drop(ctx, name))
}

// unknown says it for people where there is no such generation.
func unknown(err error, name string) error {
	if errors.Is(err, index.ErrNoGeneration) {
		return fmt.Errorf("%w：%s（用 terrace index list 看有哪些）", ErrUnknownGeneration, name)
	}
	return err
}

// BackUp copies a generation, the live one where name is empty, into a new folder among the backups while it is searched and written, and
// returns the folder.
func (x *Indexer) BackUp(ctx context.Context, name, backup string) (folder string, err error) {
	keeper, folder, err := x.backup(backup)
	if err != nil {
		return "", err
	}
	if name == "" {
		g, err := x.live(ctx)
		if err != nil {
			return "", err
		}
		name = g.Name()
	}
	if err := os.MkdirAll(x.backups, 0o700); err != nil {
		return "", err
	}
	if err = keeper.Backup(ctx, name, folder); errors.Is(err, os.ErrExist) {
		return "", fmt.Errorf("%w：已有叫“%s”的备份，换一个名字", ErrBackup, backup)
	}
	return folder, unknown(err, name)
}

// Restore takes a backup into the index as a generation that is not live, and returns its name. Once it is promoted it takes up all that the
// archive holds. A damaged backup is refused.
func (x *Indexer) Restore(ctx context.Context, backup string) (name string, err error) {
	keeper, folder, err := x.backup(backup)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("%w：没有叫“%s”的备份，%s", ErrBackup, backup, x.backupsThere())
	}
	return keeper.Restore(ctx, folder)
}

// dropForgotten rids a live generation that was restored, and is to be synced from the beginning, of documents whose pages the archive has let go of since: no change tells of them any more.
func (x *Indexer) dropForgotten(ctx context.Context, g index.Generation) error {
	begun, err := x.archive.Cursors(ctx)
	if err != nil || slices.Contains(begun, g.Name()) {
		return err
	}
	var ids []string
	err = x.ix.Each(ctx, func(d *index.Document) error { ids = append(ids, d.ID); return nil })
	if err != nil {
		return fmt.Errorf("look for what is forgotten of %s: %w", g.Name(), err)
	}
	for some := range slices.Chunk(ids, syncBatch) {
		unknown, err := x.archive.Unknown(ctx, some...)
		if err == nil && len(unknown) > 0 {
			err = g.Delete(ctx, unknown...)
		}
		if err != nil {
			return fmt.Errorf("drop what is forgotten of %s: %w", g.Name(), err)
		}
	}
	return x.archive.SetCursor(ctx, g.Name(), 0)
}

var backupName = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$`)

// backup is the folder of a backup. Its name is no path: what is written stays among the backups.
func (x *Indexer) backup(name string) (Keeper, string, error) {
	keeper, ok := x.ix.(Keeper)
	if !ok {
		return nil, "", fmt.Errorf("%w：索引不在本机，请用它自己的快照功能", ErrBackup)
	}
	if !backupName.MatchString(name) {
		return nil, "", fmt.Errorf("%w：名字“%s”应由字母、数字、点、横线组成，不超过 64 个", ErrBackup, name)
	}
	return keeper, filepath.Join(x.backups, name), nil
}

func (x *Indexer) backupsThere() string {
	names := x.backupNames()
	if len(names) == 0 {
		return "还没有备份"
	}
	return "现有 " + strings.Join(names, "、")
}

// backupNames are the backups that there are, none where their folder cannot be read.
func (x *Indexer) backupNames() (names []string) {
	entries, err := os.ReadDir(x.backups)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return slices.DeleteFunc(names, func(n string) bool { return !backupName.MatchString(n) })
}
