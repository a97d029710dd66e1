package lm

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

func train(t testing.TB, texts ...string) *Model {
	t.Helper()
	m, err := Train(context.Background(), slices.Values(texts))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRunsOfHanCharactersAreCounted(t *testing.T) {
	m := train(t, "公积金提取,公积金查询 2023年", "公告")
	for _, c := range []struct {
		a, b rune
		want int
	}{
		{'公', '积', 2}, {'积', '金', 2}, {'金', '提', 1}, {'公', '告', 1}, {'取', '公', 0}, {'询', '年', 0}, {'告', '公', 0}, {'龘', '公', 0},
		{0, '公', 3}, {0, '年', 1}, {'年', 0, 1}, {'金', 0, 0}, {0, '积', 0},
	} {
		if got := m.Bigram(c.a, c.b); got != c.want {
			t.Errorf("%q beside %q: %d times, want %d", c.a, c.b, got, c.want)
		}
	}
	if m.Character('公') != 3 || m.Character('龘') != 0 || m.Character(0) != 0 {
		t.Errorf("公 %d times, 龘 %d times, want 3 and 0", m.Character('公'), m.Character('龘'))
	}
	if m.Characters() != 13 {
		t.Errorf("%d characters, want 13", m.Characters())
	}
}

func TestWhatWasSeenIsLikelier(t *testing.T) {
	m := train(t, "公积金提取", "公积金查询", "公积金贷款", "积极分子", "奖金提取", "提前还款")
	for _, c := range []struct{ likely, unlikely [3]rune }{
		{[3]rune{'公', '积', '金'}, [3]rune{'公', '积', '极'}},      // the trigram decides
		{[3]rune{'款', '积', '金'}, [3]rune{'款', '积', '查'}},      // not seen after 款: the bigram decides
		{[3]rune{'龘', '龘', '金'}, [3]rune{'龘', '龘', '龖'}},      // nothing seen: the character decides
		{[3]rune{0, 0, '公'}, [3]rune{0, 0, '极'}},              // begins a run
		{[3]rune{'贷', '款', 0}, [3]rune{'公', '积', 0}},          // ends a run
		{[3]rune{'金', '提', '取'}, [3]rune{'金', '提', '\u4e00'}}, // 提前 is seen, but not after 金
	} {
		l, u := c.likely, c.unlikely
		if m.Score(l[0], l[1], l[2]) <= m.Score(u[0], u[1], u[2]) {
			t.Errorf("%q is no likelier than %q", l[:], u[:])
		}
	}
}

func TestProbabilitiesOfWhatFollowsAddUpToOne(t *testing.T) {
	m := train(t, "公积金提取", "公积金查询", "公积金贷款", "积极分子", "奖金提取", "提前还款")
	for _, context := range [][2]rune{{0, 0}, {0, '公'}, {'公', '积'}, {'款', '积'}, {'积', '款'}} {
		sum := math.Exp(m.Score(context[0], context[1], 0))
		for c := rune(0x4e00); c <= 0x9fff; c++ {
			sum += math.Exp(m.Score(context[0], context[1], c))
		}
		if math.Abs(sum-1) > .001 {
			t.Errorf("after %q: %f", context[:], sum)
		}
	}
}

func TestBetweenGivesWhatWasLeftOut(t *testing.T) {
	m := train(t, "公积金", "公基金", "公共", "奖金")
	if got := string(slices.Collect(m.Between('公', '金'))); got != "基积" {
		t.Errorf("between 公 and 金: %s, want 基积", got)
	}
	if got := string(slices.Collect(m.Between(0, '金'))); got != "奖" {
		t.Errorf("before 金: %s, want 奖", got)
	}
	for range m.Between('公', '金') {
		break
	}
}

func TestScoresAreFiniteForAnything(t *testing.T) {
	for _, m := range []*Model{train(t), train(t, "", "2023 abc"), train(t, "公"), train(t, "𠀀𠀁公")} {
		for _, c := range [][3]rune{{0, 0, 0}, {'公', '积', '金'}, {-1, 0x10ffff, 0x20000}, {0, '公', 0}, {'公', 0, 0}, {1, 1, 1}} {
			if s := m.Score(c[0], c[1], c[2]); math.IsNaN(s) || math.IsInf(s, 0) || s > 1e-9 {
				t.Errorf("%q: %f", c[:], s)
			}
		}
	}
}

func TestTrainingStopsAtItsContextAndAtItsLimit(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Train(ctx, slices.Values([]string{"公"})); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
	if testing.Short() {
		return
	}
	text := strings.Repeat("公积金,", 1_000_000)
	m := train(t, slices.Repeat([]string{text}, 14)...)
	if m.Characters() != MaxCharacters || m.Bigram('积', '金') != MaxCharacters/3 {
		t.Errorf("%d characters, %d bigrams", m.Characters(), m.Bigram('积', '金'))
	}
}
