package lm

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"

	"terrace/segment"
)

// MaxCharacters is how many characters Train reads at most: beyond that a model grows, and hardly learns.
const MaxCharacters = 40_000_000

// batch is about how many trigrams are sorted at a time; it bounds the memory that training takes beside the texts and the model.
const batch = 4_000_000

// Train counts the runs of Han characters of normalised texts (callers normalise by segment.NormalizeCharacters), MaxCharacters at most; it ends early
// with ctx's error. Beside the model it takes 2 bytes a character and 16 MB.
func Train(ctx context.Context, texts iter.Seq[string]) (*Model, error) {
	t, err := read(ctx, texts)
	if err != nil {
		return nil, fmt.Errorf("train a language model: %w", err)
	}
	m := &Model{first: make([]followers, 1, 1<<13), characters: t.characters}
	for c, n := range t.times {
		if n > 0 {
			m.slot[c] = uint16(len(m.first))
			m.first = append(m.first, followers{times: n})
		}
	}
	for from := 0; from < len(t.times); {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("train a language model: %w", err)
		}
		from = t.count(m, from)
	}
	m.smooth()
	return m, nil
}

// A transcript is the runs of the texts, an edge before and after each and two at the end.
type transcript struct {
	codes      []uint16
	times      []uint32 // by code
	characters int
}

func read(ctx context.Context, texts iter.Seq[string]) (*transcript, error) {
	t := &transcript{codes: []uint16{edge}, times: make([]uint32, 1<<16)}
	table := segment.NewCharacters()
	for text := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, r := range text {
			if _, class := table.Of(r); class != segment.Han {
				t.part()
				continue
			}
			if t.characters == MaxCharacters {
				break
			}
			t.codes = append(t.codes, code(r))
			t.times[code(r)]++
			t.characters++
		}
		t.part()
		if t.characters == MaxCharacters {
			break
		}
	}
	t.codes = append(t.codes, edge)
	return t, nil
}

func (t *transcript) part() {
	if t.codes[len(t.codes)-1] != edge {
		t.codes = append(t.codes, edge)
		t.times[edge]++
	}
}

// count fills in the followers of the characters from one on, as many as make a batch, and gives the character to go on with.
func (t *transcript) count(m *Model, from int) int {
	to, total := from, 0
	place := make([]int, len(t.times)-from+1) // where the pairs after each character begin
	for to < len(t.times) && (total == 0 || total+int(t.times[to]) <= batch) {
		total += int(t.times[to])
		to++
		place[to-from] = total
	}
	pairs := make([]uint32, total)
	end := slices.Clone(place)
	for i, a := range t.codes[:len(t.codes)-2] {
		if int(a) >= from && int(a) < to {
			pairs[end[int(a)-from]] = uint32(t.codes[i+1])<<16 | uint32(t.codes[i+2])
			end[int(a)-from]++
		}
	}
	for a := from; a < to; a++ {
		if t.times[a] > 0 {
			m.first[m.slot[a]].fill(pairs[place[a-from]:end[a-from]])
		}
	}
	return to
}

// fill takes the pairs that stand after a character. Where a run ends with the next, the pair has no third character that says anything.
func (f *followers) fill(pairs []uint32) {
	for i, p := range pairs {
		if p>>16 == edge {
			pairs[i] = edge
		}
	}
	slices.Sort(pairs)
	seconds, thirds := 0, 0
	for i, p := range pairs {
		if i == 0 || p>>16 != pairs[i-1]>>16 {
			seconds++
		}
		if i == 0 || p != pairs[i-1] {
			thirds++
		}
	}
	f.second, f.count, f.ways = make([]uint16, 0, seconds), make([]uint32, 0, seconds), make([]uint16, seconds)
	f.start = make([]uint32, 0, seconds+1)
	f.third, f.tripled = make([]uint16, 0, thirds), make([]uint32, 0, thirds)
	for i, p := range pairs {
		if i == 0 || p>>16 != pairs[i-1]>>16 {
			f.second, f.count, f.start = append(f.second, uint16(p>>16)), append(f.count, 0), append(f.start, uint32(len(f.third)))
		}
		if i == 0 || p != pairs[i-1] {
			f.third, f.tripled = append(f.third, uint16(p)), append(f.tripled, 0)
		}
		f.count[len(f.count)-1]++
		f.tripled[len(f.tripled)-1]++
	}
	f.start = append(f.start, uint32(len(f.third)))
}

// smooth counts what stands before each character and each bigram, and estimates the discounts.
func (m *Model) smooth() {
	var ones, twos [3]float64
	note := func(order int, n uint32) {
		switch n {
		case 1:
			ones[order]++
		case 2:
			twos[order]++
		}
	}
	for a, slot := range m.slot {
		f := &m.first[slot]
		for j, b := range f.second {
			m.after(b).before = append(m.after(b).before, uint16(a))
			m.contexts++
			m.precede(b, f.third[f.start[j]:f.start[j+1]])
		}
		for _, n := range f.tripled {
			note(2, n)
		}
	}
	for i := range m.first {
		f := &m.first[i]
		note(0, uint32(len(f.before)))
		for j, n := range f.ways {
			f.continued += uint32(n)
			if m.isEdge(f) {
				f.continued += f.count[j]
			}
			note(1, uint32(n))
		}
	}
	for order := range m.discount {
		m.discount[order] = .75
		if ones[order] > 0 {
			m.discount[order] = ones[order] / (ones[order] + 2*twos[order])
		}
	}
}

func (m *Model) isEdge(f *followers) bool { return f == m.after(edge) && m.slot[edge] != 0 }

// precede notes one more character before each of the bigrams b c, the c in ascending order.
func (m *Model) precede(b uint16, thirds []uint16) {
	if b == edge {
		return
	}
	f := m.after(b)
	at := 0
	for _, c := range thirds {
		i, _ := slices.BinarySearch(f.second[at:], c)
		at += i
		if f.ways[at] < math.MaxUint16 {
			f.ways[at]++
		}
	}
}
