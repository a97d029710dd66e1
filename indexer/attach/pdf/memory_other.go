//go:build !linux && !darwin

package pdf

import "context"

func withAllocator(ctx context.Context) context.Context { return ctx }
