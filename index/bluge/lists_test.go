package bluge

import (
	"fmt"
	"testing"
)

func TestTheCacheKeepsWhatIsAskedForAgainAndNoMoreThanItMay(t *testing.T) {
	c := cache{most: 20 * listBytes}
	reads := map[string]int{}
	ask := func(text string, docs int) {
		l, err := c.get(listKey{text: text}, func() (list, error) {
			reads[text]++
			return list{docs: make([]uint32, docs)}, nil
		})
		if err != nil || len(l.docs) != docs {
			t.Fatalf("%s: %d documents, %v; want %d", text, len(l.docs), err, docs)
		}
	}
	for i := range 100 {
		ask("often", 3)
		ask(fmt.Sprint("once", i), 3)
		ask("too long", 10*listBytes)
		if held := len(c.ring); held > 20 {
			t.Fatalf("%d lists are kept", held)
		}
	}
	if reads["often"] != 1 || reads["too long"] != 100 {
		t.Errorf("reads: %d of what is asked for again and again, %d of what is too long", reads["often"], reads["too long"])
	}
}
