package server

import (
	"context"

	"terrace/index"
)

// start is the page of one who has not asked yet: what can be searched, and where to narrow the search beforehand.
type start struct {
	Sites, Documents int
	Groups           []group
}

func (p *pages) start(ctx context.Context, st state) *start {
	c := p.registry.Cluster()
	documents, err := p.options.Searcher.Sites(ctx)
	if err != nil {
		p.log.Warn("start page goes without counts", "error", err)
	}
	out := &start{Sites: len(c.Sites)}
	var departments, counties, sites group
	for _, d := range c.Departments {
		departments.add(p.scope(st, index.Department, d.ID, d.Name, 0))
	}
	for _, d := range c.Places {
		counties.add(p.scope(st, index.County, d.ID, d.Name, 0))
	}
	for _, w := range c.Sites {
		out.Documents += documents[w.ID]
		sites.add(p.scope(st, index.Site, w.ID, p.registry.SiteName(w.ID), documents[w.ID]))
	}
	departments.Name, counties.Name, sites.Name = "按部门", "按地区", "按站点"
	for _, g := range []group{departments, counties, sites} {
		if len(g.Values)+len(g.More) > 0 {
			out.Groups = append(out.Groups, g)
		}
	}
	return out
}

// scope is the link that chooses one value, or frees its field where it is the chosen one.
func (p *pages) scope(st state, f index.Field, id, name string, documents int) link {
	chosen := len(st.chosen[f]) == 1 && p.valueID(f, st.chosen[f][0]) == id
	to := st.with(f, id)
	if chosen {
		to = st.with(f)
	}
	return link{Name: name, Count: documents, URL: to.url(p.home), Chosen: chosen}
}
