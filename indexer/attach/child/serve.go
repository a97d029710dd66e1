package child

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"terrace/indexer/attach"
	"terrace/indexer/attach/plain"
)

// Serve is the child's side: it limits its own process, then reads requests from in and answers them on out, one at a time, until in ends. Nothing else may be
// written to out.
//
// On Linux the process can from then on write no byte to any file, open few, dump no core and take hardly more memory than the parent allows it; the system
// ends it before others when memory runs out.
func Serve(in io.Reader, out io.Writer, read func(context.Context, attach.File) (attach.Text, error)) error {
	if err := limitFiles(); err != nil {
		return fmt.Errorf("limit the files of a child process: %w", err)
	}
	for limited := false; ; limited = true {
		q, data, err := readRequest(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read a request: %w", err)
		}
		if !limited {
			debug.SetMemoryLimit(q.Memory / 4 * 3) // collect harder before the parent must step in
			if err := limitMemory(q.Memory); err != nil {
				return fmt.Errorf("limit the memory of a child process: %w", err)
			}
		}
		text, err := readWithin(q.Time, read, attach.File{Name: q.Name, Data: data})
		if err := writeAnswer(out, q.Number, text, err); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
		debug.FreeOSMemory() // what a file has left is not counted as the next one's
	}
}

// readWithin gives what is read of a file in some time; more is beyond a limit.
func readWithin(most time.Duration, read func(context.Context, attach.File) (attach.Text, error), f attach.File) (attach.Text, error) {
	ctx, cancel := context.WithTimeout(context.Background(), most)
	defer cancel()
	text, err := read(ctx, f)
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("%w: not read to its end in %v", plain.ErrLimit, most)
	}
	return text, err
}
