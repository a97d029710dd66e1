package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"

	"github.com/spf13/cobra"

	"terrace/indexer"
	"terrace/indexer/attach"
	"terrace/indexer/attach/child"
	"terrace/indexer/attach/plain"
	"terrace/indexer/attached"
)

// newAttachmentCommand shows what is read of files.
func newAttachmentCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "attachment 文件…",
		Short: "读出附件的文字：PDF、Word、Excel、PowerPoint、WPS、OFD、RTF、文本、网页和 ZIP",
		Long: `在受限的子进程里读出每个附件的文字：不联网，每个文件至多 30 秒、512 MB 内存。文件是什么由内容认出，不看扩展名。
读不出的文件各有原因；有一个读不出，退出码为 1。`,
		Example: "  terrace attachment 申请表.doc 通知.pdf",
		Args:    arguments(1, math.MaxInt, "文件"),
		RunE: func(cmd *cobra.Command, files []string) error {
			reader, err := newFileReader("", logger(cmd))
			if err != nil {
				return err
			}
			defer reader.Close()
			failed := 0
			for _, name := range files {
				if err := showAttachment(cmd, reader, name); err != nil {
					failed++
				}
			}
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			if failed > 0 {
				return fmt.Errorf("%d 个文件没有读出文字", failed)
			}
			return nil
		},
	}
}

// A fileReader reads attached files in children of this program.
type fileReader struct {
	*child.Pool
	cache string // the folder where children find the compiled reader of PDF

	mu       sync.Mutex
	prepared bool
}

// newFileReader makes a fileReader. The cache of a user without a folder for such is below fallback, where nobody else may write; empty: that is an error.
func newFileReader(fallback string, log *slog.Logger) (*fileReader, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("找不到自己的程序文件：%w", err)
	}
	caches, err := os.UserCacheDir()
	if err != nil && fallback == "" {
		return nil, fmt.Errorf("没有放编译缓存的目录：%w", err)
	}
	if err != nil {
		caches = fallback
	}
	cache := filepath.Join(caches, "terrace", "pdf")
	return &fileReader{Pool: child.NewPool(child.Options{Command: []string{program, readerName, cache}, Log: log}), cache: cache}, nil
}

// Read reads a file in a child. The first that may be or hold a PDF waits until its reader is compiled, which takes seconds once a machine; children cannot do that.
func (r *fileReader) Read(ctx context.Context, f attach.File) (attach.Text, error) {
	if attach.MayHoldPDF(f.Data) {
		if err := r.prepare(ctx); err != nil {
			return attach.Text{}, err
		}
	}
	return r.Pool.Read(ctx, f)
}

func (r *fileReader) prepare(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.prepared {
		return nil
	}
	if err := os.MkdirAll(r.cache, 0o700); err != nil {
		return fmt.Errorf("建不了编译缓存：%w", err)
	}
	if err := attach.Prepare(ctx, r.cache); err != nil {
		return err
	}
	debug.FreeOSMemory() // compiling takes hundreds of megabytes
	r.prepared = true
	return nil
}

func showAttachment(cmd *cobra.Command, reader attached.Reader, name string) error {
	data, err := readAttachment(name)
	var t attach.Text
	if err == nil {
		t, err = reader.Read(cmd.Context(), attach.File{Name: filepath.Base(name), Data: data})
	}
	if err == nil && t.NeedsOCR {
		err = errOnlyPictures
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "%s（%s）\n", name, formatName(t.Format))
	for _, s := range t.Skipped {
		fmt.Fprintf(out, "其中没有读出：%s\n", indexer.ReasonInChinese(s))
	}
	if more := t.Unread - len(t.Skipped); more > 0 {
		fmt.Fprintf(out, "其中没有读出的还有 %d 个\n", more)
	}
	if t.Cut > 0 {
		fmt.Fprintf(out, "文字过长，只要了前 %d 字节\n", len(t.Body))
	}
	if t.Scans > 0 {
		fmt.Fprintf(out, "有 %d 页是图片，没有文字\n", t.Scans)
	}
	if err != nil {
		fmt.Fprintln(out, "没有读全："+attachmentProblem(err))
	}
	if t.Body != "" {
		fmt.Fprintln(out, t.Body)
	}
	return err
}

// maxAttachment is the largest file that is read, in bytes.
const maxAttachment = 256 << 20

func readAttachment(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxAttachment+1))
	if err == nil && len(data) > maxAttachment {
		err = plain.ErrLimit
	}
	return data, err
}

var errOnlyPictures = errors.New("only pictures")

func formatName(format string) string {
	if format == "" {
		return "格式不明"
	}
	return format
}

// attachmentProblem says why a file gave no text, or not all.
func attachmentProblem(err error) string {
	for _, known := range []struct {
		err  error
		says string
	}{
		{errOnlyPictures, "只有图片，是扫描件，要文字识别（OCR）"},
		{plain.ErrEncrypted, "有密码"},
		{plain.ErrUnsupported, "这种格式读不了"},
		{plain.ErrBroken, "文件不全或已损坏"},
		{plain.ErrLimit, "超过大小、层数或文件数的上限"},
		{child.ErrTimeout, "30 秒没有读完"},
		{child.ErrMemory, "要的内存超过 512 MB"},
		{child.ErrCrashed, "读它的进程出错退出"},
		{os.ErrNotExist, "没有这个文件"},
		{os.ErrPermission, "没有权限读它"},
	} {
		if errors.Is(err, known.err) {
			return known.says
		}
	}
	return err.Error()
}

const readerName = "read-attachments"

// newReaderCommand is the child's side. People do not call it.
func newReaderCommand() *cobra.Command {
	return &cobra.Command{
		Use:    readerName + " 编译缓存",
		Short:  "（由 terrace 自己调用）在受限的进程里读附件",
		Hidden: true,
		Args:   arguments(1, 1, "编译缓存"),
		RunE: func(_ *cobra.Command, args []string) error {
			return child.Serve(os.Stdin, os.Stdout, attach.NewReader(args[0]).Read)
		},
	}
}
