// Package pdf reads the text of PDF files, with PDFium compiled to WebAssembly: whatever a file does to it stays inside the memory of that module, which sees
// no file, no network and no clock of this machine.
//
// The text is what PDFium's text interface gives, in the order of the page's content. The invisible text under a scan is part of it; comments and form fields are
// not.
package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"terrace/indexer/attach/plain"
)

const (
	maxPages  = 2000
	maxMemory = 256 << 20 // bytes of a module, the file among them; PDFium gives a file up that needs more
	wasmPage  = 64 << 10
)

// A Reader reads PDF files, one at a time; a call waits for the one before.
type Reader struct {
	life   context.Context
	cache  wazero.CompilationCache
	mu     sync.Mutex
	pool   pdfium.Pool
	cancel context.CancelFunc // ends what the pool is doing, and the pool
}

// New makes a Reader that is good until ctx ends. Compiling PDFium takes seconds and 300 MB; the result is kept in cacheDir, from where it takes a tenth of a
// second and 40 MB. The folder must be safe from others: what lies in it is run. Without cacheDir every New compiles.
func New(ctx context.Context, cacheDir string) (*Reader, error) {
	r := &Reader{life: ctx, cache: wazero.NewCompilationCache()}
	if cacheDir != "" {
		var err error
		if r.cache, err = wazero.NewCompilationCacheWithDir(cacheDir); err != nil {
			return nil, fmt.Errorf("open the cache of compiled PDFium: %w", err)
		}
	}
	if err := r.open(); err != nil {
		_ = r.cache.Close(context.WithoutCancel(ctx))
		return nil, err
	}
	return r, nil
}

func (r *Reader) open() error {
	ctx, cancel := context.WithCancel(withAllocator(r.life))
	pool, err := webassembly.Init(webassembly.Config{
		Context:  ctx,
		MaxTotal: 1,
		FSConfig: wazero.NewFSConfig(), // nil would show the module the machine's root
		Stdout:   io.Discard,
		Stderr:   io.Discard,
		RuntimeConfig: wazero.NewRuntimeConfig().
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithCompilationCache(r.cache).
			WithMemoryLimitPages(maxMemory / wasmPage).
			WithCloseOnContextDone(true),
	})
	if err != nil {
		cancel()
		return fmt.Errorf("start PDFium: %w", err)
	}
	r.pool, r.cancel = pool, cancel
	return nil
}

// Close frees what the Reader holds; it waits for the file that is being read.
func (r *Reader) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shut()
	_ = r.cache.Close(context.WithoutCancel(r.life))
}

func (r *Reader) shut() {
	if r.pool != nil {
		_ = r.pool.Close()
		r.cancel()
		r.pool = nil
	}
}

// Read adds the text of a PDF file to out, at most 2,000 pages of it. It stops when ctx ends, with its error, and when out is full. Pages that cannot be loaded
// are passed over and make the error wrap plain.ErrBroken; where PDFium itself fails, reading ends with that error. A password is plain.ErrEncrypted, more pages
// are plain.ErrLimit.
func (r *Reader) Read(ctx context.Context, data []byte, out *plain.Text) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pool == nil {
		if err := r.open(); err != nil {
			return err
		}
	}
	stop := context.AfterFunc(ctx, r.cancel)
	err := r.read(ctx, data, out)
	if !stop() {
		r.shut() // what the pool runs on has ended with ctx
	}
	if ctx.Err() != nil {
		return fmt.Errorf("read PDF: %w", ctx.Err())
	}
	return err
}

func (r *Reader) read(ctx context.Context, data []byte, out *plain.Text) error {
	instance, err := r.pool.GetInstanceWithContext(ctx)
	if err != nil {
		return fmt.Errorf("start a module of PDFium: %w", err)
	}
	defer instance.Close()
	opened, err := instance.OpenDocument(&requests.OpenDocument{File: &data})
	if errors.Is(err, pdferrors.ErrPassword) || errors.Is(err, pdferrors.ErrSecurity) {
		return fmt.Errorf("open PDF: %w", plain.ErrEncrypted)
	}
	if err != nil {
		return broken("open PDF", err)
	}
	count, err := instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: opened.Document})
	if err != nil {
		return broken("count pages of PDF", err)
	}
	return document{instance, opened.Document}.read(ctx, count.PageCount, out)
}

// broken tells what failed without the stack of a module that did.
func broken(what string, err error) error {
	why, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf("%s: %w: %s", what, plain.ErrBroken, why)
}
