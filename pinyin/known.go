package pinyin

import (
	"cmp"
	"slices"
)

// tied is how many words of one spelling are compared by the model; those beyond have less weight, or as much.
const tied = 64

// known gives the words of the vocabulary that an input stands for, spelled whole and abbreviated, the best first.
func (d *Decoder) known(in *input) (whole, short []Candidate) {
	wholeAt, shortAt := map[string]int{}, map[string]int{}
	for _, m := range d.vocabulary.lookup(in) {
		c := Candidate{d.vocabulary.words[m.word].Text, d.vocabulary.logP(m.entry)}
		if m.second {
			c.Score -= lessUsual
		}
		if m.loose {
			c.Score -= asLoose
		}
		if m.short {
			c.Score -= asShort
			short = addBest(short, shortAt, c)
		} else {
			whole = addBest(whole, wholeAt, c)
		}
	}
	return d.byWeight(whole), d.byWeight(short)
}

// addBest adds a candidate, or its score where that is more than the text has.
func addBest(list []Candidate, at map[string]int, c Candidate) []Candidate {
	if i, ok := at[c.Text]; ok {
		list[i].Score = max(list[i].Score, c.Score)
		return list
	}
	at[c.Text] = len(list)
	return append(list, c)
}

// byWeight sorts candidates by their scores, and where these are alike by the model's log P per character.
func (d *Decoder) byWeight(list []Candidate) []Candidate {
	slices.SortFunc(list, better)
	list = list[:min(len(list), tied)]
	for i, c := range list {
		list[i].Score += d.perCharacter(c.Text) / 1e3
	}
	slices.SortFunc(list, better)
	return list
}

func better(a, b Candidate) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Text, b.Text))
}

// perCharacter is the model's log P of a text by its length.
func (d *Decoder) perCharacter(text string) float64 {
	var a, b rune
	sum, n := 0., 1
	for _, c := range text {
		sum += d.logP(a, b, c)
		a, b = b, c
		n++
	}
	return (sum + d.logP(a, b, 0)) / float64(n)
}
