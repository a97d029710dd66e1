// Package dict holds the words: lists as text files with their source and licence (NOTICE at the repository's root), embedded.
package dict

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
)

//go:generate go run ./make

//go:embed words.txt.gz
var words []byte

//go:embed t2s.txt
var t2s string

//go:embed stopwords.txt
var stopwords string

//go:embed synonyms.txt
var synonyms string

// Words is the general dictionary: a line a word, "word frequency", simplified Han characters only. From gse (Apache-2.0).
func Words() (io.Reader, error) { return gzip.NewReader(bytes.NewReader(words)) }

// Traditional is a line a character, "traditional simplified". From OpenCC by way of opencc-js (Apache-2.0).
func Traditional() string { return t2s }

// Stopwords are words that say nothing about what is looked for, a line a word; lines that begin with # are comments. Our own.
func Stopwords() string { return stopwords }

// Synonyms are lay words and former names with the official terms they stand for; the file says how lines are written. Our own.
func Synonyms() string { return synonyms }
