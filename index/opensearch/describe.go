package opensearch

import (
	"context"
	"encoding/json"

	"terrace/index"
)

const (
	maxSites = 10_000
	// sureForms is the number of title forms of a site up to which their count is exact but for chance; beyond it may be 1 % off.
	sureForms = 10_000
)

// describe fills in what a generation holds.
func (g *generation) describe(ctx context.Context, info *index.Info) error {
	if err := g.enter(ctx); err != nil {
		return err
	}
	defer g.leave()
	rs, err := g.ask(ctx, "", object{
		"size": 0, "track_total_hits": true,
		"aggs": object{"sites": object{
			"terms": object{"field": fieldSite, "size": maxSites, "shard_size": maxSites},
			"aggs":  object{"forms": object{"cardinality": object{"field": fieldTitleForm, "precision_threshold": sureForms}}},
		}},
	})
	if err != nil {
		return err
	}
	var sites struct {
		Buckets []struct {
			Key   string
			Count int `json:"doc_count"`
			Forms struct{ Value int }
		}
	}
	if err := json.Unmarshal(rs[0].Aggregations["sites"], &sites); err != nil {
		return err
	}
	info.Documents = rs[0].Hits.Total.Value
	info.Sites = make(map[string]index.SiteInfo, len(sites.Buckets))
	for _, b := range sites.Buckets {
		site, err := g.value(ctx, fieldSite, b.Key)
		if err != nil {
			return err
		}
		info.Sites[site] = index.SiteInfo{Documents: b.Count, TitleForms: b.Forms.Value}
	}
	info.Bytes, err = g.bytes(ctx)
	return err
}

// bytes is what the generation takes on disk, replicas included.
func (g *generation) bytes(ctx context.Context) (int64, error) {
	var stats struct {
		All struct {
			Total struct {
				Store struct {
					Size int64 `json:"size_in_bytes"`
				}
			}
		} `json:"_all"`
	}
	err := g.ix.client.do(ctx, call{method: "GET", path: "/" + g.index() + "/_stats/store"}, &stats)
	return stats.All.Total.Store.Size, err
}
