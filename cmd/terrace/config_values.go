package main

import (
	"errors"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"

	"terrace/site"
)

// A parser reads the text of one kind of value. Its errors are Chinese.
type parser struct {
	parse func(string) (any, error)
	say   string // what to write instead
}

// parsers holds every type that a single value of a Config has.
var parsers = map[reflect.Type]*parser{
	reflect.TypeFor[string]():        {func(s string) (any, error) { return strings.TrimSpace(s), nil }, "写成一行文字"},
	reflect.TypeFor[bool]():          {parseBool, "写 true 或 false"},
	reflect.TypeFor[int]():           {parseInt, "写一个整数，如 16"},
	reflect.TypeFor[time.Duration](): {parseDuration, "写成 500ms、2s、30m、12h、7d 这样"},
	reflect.TypeFor[Size]():          {parseSize, "写成 512KB、20MB、1GB 这样"},
	reflect.TypeFor[site.Hours]():    {parseHours, "写成 \"22:00-06:00\" 这样，只在这段时间（北京时间）访问该站"},
	reflect.TypeFor[netip.Prefix]():  {parsePrefix, "写成 10.1.2.3 或 10.1.0.0/16 这样"},
}

func parseBool(s string) (any, error) {
	switch strings.ToLower(s) {
	case "true", "yes", "on", "是":
		return true, nil
	case "false", "no", "off", "否":
		return false, nil
	}
	return nil, errors.New("只能是「是」或「否」")
}

func parseInt(s string) (any, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return nil, errors.New("不是整数")
	}
	return n, nil
}

func parseDuration(s string) (any, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseFloat(days, 64)
		if err != nil || !(n >= 0 && n <= 3650) {
			return nil, errors.New("不是时长")
		}
		return time.Duration(n * float64(24*time.Hour)), nil
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil && s != "0" {
		return nil, errors.New("没有单位")
	}
	v, err := time.ParseDuration(s)
	switch {
	case err != nil:
		return nil, errors.New("不是时长")
	case v < 0:
		return nil, errors.New("时长不能是负的")
	}
	return v, nil
}

func parseSize(s string) (any, error) {
	text := strings.TrimSuffix(strings.TrimSuffix(strings.ToUpper(strings.ReplaceAll(s, " ", "")), "B"), "I")
	unit := int64(1)
	for suffix, u := range map[string]int64{"K": 1 << 10, "M": 1 << 20, "G": 1 << 30} {
		if rest, ok := strings.CutSuffix(text, suffix); ok {
			text, unit = rest, u
			break
		}
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n <= 0 {
		return nil, errors.New("不是大小")
	}
	return Size(n * unit), nil
}

func parseHours(s string) (any, error) {
	h, err := site.ParseHours(s)
	if err != nil {
		return nil, errors.New("不是一段时间")
	}
	return h, nil
}

func parsePrefix(s string) (any, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return nil, errors.New("不是 IP 地址或网段")
	}
	return p.Masked(), nil
}
