package opensearch

import (
	"context"
	"fmt"
	"slices"

	"terrace/index"
)

// A verifier knows which conditions the cluster can answer, and what was found of the others on stored text.
type verifier struct {
	require []object // terms of the required phrases
	exclude []object // excluded phrases that have no text
	verify  []object // excluded phrases that have one, by their terms
	texts   []index.Phrase
	any     bool // a required phrase has text
	cut     bool // there are more phrases, or a phrase without text has more terms, than the cluster takes

	seen     map[string]bool
	rejected []string
}

func (v *verifier) prepare(q *index.Query) {
	v.seen = map[string]bool{}
	require := q.Require[:min(len(q.Require), maxPhrase/2)]
	exclude := q.Exclude[:min(len(q.Exclude), maxPhrase/2)]
	v.cut = len(require)+len(exclude) < len(q.Require)+len(q.Exclude)
	limit := maxPhrase / max(1, len(require)+len(exclude))
	for _, p := range require {
		c, complete := conjunction(limit, p)
		v.require = append(v.require, c)
		v.any = v.any || p.Text != ""
		v.cut = v.cut || !complete && p.Text == ""
	}
	for _, p := range exclude {
		c, complete := conjunction(limit, p)
		if p.Text == "" {
			v.exclude = append(v.exclude, c)
			v.cut = v.cut || !complete
			continue
		}
		c["bool"].(object)["_name"] = fmt.Sprint(len(v.verify))
		v.verify = append(v.verify, c)
		v.texts = append(v.texts, p)
	}
}

// verify looks up Require and Exclude in the text of the documents of match that meet the other conditions, the best first, results before
// documents that are only counted. A document behind index.MaxVerified stays as it is; all tells whether no result does.
func (s *search) verify(ctx context.Context, match object) (all bool, err error) {
	if !s.verifier.any && len(s.verifier.verify) == 0 {
		return true, nil
	}
	if all, err = s.verifySome(ctx, s.where(match, nil)); err != nil {
		return false, err
	}
	shared, byField := s.split()
	var counted []object
	for field := range byField {
		counted = append(counted, others(byField, field))
	}
	if counted == nil {
		return all, nil
	}
	_, err = s.verifySome(ctx, s.whereClauses(match, append(shared, some(counted...))))
	return all, err
}

// verifySome verifies the first documents of a set, and tells whether that is all of them.
func (s *search) verifySome(ctx context.Context, set object) (all bool, err error) {
	v := &s.verifier
	query := object{"filter": []object{set}}
	should := slices.Clone(v.verify)
	if !v.any {
		query["filter"] = []object{set, some(v.verify...)}
	}
	if s.score != nil {
		should = append(should, s.score)
	}
	if len(should) > 0 {
		query["should"] = should
	}
	sort := byScore
	if s.Sort == index.ByDate {
		sort = []object{{fieldDate: "desc"}, {fieldID: "asc"}}
	}
	rs, err := s.g.ask(ctx, s.preference, object{
		"query": object{"bool": query}, "size": index.MaxVerified, "track_total_hits": index.MaxVerified + 1, "track_scores": true,
		"_source": false, "docvalue_fields": columns, "sort": sort,
	})
	if err != nil {
		return false, fmt.Errorf("verify phrases: %w", err)
	}
	names := map[string][]string{}
	var todo []*document
	all = rs[0].Hits.Total.Value <= index.MaxVerified
	for _, h := range rs[0].Hits.Hits {
		switch {
		case v.seen[h.ID]:
		case len(v.seen) == index.MaxVerified:
			all = false
		default:
			v.seen[h.ID] = true
			names[h.ID] = h.Named
			todo = append(todo, &document{id: h.ID, bytes: first(h.Fields.Bytes)})
		}
	}
	texts := []string{fieldDocument + ".title", fieldDocument + ".doc_no", fieldDocument + ".body", fieldDocument + ".attachments"}
	err = s.inPieces(ctx, todo, texts, func(h *hit) {
		if h.Source.Doc == nil {
			return
		}
		if d := h.Source.Doc.document(); !s.textHolds(&d, names[h.ID]) {
			v.rejected = append(v.rejected, h.ID)
		}
	})
	return all, err
}

// textHolds reports whether a document meets Require and Exclude in its text; named are the excluded phrases whose terms it holds.
func (s *search) textHolds(d *index.Document, named []string) bool {
	texts := map[index.Field]string{}
	holds := func(p index.Phrase) bool {
		text, ok := texts[p.Field]
		if !ok {
			text = s.g.ix.analyzer.Normalize(d.PhraseText(p.Field))
			texts[p.Field] = text
		}
		return p.Holds(text)
	}
	for _, p := range s.Require {
		if !holds(p) {
			return false
		}
	}
	for i, p := range s.verifier.texts {
		if slices.Contains(named, fmt.Sprint(i)) && holds(p) {
			return false
		}
	}
	return true
}
