package audit

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"terrace/segment"
)

// A words audits user words.
type words struct {
	*teller
	v     *Vocabulary
	base  *segment.Segmenter
	names map[string]Name
	used  map[string]int // line of each word that the segmenter would use, in its normal form
	list  []userWord     // the same in the order of the file
}

type userWord struct {
	text string // normal form
	line int
	new  bool // no word without being in the list
}

// Words audits a list of user words, one a line. Time grows with the list and the dictionary, not with their product.
func Words(ctx context.Context, text []byte, o Options) (Report, error) {
	v, err := o.vocabulary()
	if err != nil {
		return Report{}, err
	}
	w := &words{newTeller(UserWords), v, segment.New(v.dictionary), named(o.Names), map[string]int{}, nil}
	if err := w.each(ctx, text, w.line); err != nil {
		return Report{}, err
	}
	w.Entries = len(w.list)
	if err := w.overlaps(ctx, o.Probes); err != nil {
		return Report{}, err
	}
	return w.finish(), nil
}

func (o Options) vocabulary() (*Vocabulary, error) {
	if o.Vocabulary != nil {
		return o.Vocabulary, nil
	}
	return EmbeddedVocabulary()
}

// named finds names by their normal form.
func named(names []Name) map[string]Name {
	m := map[string]Name{}
	for _, n := range names {
		m[strings.TrimSpace(segment.Normalize(n.Text))] = n
	}
	return m
}

// line audits one line by itself.
func (w *words) line(n int, raw string) {
	if a := arrowIn(raw); a != "" {
		w.tell(Error, "mixed", n, raw, "把这一行移到同义词表（dictionary.synonyms）", "这个文件是用户词表，一行一个词，这一行却有箭头 %s", a)
		return
	}
	word := strings.TrimSpace(segment.Normalize(raw))
	if !w.usable(n, raw, word) {
		return
	}
	if before := w.used[word]; before > 0 {
		w.tell(Useless, "duplicate", n, raw, "删去这一行", "与第 %d 行重复（繁体简体、全角半角不同也算相同）", before)
		return
	}
	w.used[word] = n
	parts := cut(w.base, word)
	w.list = append(w.list, userWord{word, n, len(parts) > 1})
	w.judge(n, raw, word, parts)
}

// usable reports whether the segmenter takes a word at all; it says why not.
func (w *words) usable(n int, raw, word string) bool {
	runes := utf8.RuneCountInString(word)
	foreign := strings.IndexFunc(word, func(r rune) bool { return !isHan(r) })
	switch {
	case word == "":
		w.tell(Useless, "foreign", n, raw, "删去这一行", "这一行只有看不见的字符")
	case strings.ContainsRune(word, utf8.RuneError):
		w.tell(Useless, "garbled", n, raw, "重新输入这个词", "有乱码（�），文件转换编码时已经坏了")
	case strings.ContainsAny(word, " ,、;|/") && strings.ContainsFunc(word, isHan):
		w.tell(Useless, "several", n, raw, "一行只写一个词，不写词频、词性和标点", "一行里不止一个词，整行都不会被认作词")
	case isNumber(word):
		w.tell(Useless, "number", n, raw, "删去这一行", "是数字或日期，程序自己会认")
	case foreign >= 0 && strings.ContainsFunc(word, isHan):
		w.tell(Useless, "foreign", n, raw, "删去这一行，或只留汉字部分", "夹有汉字以外的字符「%s」，程序只认全是汉字的词", firstRune(word[foreign:]))
	case foreign >= 0:
		w.tell(Useless, "foreign", n, raw, "删去这一行", "没有汉字；字母和数字本来就整个查找")
	case runes == 1:
		w.tell(Useless, "single", n, raw, "删去这一行", "只有一个字，单字不作用户词")
	case runes > segment.MaxWord:
		w.tell(Useless, "long", n, raw, "只留其中的专门名称；整句不用写，照样搜得到", "有 %d 个字，超过 %d 个字的不会被认作词", runes, segment.MaxWord)
	default:
		return true
	}
	return false
}

func firstRune(s string) string {
	r, _ := utf8.DecodeRuneInString(s)
	return string(r)
}

// isHan is what the segmenter holds for a Han character.
func isHan(r rune) bool { return r == '〇' || unicode.Is(unicode.Han, r) }

// judge tells what the form of a word says of it. parts are its words without it.
func (w *words) judge(n int, raw, word string, parts []string) {
	_, configured := w.names[word]
	switch {
	case stopwords()[word]:
		w.tell(Danger, "stopword", n, raw, "删去这一行", "是虚词或套话，对要找的内容没有意义，不能作词")
	case len(parts) == 1:
		w.tell(Useless, "known", n, raw, "删去这一行", "自带的词典里已有这个词")
	case !configured:
		w.form(n, raw, parts)
	}
}

// form looks at the function words in a word that is in no dictionary.
func (w *words) form(n int, raw string, parts []string) {
	last, functions := len(parts)-1, 0
	for i, p := range parts {
		switch {
		case i == 0 && strings.Contains(opening, p) || i == last && strings.Contains(closing, p):
			side := "开头"
			if i == last {
				side = "结尾"
			}
			w.tell(Danger, "function", n, raw, "去掉「"+p+"」，或删去这一行；若是地名，写进配置的 places 再检查",
				"%s的「%s」是虚词：文中「%s」会粘成一个词，查「%s」时就切不出来", side, p, strings.Join(parts, ""), strings.Join(trimmed(parts, i), ""))
			return
		case p == "的":
			w.tell(Danger, "phrase", n, raw, "只留其中的名称", "中间有「的」，是短语不是词：切成 %s 才好查", strings.Join(parts, "/"))
			return
		case stopwords()[p]:
			functions++
		}
	}
	if functions > 1 || len(parts) > 5 {
		w.tell(Note, "sentence", n, raw, "不是固定的名称或提法就删去", "像一句话（%s），而不是一个词", strings.Join(parts, "/"))
	}
}

// Function characters with which no name begins or ends, where they are words of their own there. 等 and 在 begin names (等保、在编), so they only close.
const (
	opening = "的了和与及之"
	closing = "的了在和与及之等"
)

func trimmed(parts []string, i int) []string {
	if i == 0 {
		return parts[1:]
	}
	return parts[:i]
}

// isNumber reports whether a word is a number, a date or the number of an article.
func isNumber(word string) bool {
	const digits, units = "0123456789〇零一二三四五六七八九十百千万亿两", "第年月日号点个元条款项"
	return strings.ContainsAny(word, digits) && strings.Trim(word, digits+units) == ""
}

// cut is the words of a text.
func cut(s *segment.Segmenter, text string) []string {
	var out []string
	s.Words(text, func(t segment.Token) { out = append(out, string(t.Text)) })
	return out
}
