package audit

import (
	"fmt"
	"slices"
	"strings"

	"terrace/lexicon"
)

// whole looks at all lines of a term together, and at the other terms.
func (s *synonyms) whole(text string, t *term) {
	clear(s.told)
	s.dropped(text, t)
	s.overruled(text, t)
	if k := len(t.targets); k > lexicon.MaxUsed {
		s.tell(Useless, "many", t.targets[lexicon.MaxUsed].line, text, "只留最要紧的四个，要紧的写在前面", "「%s」有 %d 个替换词，只用前 %d 个，从「%s」起没有作用",
			text, k, lexicon.MaxUsed, t.targets[lexicon.MaxUsed].text)
	}
	for _, to := range t.targets[:min(len(t.targets), lexicon.MaxUsed)] {
		s.opposite(text, to)
		s.chain(text, t, to)
	}
}

func (s *synonyms) dropped(text string, t *term) {
	switch {
	case t.drop == 0:
	case len(t.targets) > 0:
		s.tell(Useless, "dropNothing", t.drop, text, "删去这一行", "第 %d 行又写了「%s」的替换词：自带的已被盖过，这一行没有作用", t.targets[0].line, text)
	case s.before[text] == nil:
		s.tell(Useless, "dropNothing", t.drop, text, "删去这一行，或在箭头后面写上词", "自带的词表里没有「%s」，没有可删的", text)
	default:
		s.tell(Note, "drop", t.drop, text, "有意如此就不用改", "不再用自带的「%s」", shown(text, s.before[text]))
	}
}

// overruled tells what the embedded list says of a term, which no longer holds.
func (s *synonyms) overruled(text string, t *term) {
	was := s.before[text]
	if len(was) == 0 || len(t.targets) == 0 {
		return
	}
	same := len(was) == len(t.targets) && !slices.ContainsFunc(was, func(x lexicon.Expansion) bool {
		i, ok := t.at[x.Text]
		return !ok || t.targets[i].weight != x.Weight
	})
	if same {
		s.tell(Useless, "known", t.line, text, "删去这一行", "自带的词表里已有，完全相同")
		return
	}
	s.tell(Note, "overrules", t.line, text, "还要用的，一并写在这一行", "盖过自带的「%s」", shown(text, was))
}

func shown(text string, targets []lexicon.Expansion) string {
	var all []string
	for _, x := range targets {
		all = append(all, fmt.Sprintf("%s %v", x.Text, x.Weight))
	}
	return text + " → " + strings.Join(all, "、")
}

// opposite tells of two terms that stand for each other with different weights; it is told at the later.
func (s *synonyms) opposite(text string, to target) {
	back := s.terms[to.text]
	if back == nil {
		return
	}
	if i, ok := back.at[text]; ok && back.targets[i].weight != to.weight && back.targets[i].line < to.line {
		s.tell(Note, "opposite", to.line, text, "有意如此就不用改；否则写成一行「甲 <-> 乙」", "「%s → %s」的分量是 %v，反过来（第 %d 行）是 %v",
			text, to.text, to.weight, back.targets[i].line, back.targets[i].weight)
	}
}

// chain tells of a term whose expansion is itself expanded: that is not followed.
func (s *synonyms) chain(text string, t *term, to target) {
	for _, next := range s.of(to.text) {
		if _, has := t.at[next]; next == text || has {
			continue
		}
		end := ""
		if slices.Contains(s.of(next), text) {
			end = "（又绕回「" + text + "」）"
		}
		s.once(Note, "chain", to.line, text, "查「"+brief(text)+"」也要找「"+brief(next)+"」，就在它的一行里写上", "「%s → %s」和「%s → %s」%s不会连起来", text, to.text, to.text, next, end)
		return
	}
}

// of are the expansions of a term that a query uses: the list's, or else the embedded list's.
func (s *synonyms) of(text string) (out []string) {
	if t := s.terms[text]; t != nil {
		for _, x := range t.targets[:min(len(t.targets), lexicon.MaxUsed)] {
			out = append(out, x.text)
		}
		return out
	}
	for _, x := range s.before[text][:min(len(s.before[text]), lexicon.MaxUsed)] {
		out = append(out, x.Text)
	}
	return out
}
