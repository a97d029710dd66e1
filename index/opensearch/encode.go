package opensearch

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// JSON holds valid UTF-8 alone, and two control characters part the terms of a field. A byte that cannot stand is written as the rune
// escaped+byte, of the last private plane; so are the bytes of a rune that lies there itself.
const (
	escaped    = 0x10FE00
	cutMark    = "\U0010FF01" // behind the kept part of a string that is too long to be a term
	emptyID    = "\U0010FF02"
	noTerms    = "\U0010FF03" // the one term of a field that has none
	parting    = '\x01'       // between the terms of a field
	countMark  = '\x02'       // before a term's count
	maxTerm    = 1000         // bytes; Lucene takes 32,766
	maxID      = 400          // bytes; OpenSearch takes 512
	planeStart = "\xf4\x8f\xb8\x80"
)

// encode writes any string as valid UTF-8 without parting and countMark. The order of valid strings stays.
func encode(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, parting) < 0 && strings.IndexByte(s, countMark) < 0 && !strings.Contains(s, planeStart[:2]) {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || r == parting || r == countMark || r >= escaped {
			for _, b := range []byte(s[i : i+n]) {
				out.WriteRune(escaped + rune(b))
			}
		} else {
			out.WriteString(s[i : i+n])
		}
		i += n
	}
	return out.String()
}

// decode undoes encode.
func decode(s string) string {
	if !strings.Contains(s, planeStart[:2]) {
		return s
	}
	var out strings.Builder
	for _, r := range s {
		if r >= escaped && r <= escaped+0xff {
			out.WriteByte(byte(r - escaped))
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// term is encode, but a string of more than maxTerm bytes is cut, and its sum stands for the rest.
func term(s string) string { return cut(encode(s), maxTerm) }

func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	kept := s[:limit-100]
	for !utf8.ValidString(kept) {
		kept = kept[:len(kept)-1]
	}
	return fmt.Sprintf("%s%s%x", kept, cutMark, sha256.Sum256([]byte(s)))
}

func wasCut(s string) bool { return strings.Contains(s, cutMark) }

// idTerm is a document's _id.
func idTerm(id string) string {
	if id == "" {
		return emptyID
	}
	return cut(encode(id), maxID)
}

// toJSON encodes what always can be; < and > stay as they are.
func toJSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("opensearch: %v", err)) // a value of our own that is none of JSON's
	}
	return b.Bytes()
}
