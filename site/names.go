package site

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// names finds ids by their ids and names.
type names struct {
	ids      map[string]string // id or name → id
	official map[string]string // id → first name
	written  []string          // the names without the ids, the longest first, equally long ones in order of their bytes
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
		if err := n.add(id, written); err != nil {
			return n, fmt.Errorf("%s %q: %w", what, id, err)
		}
	}
	slices.SortFunc(n.written, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return n, nil
}

func (n *names) add(id string, written []string) error {
	for i, name := range written {
		if name == "" {
			continue
		}
		if other, taken := n.ids[name]; taken && other != id {
			return fmt.Errorf("name %q means %q already", name, other)
		}
		n.ids[name] = id
		n.written = append(n.written, name)
		if i == 0 {
			n.official[id] = name
		}
	}
	return nil
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
	for _, name := range n.written {
		if strings.Contains(text, name) {
			return n.ids[name], true
		}
	}
	return "", false
}
