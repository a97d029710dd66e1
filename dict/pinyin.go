package dict

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
)

//go:embed pinyin.txt.gz
var pinyin []byte

// Pinyin is how simplified Han characters are read, in syllables without tones, ü as v. Lines that begin with Latin letters are readings, the
// usual one first, and after a tab the characters that have them: "chang zhang\t长涨". The others are words in which a character is not read as
// usual, or that may overlap with one of these, with their syllables and how many bits their frequency has: "银行\tyin hang\t15".
// From go-pinyin, pypinyin and pinyin-pro (all MIT), by the frequencies of Words.
func Pinyin() (io.Reader, error) { return gzip.NewReader(bytes.NewReader(pinyin)) }
