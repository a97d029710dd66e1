package query

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/index"
	"terrace/lexicon"
	"terrace/segment"
)

// Columns are what documents tell of names: those of the columns that they stand in (栏目), and of places.
type columns struct {
	table   lexicon.Table[[]Name]
	carried []string // the values of index.County that no place is configured for, in order
}

// Limits of what is learned of columns: a name of a few documents is a slip of a page, a longer one a sentence.
const (
	mostColumns    = 2000
	leastInColumn  = 3  // documents
	longestColumn  = 12 // runes
	mostCarried    = 2000
	shortestColumn = 2
)

// general are names of columns that say nothing of what stands in them, or that are everyday words of queries. Our own.
var general = strings.Fields(`
	首页 网站首页 主页 当前位置 正文 内容 详情 列表 更多 栏目 频道 专栏 专题 文章 信息 资讯 其他 其它 综合 全部 默认 未分类 图片 视频 下载 附件
	新闻 动态 要闻 头条 时政 快讯 推荐 热点 最新 今日 关注 通知 公告 文件 政策 政务 工作 服务 办事 互动 公开 政府 部门 机构 单位 领导 概况 简介
	各地 地方 本地 基层 县市 乡镇 街道 社会 生活 经济 文化 教育 科技 民生 国内 国际 国家 中央 省级 市级 州级 县级`)

// learnColumns reads which columns the documents stand in, and which counties they carry that none is configured for. Searches go on with what was
// known before; until it is called no column is known. It fails with ErrNoGeneration before there is a live one.
func (s *view) learnColumns(ctx context.Context) error {
	res, err := s.ix.Search(ctx, index.Query{OnlyAll: true, Facets: []index.Facet{
		{Field: index.Column, Size: mostColumns}, {Field: index.County, Size: mostCarried},
	}})
	if err != nil {
		return fmt.Errorf("learn the columns: %w", err)
	}
	c := &columns{}
	for _, v := range res.Facets[index.Column] {
		if v.Count >= leastInColumn {
			c.add(v.Value, &s.understander.names)
		}
	}
	for _, v := range res.Facets[index.County] {
		if _, configured := s.registry.County(v.Value); !configured {
			c.carried = append(c.carried, v.Value)
		}
	}
	slices.Sort(c.carried)
	before := s.understander.columns.Swap(c)
	if !slices.Equal(before.carried, c.carried) {
		s.understander.places.Store(newPlaces(&s.understander.names, s.registry, c.carried))
	}
	return nil
}

// add keeps the name of a column that says what stands in it. Names of offices and places are left to their own factors.
func (c *columns) add(value string, names *lexicon.Table[[]Name]) {
	text := strings.TrimSpace(segment.Normalize(value))
	n := utf8.RuneCountInString(text)
	if n < shortestColumn || n > longestColumn || slices.Contains(general, text) {
		return
	}
	if known, _ := names.Get(text); len(known) > 0 && known[0].Field != index.Kind {
		return
	}
	have, _ := c.table.Get(text)
	c.table.Set(text, append(have, Name{Field: index.Column, Value: value}))
}

// find looks for names of columns in a normalised text, the longest at each place. What else the words name does not matter: 政策解读 is a kind and a
// column. Two characters name one only where a word begins or ends with them for sure.
func (c *columns) find(text string) (out []Name) {
	for _, f := range c.table.Find(text) {
		before, _ := utf8.DecodeLastRuneInString(text[:f.Start])
		after, _ := utf8.DecodeRuneInString(text[f.End:])
		if utf8.RuneCountInString(text[f.Start:f.End]) == shortestColumn && inWord(before) && inWord(after) {
			continue
		}
		for _, n := range f.Value {
			n.Start, n.End = f.Start, f.End
			out = append(out, n)
		}
	}
	return out
}
