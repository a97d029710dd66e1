package querylog

import (
	_ "embed"
	"strings"
	"sync"
)

//go:generate go run ./make

//go:embed surnames.txt
var surnameList string

//go:embed ordinary.txt
var ordinaryList string

var surnames = sync.OnceValue(func() map[string]bool { return set(surnameList) })

// ordinary are words that look like names and are none.
var ordinary = sync.OnceValue(func() map[string]bool { return set(ordinaryList) })

// What the names of offices and places end with, and those of persons do not.
const ends = "局厅署院站县市区"

// nameLike tells whether a text has the form of a Chinese personal name: a common surname and one or two more characters, the last of which is not
// one that offices and places end with.
func nameLike(text string) bool {
	if len(text) > 4*4 {
		return false
	}
	runes := []rune(text)
	if len(runes) == 0 || strings.ContainsRune(ends, runes[len(runes)-1]) {
		return false
	}
	for n := 1; n <= 2; n++ {
		if given := len(runes) - n; given >= 1 && given <= 2 && surnames()[string(runes[:n])] {
			return true
		}
	}
	return false
}

// set reads words, parted by blanks and line breaks; lines that begin with # are comments.
func set(list string) map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(list) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(line) {
			words[w] = true
		}
	}
	return words
}
