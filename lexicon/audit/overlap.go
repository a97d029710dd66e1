package audit

import (
	"context"
	"maps"
	"slices"
	"strings"

	"terrace/lexicon"
	"terrace/segment"
)

// Examples is how many of the texts that speak against a word are shown.
const Examples = 3

// evidence is what the texts that contain a user word say of it.
type evidence struct {
	whole  float64  // frequency of those in which it is one or more parts
	torn   float64  // of those in which it begins or ends within a part
	pieces examples // the latter
	uses   int      // how often it is cut as a word
	broken examples // texts in which it breaks a word that stood there without it
}

// examples are the first texts of their kind, and how many there are.
type examples struct {
	shown []string
	count int
}

func (e *examples) add(text func() string) {
	if e.count++; len(e.shown) < Examples {
		e.shown = append(e.shown, text())
	}
}

// A text that user words are tried on.
type probe struct {
	text string
	freq float64
	name bool // of a department or a place, whose beginning is a name too
}

// overlaps tries the user words, all at once as they will be used, on the words of the dictionary, the official terms, the names and the probes.
func (w *words) overlaps(ctx context.Context, probes []string) error {
	if len(w.list) == 0 {
		return nil
	}
	texts := make([]string, len(w.list))
	for i, u := range w.list {
		texts[i] = u.text
	}
	t := &trial{words: w, with: segment.New(w.v.dictionary, texts...), found: map[string]*evidence{}}
	if err := t.dictionary(ctx); err != nil {
		return err
	}
	for _, p := range w.probes(probes) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		t.try(p)
	}
	for _, u := range w.list {
		if e := t.found[u.text]; e != nil {
			w.weigh(u, e)
		}
	}
	return nil
}

// probes are all texts to try but the dictionary's words.
func (w *words) probes(more []string) []probe {
	var out []probe
	seen := map[string]bool{}
	add := func(text string, name bool) {
		if text = strings.TrimSpace(segment.Normalize(text)); text != "" && !seen[text] {
			seen[text] = true
			out = append(out, probe{text, w.v.known() / 2, name}) // two speak as loud as a word that is known
		}
	}
	lexicon.With().Terms(func(term string) { add(term, false) })
	slices.SortFunc(out, func(a, b probe) int { return strings.Compare(a.text, b.text) })
	for _, text := range slices.Sorted(maps.Keys(w.names)) {
		add(text, true)
	}
	for _, text := range more {
		add(text, false)
	}
	return out
}

// weigh tells what the evidence against a word is, if it is enough.
func (w *words) weigh(u userWord, e *evidence) {
	const remedy = "删去这一行，或写成完整的词"
	switch {
	case e.broken.count*breakRatio > e.uses && (u.new || e.broken.count >= Examples):
		w.tell(Danger, "breaks", u.line, u.text, remedy, "会切断常用的词：%s；共 %d 处", strings.Join(e.broken.shown, "；"), e.broken.count)
	case u.new && e.torn >= w.v.known() && e.torn >= tornRatio*e.whole:
		w.tell(Danger, "piece", u.line, u.text, remedy,
			"不是词，是别的词的一截：%s；共 %d 个词或名称这样含有它", strings.Join(e.pieces.shown, "、"), e.pieces.count)
	case e.broken.count > 0:
		w.tell(Note, "breaksSometimes", u.line, u.text, "看看例子里哪种切法对", "有时切断常用的词：%s；它成词 %d 次，这样的 %d 处",
			strings.Join(e.broken.shown, "；"), e.uses, e.broken.count)
	}
}

// breakRatio is one in how many of its uses a word may break another: a sound word now and then is cut out where another cut was as good. A word of the
// dictionary costs but a hundredth less for being in the list too, so that it needs more than one such place to be held dangerous.
const breakRatio = 10

// tornRatio is how many times as often a word is torn as it is whole where it is no word. Of fragments made by hand the ratio was 80 and above, of words that
// government sites use and the dictionary lacks (住建, 人社, 文旅) nothing reached the frequency that counts.
const tornRatio = 10
