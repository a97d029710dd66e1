package main

import (
	"fmt"
	"reflect"
	"strings"

	"terrace/site"
)

// remedyFor says what an unknown key may have been meant to be: a key of the same struct that reads alike, else one that stands elsewhere.
func remedyFor(key string, in reflect.Type) string {
	if near := nearest(key, keysOf(in)); near != "" {
		return fmt.Sprintf("是否想写 %q？", near)
	}
	for _, s := range settingsOf(reflect.TypeFor[Config](), "") {
		section, last, nested := cutLast(s.path)
		if nested && strings.EqualFold(last, key) {
			return fmt.Sprintf("它应写在 %s 之下", section)
		}
	}
	return "可用的键有 " + strings.Join(keysOf(in), "、")
}

func cutLast(path string) (before, last string, found bool) {
	at := strings.LastIndexByte(path, '.')
	if at < 0 {
		return "", path, false
	}
	return path[:at], path[at+1:], true
}

// A setting is a key of the configuration with the way to it, such as sites[].hosts.
type setting struct {
	path  string
	env   string // another name in the environment, if it has one
	index []int  // of the struct fields on the way; nil below a list
	of    reflect.Type
}

// settingsOf lists the settings of a struct that hold a value or a list of values, in order.
func settingsOf(t reflect.Type, path string) []setting {
	var all []setting
	for i := range t.NumField() {
		f := t.Field(i)
		s := setting{path: join(path, f.Tag.Get("yaml")), env: f.Tag.Get("env"), index: []int{i}, of: f.Type}
		switch {
		case single(f.Type):
			all = append(all, s)
		case f.Type.Kind() == reflect.Slice:
			for _, below := range settingsOf(f.Type.Elem(), s.path+"[]") {
				below.index = nil
				all = append(all, below)
			}
		default:
			for _, below := range settingsOf(f.Type, s.path) {
				if below.index != nil {
					below.index = append([]int{i}, below.index...)
				}
				all = append(all, below)
			}
		}
	}
	return all
}

// single reports types that are written as one value or as a list of such.
func single(t reflect.Type) bool {
	if t == reflect.TypeFor[WordList]() || t == reflect.TypeFor[site.Browser]() {
		return true
	}
	if parsers[t] == nil && t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return parsers[t] != nil
}

// nearest returns the word that differs from the given one by letter case, signs or a few letters, or the empty string.
func nearest(word string, words []string) string {
	best, least := "", 1+max(1, len(bare(word))/3)
	for _, w := range words {
		if d := distance(bare(word), bare(w)); d < least {
			best, least = w, d
		}
	}
	return best
}

func bare(s string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(s))
}

// distance is Levenshtein's, by bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
