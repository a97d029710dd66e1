package main

import (
	"bufio"
	"math/rand/v2"
	"os"
	"slices"
	"strings"

	"terrace/pinyin"
)

// A kind of slip that is injected.
type kind int

const (
	sameSound kind = iota
	nearSound
	lookAlike
	dropped
	doubled
	kinds
)

func (k kind) String() string {
	return [kinds + 1]string{"same sound", "near sound", "look-alike", "dropped", "doubled", "right"}[k]
}

// An injector makes slips. Its tables are its own: sounds of the readings alone, look-alikes of pycorrector's list, both among the characters
// that people write.
type injector struct {
	random *rand.Rand
	wrong  [dropped]map[rune][]rune
}

// common is how many characters people write, the most frequent ones of the titles: as many as the first list of the Table of General Standard
// Chinese Characters (2013) has.
const common = 3500

func newInjector(documents []document, alike string, seed uint64) (*injector, error) {
	j := &injector{random: rand.New(rand.NewPCG(seed, 0))}
	characters := commonCharacters(documents)
	spoken, blurred := map[string][]rune{}, map[string][]rune{}
	for _, r := range characters {
		for _, sound := range pinyin.Readings(r) {
			spoken[sound] = append(spoken[sound], r)
			blurred[blur(sound)] = append(blurred[blur(sound)], r)
		}
	}
	j.wrong[sameSound], j.wrong[nearSound] = map[rune][]rune{}, map[rune][]rune{}
	for _, r := range characters {
		readings := pinyin.Readings(r)
		for _, sound := range readings[:min(1, len(readings))] {
			j.wrong[sameSound][r] = without(spoken[sound], r)
			j.wrong[nearSound][r] = without(blurred[blur(sound)], append(spoken[sound], r)...)
		}
	}
	var err error
	j.wrong[lookAlike], err = readAlike(alike, characters)
	return j, err
}

func without(s []rune, out ...rune) []rune {
	return slices.DeleteFunc(slices.Clone(s), func(r rune) bool { return slices.Contains(out, r) })
}

// blur is equal for sounds that speakers of the southern dialects mix up.
func blur(sound string) string {
	for _, p := range [][2]string{{"zh", "z"}, {"ch", "c"}, {"sh", "s"}, {"n", "l"}, {"r", "l"}, {"h", "f"}} {
		if strings.HasPrefix(sound, p[0]) {
			sound = p[1] + sound[len(p[0]):]
			break
		}
	}
	for _, p := range []string{"ang", "eng", "ing"} {
		if strings.HasSuffix(sound, p) {
			sound = sound[:len(sound)-1]
		}
	}
	return sound
}

func commonCharacters(documents []document) []rune {
	times := map[rune]int{}
	for _, d := range documents {
		for _, r := range d.title {
			if isHan(r) {
				times[r]++
			}
		}
	}
	out := make([]rune, 0, len(times))
	for r := range times {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b rune) int {
		if times[a] != times[b] {
			return times[b] - times[a]
		}
		return int(a - b)
	})
	return out[:min(common, len(out))]
}

// readAlike reads lines of characters that look alike, the first like each of the others.
func readAlike(name string, characters []rune) (map[rune][]rune, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	usual := map[rune]bool{}
	for _, r := range characters {
		usual[r] = true
	}
	out := map[rune][]rune{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		all := []rune(strings.Join(strings.Fields(lines.Text()), ""))
		for _, b := range all[min(1, len(all)):] {
			if a := all[0]; usual[a] && usual[b] && a != b {
				out[a], out[b] = append(out[a], b), append(out[b], a)
			}
		}
	}
	return out, nil
}

func isHan(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }

// slip makes one slip of a kind in a query, at any Han character where there can be one with equal chance; false where there is none.
func (j *injector) slip(query string, k kind) (string, bool) {
	r := []rune(query)
	var places []int
	for i := range r {
		if isHan(r[i]) && (k >= dropped || len(j.wrong[k][r[i]]) > 0) && (k != dropped || inLongRun(r, i)) {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return "", false
	}
	i := places[j.random.IntN(len(places))]
	switch k {
	case dropped:
		return string(slices.Delete(r, i, i+1)), true
	case doubled:
		return string(slices.Insert(r, i, r[i])), true
	}
	wrong := j.wrong[k][r[i]]
	r[i] = wrong[j.random.IntN(len(wrong))]
	return string(r), true
}

// inLongRun tells whether a character stands among three or more: a word of two without one of them is another word, and no slip that shows.
func inLongRun(r []rune, i int) bool {
	from, to := i, i+1
	for from > 0 && isHan(r[from-1]) {
		from--
	}
	for to < len(r) && isHan(r[to]) {
		to++
	}
	return to-from >= 3
}
