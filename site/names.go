package site

import (
	"fmt"
	"strings"
)

// names finds ids by their ids and names.
type names struct {
	ids      map[string]string // id or name → id
	official map[string]string // id → first name
}

func newNames[T any](what string, all []T, of func(T) (id string, names []string)) (names, error) {
	n := names{ids: map[string]string{}, official: map[string]string{}}
	for _, x := range all {
		id, _ := of(x)
		if id == "" {
			return n, fmt.Errorf("%s %v: has no id", what, x)
		}
		if _, twice := n.official[id]; twice {
			return n, fmt.Errorf("%s %q: id is used twice", what, id)
		}
		n.ids[id], n.official[id] = id, id
	}
	for _, x := range all {
		id, written := of(x)
		for i, name := range written {
			if name == "" {
				continue
			}
			if other, taken := n.ids[name]; taken && other != id {
				return n, fmt.Errorf("%s %q: name %q means %q already", what, id, name, other)
			}
			n.ids[name] = id
			if i == 0 {
				n.official[id] = name
			}
		}
	}
	return n, nil
}

func (n names) has(id string) bool { _, ok := n.official[id]; return ok }

func (n names) find(name string) (string, bool) { id, ok := n.ids[name]; return id, ok }

func (n names) name(id string) string {
	if name, ok := n.official[id]; ok {
		return name
	}
	return id
}

func (n names) longest(text string) (id string, ok bool) {
	best := ""
	for name, i := range n.ids {
		if name == i && n.official[i] != name { // an id is not a name
			continue
		}
		if (len(name) > len(best) || len(name) == len(best) && name < best) && strings.Contains(text, name) {
			best, id = name, i
		}
	}
	return id, best != ""
}
