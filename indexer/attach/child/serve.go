package child

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"terrace/indexer/attach"
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
		text, err := read(context.Background(), attach.File{Name: q.Name, Data: data})
		if err := writeAnswer(out, q.Number, text, err); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
		debug.FreeOSMemory() // what a file has left is not counted as the next one's
	}
}
