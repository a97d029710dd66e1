package main

import (
	"reflect"
	"strings"
	"unicode"
)

// environment lays variables over the settings outside sites, departments and places. A setting's variable is TERRACE_ and its path in
// capitals with "_" between the words: crawl.userAgent is TERRACE_CRAWL_USER_AGENT. Lists are written with commas. A variable that is
// empty counts as not set; others that begin with TERRACE_ are left alone, for Kubernetes makes such for a service of that name.
func (d *decoder) environment(c *Config, look func(string) (string, bool)) {
	for _, s := range settingsOf(reflect.TypeFor[Config](), "") {
		if s.index == nil {
			continue
		}
		for _, name := range s.variables() {
			if text, _ := look(name); strings.TrimSpace(text) != "" {
				e := &decoder{lines: d.lines}
				e.fromText(s, strings.TrimSpace(text), reflect.ValueOf(c).Elem().FieldByIndex(s.index))
				for _, m := range e.mistakes {
					d.fail(0, "环境变量 %s：%s", name, m.text)
				}
				break
			}
		}
	}
}

// variables are the names that a setting has in the environment. The first wins.
func (s setting) variables() []string {
	var b strings.Builder
	b.WriteString("TERRACE_")
	lower := false
	for _, r := range s.path {
		switch {
		case r == '.':
			r, lower = '_', false
		case unicode.IsUpper(r) && lower:
			b.WriteByte('_')
			lower = false
		default:
			lower = unicode.IsLower(r)
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	if s.env == "" {
		return []string{b.String()}
	}
	return []string{b.String(), s.env}
}

func (d *decoder) fromText(s setting, text string, into reflect.Value) {
	switch {
	case s.of == reflect.TypeFor[WordList]():
		into.Set(reflect.ValueOf(WordList{File: text}))
	case s.of.Kind() == reflect.Slice:
		items := strings.Split(text, ",")
		into.Set(reflect.MakeSlice(s.of, len(items), len(items)))
		for i, item := range items {
			d.set(0, s.path, strings.TrimSpace(item), into.Index(i))
		}
	default:
		d.set(0, s.path, text, into)
	}
}
