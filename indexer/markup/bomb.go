package markup

import "bytes"

// Limits on the tree of one page. A parser opens every formatting element that was left open anew in each box that follows: 200 open <b> and 80,000
// boxes, a megabyte of text, come to 17 million nodes.
const (
	maxTags  = 500_000   // what lies beyond them is not read
	maxNodes = 1_000_000 // that a parser could make of them; where there are more, formatting tags are left out
	fewTags  = 1_400     // that cannot come to so many, were each to open anew all before it
)

// weigh counts the tags of a text, up to most, and gives a bound of the nodes that a parser makes of them. end is where the last tag counted ends or,
// where there are no more than most, the text.
func weigh(text []byte, most int) (nodes, end int) {
	tags, open := 0, 0
	for at := 0; ; {
		next := bytes.IndexByte(text[at:], '<')
		if next < 0 {
			return nodes, len(text)
		}
		if at += next; tags >= most {
			return nodes, at
		}
		tags++
		at++
		nodes += 1 + open
		end := at < len(text) && text[at] == '/'
		if end {
			at++
		}
		if at >= len(text) || !formattingInitial[text[at]|0x20] || !formats(text[at:]) {
			continue
		}
		if end {
			open = max(open-1, 0)
		} else {
			open++
		}
	}
}

// formats reports text that begins with the name of a formatting element, as formattingInitial allows.
func formats(text []byte) bool {
	var name [longestFormatting + 1]byte
	n := 0
	for n < len(name) && n < len(text) && 'a' <= text[n]|0x20 && text[n]|0x20 <= 'z' {
		name[n] = text[n] | 0x20
		n++
	}
	switch string(name[:n]) {
	case "b", "i", "u", "s", "tt", "em", "big", "code", "font", "nobr", "small", "strike", "strong":
		return true
	}
	return false
}

const longestFormatting = len("strike")

// formattingInitial holds the letters that names of formatting elements begin with.
var formattingInitial = [256]bool{'b': true, 'i': true, 'u': true, 's': true, 't': true, 'e': true, 'c': true, 'f': true, 'n': true}

// bounded is a text of which a parser makes no more than a few times maxNodes nodes, and whether some of it was left out for that.
func bounded(text []byte) (out []byte, cut bool) {
	if bytes.Count(text, []byte("<")) <= fewTags {
		return text, false
	}
	nodes, end := weigh(text, maxTags)
	if cut = end < len(text); cut {
		text = text[:end]
	}
	if nodes > maxNodes {
		text = flatten(text, deepestBox)
	}
	return text, cut
}
