package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"terrace/site"
)

// A decoder fills a Config from YAML and gathers every mistake on the way, so that all can be mended at once. It remembers the line of
// each setting for those who check values later.
type decoder struct {
	file     string
	lines    map[string]int // by path, such as sites[1].hosts
	mistakes []mistake
}

type mistake struct {
	line int // 0: not in the file
	text string
}

func (d *decoder) fail(line int, format string, args ...any) {
	d.mistakes = append(d.mistakes, mistake{line, fmt.Sprintf(format, args...)})
}

// failAt reports a mistake in the setting with a path, or in the nearest one above it that stands in the file.
func (d *decoder) failAt(path, format string, args ...any) {
	at := path
	for at != "" && d.lines[at] == 0 {
		at = at[:max(strings.LastIndexAny(at, ".["), 0)]
	}
	d.fail(d.lines[at], format, args...)
}

// err joins the mistakes in order of their lines.
func (d *decoder) err() error {
	slices.SortStableFunc(d.mistakes, func(a, b mistake) int { return a.line - b.line })
	var errs []error
	for _, m := range d.mistakes {
		if m.line == 0 {
			errs = append(errs, fmt.Errorf("%s：%s", d.file, m.text))
		} else {
			errs = append(errs, fmt.Errorf("%s:%d：%s", d.file, m.line, m.text))
		}
	}
	return errors.Join(errs...)
}

var syntaxLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

func (d *decoder) decode(text []byte, into *Config) {
	if !utf8.Valid(text) {
		d.fail(1+bytes.Count(text[:firstInvalid(text)], []byte("\n")), "文件不是 UTF-8 编码：请用编辑器另存为 UTF-8")
		return
	}
	reader := yaml.NewDecoder(bytes.NewReader(text))
	var root, second yaml.Node
	switch err := reader.Decode(&root); {
	case errors.Is(err, io.EOF):
		return
	case err != nil:
		d.syntax(err)
		return
	}
	if err := reader.Decode(&second); err == nil {
		d.fail(second.Line, "「---」之后又是一份配置：一个文件只写一份")
	}
	if !empty(root.Content[0]) {
		d.value(root.Content[0], "", reflect.ValueOf(into).Elem())
	}
}

func (d *decoder) syntax(err error) {
	text := err.Error()
	line := 0
	if m := syntaxLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	remedy := "检查这一行和上一行的缩进，冒号后要有空格，含 : # * & 的值要加引号"
	if strings.Contains(text, "cannot start any token") {
		remedy = "缩进要用空格，不能用制表符（Tab）；以 * & @ ` % 开头的值要加引号"
	}
	d.fail(line, "YAML 写法有误（%s）：%s", text, remedy)
}

func firstInvalid(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(text)
}

func empty(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// value reads one node into a value of a Config. What is written empty keeps its default.
func (d *decoder) value(n *yaml.Node, path string, into reflect.Value) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	d.lines[path] = n.Line
	switch {
	case empty(n):
	case into.Type() == reflect.TypeFor[WordList]():
		d.wordList(n, path, into.Addr().Interface().(*WordList))
	case into.Type() == reflect.TypeFor[site.Browser]():
		d.browser(n, path, into.Addr().Interface().(*site.Browser))
	case parsers[into.Type()] != nil:
		d.scalar(n, path, into)
	case into.Kind() == reflect.Slice:
		d.list(n, path, into)
	default:
		d.settings(n, path, into)
	}
}

func (d *decoder) scalar(n *yaml.Node, path string, into reflect.Value) {
	if n.Kind != yaml.ScalarNode {
		d.fail(n.Line, "%s 应是一个值，写成了%s：%s", path, kindNames[n.Kind], parsers[into.Type()].say)
		return
	}
	d.set(n.Line, path, n.Value, into)
}

// set parses text into a single value.
func (d *decoder) set(line int, path, text string, into reflect.Value) {
	p := parsers[into.Type()]
	v, err := p.parse(text)
	if err != nil {
		d.fail(line, "%s 的值 %q 不对：%v，%s", path, text, err, p.say)
		return
	}
	into.Set(reflect.ValueOf(v))
}

var kindNames = map[yaml.Kind]string{yaml.SequenceNode: "列表", yaml.MappingNode: "一组设置", yaml.ScalarNode: "单个值"}

func (d *decoder) list(n *yaml.Node, path string, into reflect.Value) {
	if n.Kind != yaml.SequenceNode {
		d.fail(n.Line, "%s 应是列表，写成了%s：每项另起一行，以「- 」开头", path, kindNames[n.Kind])
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		at := fmt.Sprintf("%s[%d]", path, i)
		if empty(item) {
			d.fail(item.Line, "%s 是空的：写上内容，或删去这个「-」", at)
			continue
		}
		d.value(item, at, into.Index(i))
	}
}

func (d *decoder) wordList(n *yaml.Node, path string, into *WordList) {
	if n.Kind == yaml.SequenceNode {
		d.list(n, path, reflect.ValueOf(&into.Words).Elem())
		return
	}
	d.scalar(n, path, reflect.ValueOf(&into.File).Elem())
}

func (d *decoder) browser(n *yaml.Node, path string, into *site.Browser) {
	if n.Kind == yaml.SequenceNode {
		d.list(n, path, reflect.ValueOf(&into.Patterns).Elem())
		return
	}
	if _, err := parseBool(n.Value); n.Kind != yaml.ScalarNode || err != nil {
		d.fail(n.Line, "%s 的值不对：写 true（没有脚本就没有内容的网页都用浏览器打开），或写一列正则表达式，如 ['/zwgk/']，符合的才打开", path)
		return
	}
	d.scalar(n, path, reflect.ValueOf(&into.Needed).Elem())
}

// settings reads a mapping into a struct; a key that the struct does not have is a mistake.
func (d *decoder) settings(n *yaml.Node, path string, into reflect.Value) {
	if n.Kind != yaml.MappingNode {
		d.fail(n.Line, "%s应是一组「键: 值」，写成了%s：%s", spaced(path), kindNames[n.Kind], "可用的键有 "+strings.Join(keysOf(into.Type()), "、"))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if first := seen[key.Value]; first != 0 {
			d.fail(key.Line, "%s写了两次（前一次在第 %d 行）：删去一处", spaced(join(path, key.Value)), first)
			continue
		}
		seen[key.Value] = key.Line
		field, known := fieldOf(into, key.Value)
		if !known {
			d.fail(key.Line, "%s有不认识的设置 %q，%s", spaced(path), key.Value, remedyFor(key.Value, into.Type()))
			continue
		}
		d.value(value, join(path, key.Value), field)
		d.lines[join(path, key.Value)] = key.Line
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// spaced sets a path apart from the Chinese after it.
func spaced(path string) string {
	if path == "" {
		return ""
	}
	return path + " "
}

func fieldOf(v reflect.Value, key string) (reflect.Value, bool) {
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("yaml") == key {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}
