package plain

import (
	"strings"
	"testing"
)

func TestEquationsShowWhatIsReadOfThem(t *testing.T) {
	for code, want := range map[string]string{
		`EQ \* jc2 \* "Font:MS Mincho" \* hps11 \o\ad(\s\up 10(とうきょう),東京)`: "東京",
		` eq \o\ac(○,1) `:              "1",
		`EQ \o\ac(□,√)`:                "√",
		`EQ \f(1,2)`:                   "1/2",
		`eq \o(\s\up 5(甲),\s\do 5(乙))`: "乙",
		`EQ \r(3,x)`:                   "3 x",
		`EQ \b(a\,b)`:                  "a,b",
		`EQ \o(`:                       "",
	} {
		if got, ok := Equation(code); got != want || !ok {
			t.Errorf("%s: %q, %t", code, got, ok)
		}
	}
	for _, code := range []string{"PAGE", "EQUATION x", `HYPERLINK "EQ "`, ""} {
		if got, ok := Equation(code); ok {
			t.Errorf("%s: %q", code, got)
		}
	}
	Equation("EQ " + strings.Repeat(`\o(`, 600)) // ends
}

func FuzzEquation(f *testing.F) {
	f.Add(`EQ \* jc2 \o\ad(\s\up 10(a),b)`)
	f.Fuzz(func(t *testing.T, code string) { Equation(code) })
}
