package archive

import (
	"fmt"
	"testing"
)

func TestWhatAListHasShownIsNotPutBehindByASiteThatTellsOfAllItHas(t *testing.T) {
	l := newLab(t)
	var all []Link
	for i := range few {
		l.seed(fmt.Sprint("/", i))
		all = append(all, Link{URL: at(fmt.Sprint("/", i)), Site: "portal"})
	}
	l.seed("/list")
	l.put("/list", "list", Link{URL: at("/new"), Site: "portal", DueAt: Found})
	l.check(l.Notify(t.Context(), append(all, Link{URL: at("/new"), Site: "portal"})...))
	due, err := l.Due(t.Context(), "portal", day(1), 1)
	if err != nil || len(due) != 1 || due[0].URL != at("/new") {
		t.Errorf("due is %v, %v", due, err)
	}
}
