package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"terrace/db"
	"terrace/indexer/archive"
)

func newArchiveVerify() *cobra.Command {
	var repair bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "校验存档：每个网页的原文都在、没有损坏，数据库完好",
		Long: "逐个读出原文并核对，检查数据库的结构、编号和计数。有问题时逐条说明怎么办，退出码为 1。\n" +
			"服务正在运行时也可以校验。加 --repair 时让缺了、坏了的网页马上重新采集，要先停下服务。",
		Example: "  terrace archive verify\n  terrace archive verify --repair",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := configured(cmd)
			if err != nil {
				return err
			}
			v := &verifier{dir: c.Storage.Dir, progress: &ticker{}}
			if repair {
				return v.withLock(cmd.Context())
			}
			return v.run(cmd.Context(), func(ctx context.Context) (*stored, error) { return storedIn(ctx, c) })
		},
	}
	cmd.Flags().BoolVar(&repair, "repair", false, "让原文缺失或损坏的网页马上重新采集，重算计数（要先停下服务）")
	return cmd
}

// A verifier looks over a storage folder and says what is wrong.
type verifier struct {
	dir      string
	progress *ticker
	problems int
	waiting  []archive.Fault // to be repaired
	repaired int             // pages that are due now
	imports  []string        // ids of documents that have to be imported again
	repair   func(context.Context, []archive.Fault) error
}

// withLock verifies and repairs a folder that nobody else may open meanwhile.
func (v *verifier) withLock(ctx context.Context) error {
	unlock, err := lockStorage(v.dir)
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := os.Stat(filepath.Join(v.dir, stateFile)); err != nil {
		return unreadable(v.dir, err)
	}
	return v.run(ctx, func(ctx context.Context) (*stored, error) {
		s, err := openedBy(ctx, db.Open, v.dir)
		if err != nil {
			return nil, err
		}
		v.repair = func(ctx context.Context, faults []archive.Fault) error {
			due, imports, err := s.archive.Repair(ctx, faults, time.Now())
			v.repaired, v.imports = v.repaired+due, append(v.imports, imports...)
			return err
		}
		return s, nil
	})
}

const repairAtOnce = 500

func (v *verifier) run(ctx context.Context, open func(context.Context) (*stored, error)) error {
	release, err := readStorage(v.dir)
	if err != nil {
		return err
	}
	defer release()
	for _, name := range databases {
		if err := v.database(ctx, name); err != nil {
			return err
		}
	}
	if v.problems > 0 {
		return fmt.Errorf("数据库有 %d 处问题：停下服务，从备份恢复这些文件，再校验一次；relations.db、findings.db 可以删去，程序会重做", v.problems)
	}
	s, err := open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	var broken error
	found, err := s.archive.Verify(ctx, func(done int) { v.progress.tell("已核对 %d 项", done) }, func(f archive.Fault) {
		v.problem("%s", faultText(f))
		if v.waiting = append(v.waiting, f); len(v.waiting) >= repairAtOnce && broken == nil {
			broken = v.mend(ctx)
		}
	})
	if err = errors.Join(err, broken); err == nil {
		err = v.mend(ctx)
	}
	v.progress.end()
	if err != nil {
		return err
	}
	fmt.Printf("核对了 %d 个网页、%d 份原文；%d 个网页的附件只存文字；没有网页再用的原文 %d 份，会自动清除\n", found.Pages, found.Contents, found.Dropped, found.Unused)
	return v.verdict()
}

// database checks the structure of one file.
func (v *verifier) database(ctx context.Context, name string) error {
	d, err := db.OpenToRead(ctx, filepath.Join(v.dir, name))
	switch {
	case errors.Is(err, fs.ErrNotExist) && name != stateFile && name != pagesFile:
		return nil
	case errors.Is(err, db.ErrDamaged):
		v.problem("%s 坏了：%v", name, err)
		return nil
	case err != nil:
		return unreadable(v.dir, err)
	}
	defer d.Close()
	v.progress.tell("检查 %s 的结构", name)
	return d.Check(ctx, func(says string) { v.problem("%s 坏了：%s", name, says) })
}

func (v *verifier) problem(format string, args ...any) {
	v.problems++
	v.progress.end()
	fmt.Printf(format+"\n", args...)
}

// mend repairs what waits for it, where that is wanted.
func (v *verifier) mend(ctx context.Context) error {
	some := v.waiting
	v.waiting = nil
	if v.repair == nil || len(some) == 0 {
		return nil
	}
	return v.repair(ctx, some)
}

func (v *verifier) verdict() error {
	if v.problems == 0 {
		fmt.Println("没有问题")
		return nil
	}
	if v.repair == nil {
		return fmt.Errorf("发现 %d 处问题：停下服务，运行 terrace archive verify --repair，让有问题的网页重新采集", v.problems)
	}
	for _, id := range v.imports {
		fmt.Printf("要重新导入：%s\n", id)
	}
	return fmt.Errorf("发现 %d 处问题；%d 个网页已排上马上重新采集，%d 篇导入的文档要重新导入。采集之后再校验一次", v.problems, v.repaired, len(v.imports))
}

// faultText says what is wrong and what to do.
func faultText(f archive.Fault) string {
	p := f.Page.URL
	if p == "" {
		p = f.Page.ID
	}
	again := "重新采集该页（--repair）"
	if f.Page.Imported {
		again = "重新导入这一篇"
	}
	switch f.Kind {
	case archive.Missing:
		return fmt.Sprintf("原文不在：%s：%s", p, again)
	case archive.Damaged:
		return fmt.Sprintf("原文损坏：%s：%s", p, again)
	case archive.TextMissing:
		return fmt.Sprintf("附件的原文已按 archive.keepFiles 删去，文字却不在，或已损坏：%s：%s", p, again)
	case archive.Astray:
		return fmt.Sprintf("指向的网页不在存档里：%s：重新采集该页（terrace reindex --url %s --mode recrawl）", p, p)
	case archive.Miscounted:
		return "台账的计数与实际不符：重算（--repair）"
	}
	return "变更号有误（" + f.Detail + "）：停下服务，从备份恢复 state.db"
}

// A ticker rewrites one line of the terminal, once a second at most.
type ticker struct {
	last  time.Time
	shown bool
}

func (t *ticker) tell(format string, args ...any) {
	if time.Since(t.last) < time.Second {
		return
	}
	t.last, t.shown = time.Now(), true
	fmt.Fprintf(os.Stderr, "\r%-40s", fmt.Sprintf(format, args...))
}

// end leaves the line.
func (t *ticker) end() {
	if t.shown {
		fmt.Fprintln(os.Stderr)
		t.shown = false
	}
}
