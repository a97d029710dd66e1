package main

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The packages that know readings, all MIT: of single characters the first, of phrases the others.
const (
	goPinyin  = "github.com/mozillazg/go-pinyin@v0.21.0"
	pypinyin  = "pypinyin==0.55.0"
	pinyinPro = "pinyin-pro@3.29.4"
)

// bare takes the tone off a syllable and writes ü as v.
func bare(syllable string) string {
	plain := strings.ReplaceAll(norm.NFD.String(syllable), "u\u0308", "v")
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, plain)
}

// characterReadings are go-pinyin's, in its order.
func characterReadings() (map[rune][]string, error) {
	var module struct{ Dir string }
	out, err := exec.Command("go", "mod", "download", "-json", goPinyin).Output()
	if err != nil {
		return nil, fmt.Errorf("download %s: %w", goPinyin, err)
	}
	if err := json.Unmarshal(out, &module); err != nil {
		return nil, err
	}
	source, err := os.ReadFile(filepath.Join(module.Dir, "pinyin_dict.go"))
	if err != nil {
		return nil, err
	}
	readings := map[rune][]string{}
	for _, m := range regexp.MustCompile(`0x([0-9A-F]+): "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		c, err := strconv.ParseInt(m[1], 16, 32)
		if err != nil {
			return nil, err
		}
		for syllable := range strings.SplitSeq(m[2], ",") {
			if s := bare(syllable); !slices.Contains(readings[rune(c)], s) {
				readings[rune(c)] = append(readings[rune(c)], s)
			}
		}
	}
	return readings, nil
}

// phraseReadings are pypinyin's, and pinyin-pro's where that has a phrase. Phrases with a reading that go-pinyin's list of the character lacks
// are left out: they are misprints.
func phraseReadings(characters map[rune][]string) (map[string][]string, error) {
	dir, err := os.MkdirTemp("", "pinyin")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	out := map[string][]string{}
	if err := pypinyinPhrases(dir, out); err != nil {
		return nil, err
	}
	if err := proPhrases(dir, out); err != nil {
		return nil, err
	}
	for text, syllables := range out {
		if !possible(text, syllables, characters) {
			delete(out, text)
		}
	}
	return out, nil
}

func possible(text string, syllables []string, characters map[rune][]string) bool {
	if utf8.RuneCountInString(text) != len(syllables) {
		return false
	}
	for i, c := range []rune(text) {
		if !slices.Contains(characters[c], syllables[i]) {
			return false
		}
	}
	return true
}

func pypinyinPhrases(dir string, into map[string][]string) error {
	if out, err := exec.Command("pip", "download", "--no-deps", "--dest", dir, pypinyin).CombinedOutput(); err != nil {
		return fmt.Errorf("pip download %s: %w: %s", pypinyin, err, out)
	}
	wheels, err := filepath.Glob(filepath.Join(dir, "pypinyin-*.whl"))
	if err != nil || len(wheels) != 1 {
		return fmt.Errorf("find the wheel of %s: %v %w", pypinyin, wheels, err)
	}
	wheel, err := zip.OpenReader(wheels[0])
	if err != nil {
		return err
	}
	defer wheel.Close()
	file, err := wheel.Open("pypinyin/phrases_dict.json")
	if err != nil {
		return err
	}
	defer file.Close()
	var phrases map[string][][]string
	if err := json.NewDecoder(file).Decode(&phrases); err != nil {
		return err
	}
	for text, syllables := range phrases {
		into[text] = nil
		for _, readings := range syllables {
			into[text] = append(into[text], bare(readings[0]))
		}
	}
	return nil
}

func proPhrases(dir string, into map[string][]string) error {
	if out, err := exec.Command("npm", "install", "--prefix", dir, "--no-save", pinyinPro).CombinedOutput(); err != nil {
		return fmt.Errorf("npm install %s: %w: %s", pinyinPro, err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "node_modules/pinyin-pro/dist/esm/data/dict[2-5].mjs"))
	if err != nil {
		return err
	}
	entry := regexp.MustCompile(`(\p{Han}+): ['"]([^'"]+)['"]`)
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range entry.FindAllStringSubmatch(string(source), -1) {
			into[m[1]] = strings.Fields(bare(m[2]))
		}
	}
	return nil
}
