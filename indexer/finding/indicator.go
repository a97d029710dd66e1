package finding

import (
	"bytes"
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Indicators are the rules by which columns are judged, as of a date.
type Indicators struct {
	Date    string            `yaml:"date"`   // of the rules, a year or a day
	Source  string            `yaml:"source"` // the document they are from
	Home    Indicator         `yaml:"home"`
	Columns []ColumnIndicator `yaml:"columns"`
	Except  []string          `yaml:"except"` // words of names of columns that are not judged
	Veto    Veto              `yaml:"veto"`
}

// An Indicator says within how many days something is to be updated.
type Indicator struct {
	Days      int    `yaml:"days"`
	Rule      string `yaml:"rule"`      // its words
	Source    string `yaml:"source"`    // the document it is from; empty: that of all
	Confirmed bool   `yaml:"confirmed"` // they were compared with the document
}

// A ColumnIndicator is of the columns whose name holds one of some words.
type ColumnIndicator struct {
	Indicator `yaml:",inline"`
	Kind      string   `yaml:"kind"`
	Words     []string `yaml:"words"`
	Counted   bool     `yaml:"counted"` // towards Veto.Counted
}

// Veto is how many columns fail a site.
type Veto struct {
	Counted int `yaml:"counted"`
	Stale   int `yaml:"stale"`
	Blank   int `yaml:"blank"`
}

//go:embed indicators.yaml
var usual []byte

// ParseIndicators reads indicators as indicators.yaml has them; of nothing it gives those. The error is Chinese.
func ParseIndicators(text []byte) (in Indicators, err error) {
	if len(text) == 0 {
		text = usual
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&in); err != nil {
		return in, fmt.Errorf("读不懂：%w", err)
	}
	if in.Home.Days <= 0 || in.Veto.Counted <= 0 || in.Veto.Stale <= 0 || in.Veto.Blank <= 0 {
		return in, errors.New("home.days 和 veto 的三个数都要大于 0")
	}
	for i, c := range in.Columns {
		if c.Days <= 0 || c.Kind == "" || len(c.Words) == 0 {
			return in, fmt.Errorf("columns 的第 %d 类缺 kind、words 或 days", i+1)
		}
	}
	return in, nil
}

// basis is what a rule says and where.
func (in *Indicators) basis(i Indicator) string {
	basis := i.Rule + "（" + cmp.Or(i.Source, in.Source)
	if !i.Confirmed {
		basis += "，未与原文核对"
	}
	return basis + "）"
}

// of is the indicator of a column with a name; nil where none is.
func (in *Indicators) of(name string) *ColumnIndicator {
	if name == "" || hasOne(name, in.Except) {
		return nil
	}
	for i := range in.Columns {
		if hasOne(name, in.Columns[i].Words) {
			return &in.Columns[i]
		}
	}
	return nil
}

func hasOne(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
