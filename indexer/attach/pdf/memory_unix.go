//go:build linux || darwin

package pdf

import (
	"context"
	"syscall"

	"github.com/tetratelabs/wazero/experimental"
)

// withAllocator gives modules memory that grows in place and goes back to the system with the module. The heap would copy it to grow and keep it for a while.
func withAllocator(ctx context.Context) context.Context {
	return experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(func(_, most uint64) experimental.LinearMemory {
		reserved, err := syscall.Mmap(-1, 0, int(min(most, maxMemory)), syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		if err != nil {
			return &linearMemory{}
		}
		return &linearMemory{reserved: reserved}
	}))
}

type linearMemory struct {
	reserved []byte
	usable   int
}

// Reallocate makes size bytes usable, or returns nil where they are not to be had.
func (m *linearMemory) Reallocate(size uint64) []byte {
	if size > uint64(len(m.reserved)) {
		return nil
	}
	if more := int(size); more > m.usable {
		if syscall.Mprotect(m.reserved[:more], syscall.PROT_READ|syscall.PROT_WRITE) != nil {
			return nil
		}
		m.usable = more
	}
	return m.reserved[:size:size]
}

// Free gives the memory back.
func (m *linearMemory) Free() {
	if m.reserved != nil {
		_ = syscall.Munmap(m.reserved)
		m.reserved = nil
	}
}
