package compound

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha1"
	"encoding/binary"
	"unicode/utf16"
)

// openPassword is what Excel encrypts by where a workbook is protected from changes alone: anyone may read it ([MS-XLS] 2.2.10).
const openPassword = "VelvetSweatshop"

// rekeyed is how many bytes of a stream one key is for ([MS-XLS] 2.2.10).
const rekeyed = 1024

// unlocked decrypts the records behind that of a FilePass where the password is the one everybody has; nil where it is another. Sizes and names of records are
// not encrypted, nor are some records.
func unlocked(stream, pass []byte) []byte {
	key := passKey(pass)
	if key == nil {
		return nil
	}
	out := bytes.Clone(stream)
	var cipher *rc4.Cipher
	block, used := -1, 0
	pad := make([]byte, rekeyed)
	behind := false // the FilePass
	for at := 0; at+recHeader <= len(out); {
		id, size := u16(out, at), u16(out, at+2)
		body := part(out, at+recHeader, size)
		if behind {
			skip := plainBytes(id, len(body))
			for i := skip; i < len(body); {
				position := at + recHeader + i
				if position/rekeyed != block || position%rekeyed < used {
					block, used = position/rekeyed, 0
					cipher, _ = rc4.NewCipher(key(uint32(block)))
				}
				cipher.XORKeyStream(pad[:position%rekeyed-used], pad[:position%rekeyed-used])
				n := min(len(body)-i, rekeyed-position%rekeyed)
				cipher.XORKeyStream(body[i:i+n], body[i:i+n])
				used = position%rekeyed + n
				i += n
			}
		}
		behind = behind || id == recFilePass
		at += recHeader + size
	}
	return out
}

// plainBytes is how many bytes of a record are not encrypted, from the front.
func plainBytes(id, size int) int {
	switch id {
	case recBOF, recFilePass, 0x00E1, 0x00E2, 0x0138, 0x0139, 0x0194, 0x0195: // InterfaceHdr, InterfaceEnd, RRD and FileLock records
		return size
	case recSheet:
		return min(4, size) // where the sheet begins
	}
	return 0
}

// passKey makes the keys of blocks, as the body of a FilePass tells ([MS-XLS] 2.4.117); nil where the password is another or the method is.
func passKey(pass []byte) func(block uint32) []byte {
	if u16(pass, 0) != 1 {
		return nil
	}
	var key func(uint32) []byte
	var verifier, hash []byte
	digest := func(b []byte) []byte { s := md5.Sum(b); return s[:] }
	switch major, minor := u16(pass, 2), u16(pass, 4); {
	case major == 1 && minor == 1 && len(pass) >= 54: // [MS-OFFCRYPTO] 2.3.6
		key, verifier, hash = plainKey(pass[6:22]), pass[22:38], pass[38:54]
	case major >= 2 && major <= 4 && minor == 2: // 2.3.5
		header := part(pass, 14, u32(pass, 10))
		check := part(pass, 14+len(header), len(pass))
		if len(check) < 60 || len(header) < 20 {
			return nil
		}
		bits := u32(header, 16)
		if bits == 0 {
			bits = 40
		}
		if bits < 40 || bits > 128 {
			return nil
		}
		key, verifier, hash = apiKey(check[4:20], bits/8), check[20:36], check[40:60]
		digest = func(b []byte) []byte { s := sha1.Sum(b); return s[:] }
	default:
		return nil
	}
	cipher, err := rc4.NewCipher(key(0))
	if err != nil {
		return nil
	}
	said, sum := make([]byte, len(verifier)), make([]byte, len(hash))
	cipher.XORKeyStream(said, verifier)
	cipher.XORKeyStream(sum, hash)
	if !bytes.Equal(digest(said), sum) {
		return nil
	}
	return key
}

// plainKey makes keys of the first method of RC4 ([MS-OFFCRYPTO] 2.3.6.2).
func plainKey(salt []byte) func(uint32) []byte {
	first := md5.Sum(passwordBytes())
	var round []byte
	for range 16 {
		round = append(append(round, first[:5]...), salt...)
	}
	base := md5.Sum(round)
	return func(block uint32) []byte {
		k := md5.Sum(binary.LittleEndian.AppendUint32(bytes.Clone(base[:5]), block))
		return k[:]
	}
}

// apiKey makes keys of RC4 by CryptoAPI ([MS-OFFCRYPTO] 2.3.5.2), of so many bytes.
func apiKey(salt []byte, size int) func(uint32) []byte {
	base := sha1.Sum(append(bytes.Clone(salt), passwordBytes()...))
	return func(block uint32) []byte {
		k := sha1.Sum(binary.LittleEndian.AppendUint32(bytes.Clone(base[:]), block))
		if size == 5 {
			return append(k[:5:5], make([]byte, 11)...)
		}
		return k[:size]
	}
}

func passwordBytes() (b []byte) {
	for _, u := range utf16.Encode([]rune(openPassword)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}
