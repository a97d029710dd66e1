package site

import (
	"bufio"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/dict"
)

// A Call is a way in which a township is called, and where it stands to be meant.
type Call struct {
	Text  string
	Where Where
	Not   string // characters that make another word with its end where one follows: no 乡 is meant by 五山乡村
}

// Where says where a call means its township.
type Where int

const (
	Anywhere Where = iota
	First          // where no letter stands before it, or another name does
	Alone          // where no letter stands beside it, or the name of a place before it
)

// What follows the units of townships where they are parts of other words: 乡村, 镇静, 街道路.
var otherwise = map[string]string{"乡": "村镇亲土愁情音邻", "镇": "静痛压江定化", "街道": "路"}

// common are words that end as townships do, and before them what makes no name of it: by 新城乡居民 no 新城乡 is meant, but 慈城镇 is a town.
var common = regexp.MustCompile(`([新旧老古大小中上下县市省全各本])?(?:城乡|城镇|乡镇|村镇|家乡)$`)

// misleading are short forms that hold a numeral, or read as the name of a higher division or of a road: 高市 of 高市乡.
var misleading = regexp.MustCompile(`[一二三四五六七八九十百千万两]|[省州市县区旗路]$`)

// Calls are how the townships below a division are called, by their names in full. A short form, 蔓耗 of 蔓耗镇, is one only where the general dictionary
// has it neither as a word nor in one, no higher division is called so, it does not mislead, and it is of one county alone. Takes a tenth of a second.
func (d *Division) Calls() map[string][]Call {
	out := map[string][]Call{}
	shorts := d.shortForms()
	w := wordsAround(shorts)
	for name, short := range shorts {
		plain := Plain(name)
		out[name] = append(out[name], w.full(name, short.text))
		if plain != name {
			out[name] = append(out[name], w.full(plain, short.text))
		}
		if short.text != "" && !short.shared && !w.words[short.text] && !w.inside[short.text] && !misleading.MatchString(short.text) {
			last, _ := utf8.DecodeLastRuneInString(short.text)
			out[name] = append(out[name], Call{Text: short.text, Where: First, Not: string(w.after[last])})
		}
	}
	return out
}

// full is how a name with its unit may stand.
func (w *around) full(name, short string) Call {
	c := Call{Text: name}
	for unit, not := range otherwise {
		if strings.HasSuffix(name, unit) {
			c.Not = not
		}
	}
	like := common.FindStringSubmatch(name)
	switch {
	case utf8.RuneCountInString(name) < 3, like != nil && like[1] != "":
		c.Where = Alone
	case like != nil, strings.HasSuffix(name, "街道") && w.words[short]: // 市中心街道
		c.Where = First
	}
	return c
}

// A short form of townships.
type short struct {
	text   string // empty: less than two characters
	shared bool   // with townships of other counties, or another division
}

// shortForms are the short forms by the names in full.
func (d *Division) shortForms() map[string]short {
	counties := map[string]map[*Division]bool{}
	names := map[string]string{}
	d.eachTownship(nil, func(t, county *Division) {
		s := Bare(Plain(t.Name))
		names[t.Name] = s
		if counties[s] == nil {
			counties[s] = map[*Division]bool{}
		}
		counties[s][county] = true
	})
	higher := readCountry().bareNames()
	out := map[string]short{}
	for name, s := range names {
		out[name] = short{s, len(counties[s]) > 1 || higher[s]}
	}
	return out
}

// eachTownship calls f with the townships below, and the counties that they are of.
func (d *Division) eachTownship(above *Division, f func(township, county *Division)) {
	if d.Level == Township {
		f(d, above)
	}
	for _, below := range d.Below {
		below.eachTownship(d, f)
	}
}

// bareNames are those of all provinces, prefectures and counties.
func (c country) bareNames() map[string]bool {
	out := map[string]bool{}
	for line := range c {
		_, name, _ := c.entry(line)
		out[Bare(Plain(name))] = true
	}
	delete(out, "")
	return out
}

// around is what the general dictionary knows of short forms.
type around struct {
	words  map[string]bool // are words
	inside map[string]bool // stand in longer words, but for names that they make with a unit
	after  map[rune][]rune // follow the last characters of short forms in words
}

func wordsAround(shorts map[string]short) *around {
	w := &around{map[string]bool{}, map[string]bool{}, map[rune][]rune{}}
	wanted, first := map[string]bool{}, map[rune]bool{}
	for _, s := range shorts {
		if s.text == "" {
			continue
		}
		wanted[s.text] = true
		r, _ := utf8.DecodeRuneInString(s.text)
		first[r] = true
		last, _ := utf8.DecodeLastRuneInString(s.text)
		w.after[last] = nil
	}
	for word := range generalWords() {
		w.look(word, wanted, first)
	}
	return w
}

func (w *around) look(word string, wanted map[string]bool, first map[rune]bool) {
	r, n := utf8.DecodeRuneInString(word)
	if followers, ends := w.after[r]; ends && n < len(word) {
		next, _ := utf8.DecodeRuneInString(word[n:])
		if !slices.Contains(followers, next) {
			w.after[r] = append(followers, next)
		}
	}
	for i, r := range word {
		if !first[r] {
			continue
		}
		for j := range word[i:] {
			if part := word[i : i+j]; wanted[part] && Bare(word) != part {
				w.inside[part] = true
			}
		}
		if part := word[i:]; wanted[part] && i > 0 {
			w.inside[part] = true
		}
	}
	if wanted[word] {
		w.words[word] = true
	}
}

// generalWords are those of dict.Words. The list is embedded and tested: an error is the program's.
func generalWords() func(yield func(string) bool) {
	return func(yield func(string) bool) {
		in, err := dict.Words()
		if err != nil {
			panic(fmt.Errorf("read the dictionary: %w", err))
		}
		lines := bufio.NewScanner(in)
		for lines.Scan() {
			word, _, _ := strings.Cut(lines.Text(), " ")
			if !yield(word) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			panic(fmt.Errorf("read the dictionary: %w", err))
		}
	}
}
