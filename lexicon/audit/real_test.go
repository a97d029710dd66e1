package audit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// ownWords are the terms of our own lists of departments, lay words with the official terms, peoples, and kinds of documents.
func ownWords(t *testing.T) []string {
	folder := os.Getenv("TERRACE_DATA")
	if folder == "" {
		folder = "../../../shared/data"
	}
	seen := map[string]bool{}
	var out []string
	for file, columns := range map[string]int{"departments_seed.tsv": 2, "lay2official_seed.tsv": 2, "ethnic56.txt": 1, "doc_genres.txt": 1} {
		text, err := os.ReadFile(filepath.Join(folder, "lexicon/own", file))
		if err != nil {
			t.Skipf("no lists at hand: %v", err)
		}
		for line := range strings.Lines(string(text)) {
			cells := strings.Split(line, "\t")
			for _, cell := range cells[:min(columns, len(cells))] {
				for _, word := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("|,，、\r\n", r) }) {
					word = strings.TrimSpace(word)
					if n := utf8.RuneCountInString(word); n > 0 && !strings.HasPrefix(line, "#") && !seen[word] {
						seen[word] = true
						out = append(out, word)
					}
				}
			}
		}
	}
	return out
}

func TestRealTermsAreSeldomHeldDangerous(t *testing.T) {
	words := ownWords(t)
	r, err := Words(t.Context(), []byte(strings.Join(words, "\n")), Options{Vocabulary: embeddedVocabulary(t)})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		t.Logf("%s %s: %s", f.Severity, f.Word, f.Reason)
	}
	if r.Found[Error] > 0 || r.Found[Danger]*50 > len(words) {
		t.Errorf("%v of %d words", r.Found, len(words))
	}
	t.Logf("%v of %d words, %v more", r.Found, len(words), r.More)
}
