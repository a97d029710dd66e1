package compound

import (
	"encoding/binary"
	"unicode/utf16"
)

// u8, u16, u32 and u64 read a number in little endian; 0 where the bytes end before it does.
func u8(b []byte, at int) int {
	if at < 0 || at >= len(b) {
		return 0
	}
	return int(b[at])
}

func u16(b []byte, at int) int {
	if at < 0 || at > len(b)-2 {
		return 0
	}
	return int(binary.LittleEndian.Uint16(b[at:]))
}

func u32(b []byte, at int) int {
	if at < 0 || at > len(b)-4 {
		return 0
	}
	return int(binary.LittleEndian.Uint32(b[at:]))
}

func u64(b []byte, at int) uint64 {
	if at < 0 || at > len(b)-8 {
		return 0
	}
	return binary.LittleEndian.Uint64(b[at:])
}

// part is the n bytes from at, or those of them that are there.
func part(b []byte, at, n int) []byte {
	if at < 0 || at >= len(b) || n <= 0 {
		return nil
	}
	return b[at : at+min(n, len(b)-at)]
}

// units are the code units of UTF-16 in b.
func units(b []byte) []uint16 {
	u := make([]uint16, len(b)/2)
	for i := range u {
		u[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return u
}

// wide is text in UTF-16.
func wide(b []byte) string { return string(utf16.Decode(units(b))) }
