package server

import (
	"context"

	"terrace/index"
)

// start is the page of one who has not asked yet: how much can be searched, and what to browse without words.
type start struct {
	Sites, Documents int
	Hot              []link
	Groups           []group
}

func (p *pages) start(ctx context.Context, st state) *start {
	out := &start{Hot: p.hotWords(ctx)}
	for _, s := range p.registry.Cluster().Sites {
		if !s.Closed {
			out.Sites++
		}
	}
	all, err := p.options.Searcher.Overview(ctx)
	if err != nil {
		p.log.Warn("start page goes without counts", "error", err)
		return out
	}
	out.Documents = all.Total
	for _, n := range []struct {
		field index.Field
		name  string
	}{{index.Department, "按部门"}, {index.County, "按地区"}, {index.Site, "按站点"}} {
		g := group{Name: n.name}
		for _, v := range all.Facets[n.field] {
			g.add(p.choice(st, n.field, v))
		}
		if len(g.Values) > 0 {
			out.Groups = append(out.Groups, g)
		}
	}
	return out
}
