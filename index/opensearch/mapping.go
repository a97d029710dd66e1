package opensearch

import (
	"fmt"
	"time"

	"terrace/index"
)

// mappingVersion is raised when the mapping, or how its fields are filled, changes. A generation of another is due for a rebuild.
const mappingVersion = 2

// The fields of a generation. Text fields go by their own names.
const (
	fieldDocument       = "doc" // as it was put; kept, not indexed
	fieldID             = "id"  // to sort by
	fieldKey            = "key"
	fieldTitleForm      = "form"
	fieldSite           = "orig" // of the original; "" for none
	fieldDate           = "date" // of the original; 0 for none
	fieldLevel          = "level"
	fieldBodyLength     = "body_length" // tokens
	fieldTitleLength    = "title_length"
	fieldAttachedLength = "attached_length" // only where there are attachments
	fieldBytes          = "bytes"           // of doc, about
)

// firstField holds the first characters of a text field's terms, so that a prefix of one character is a term too. Its length is the field's.
func firstField(f index.Field) string { return string(f) + "_first" }

func keywordField(f index.Field) string { return "k_" + string(f) }

// meta is what a mapping remembers besides its fields.
type meta struct {
	Version int                `json:"version"`
	Created time.Time          `json:"created"`
	Served  bool               `json:"served"` // has been live
	Made    index.Fingerprints `json:"made"`
	Nonce   string             `json:"nonce"` // tells a Create that was sent twice from another's
}

func (m *meta) check() error {
	if m.Version != mappingVersion {
		return fmt.Errorf("%w: mapping version %d, this program's is %d", index.ErrFormat, m.Version, mappingVersion)
	}
	return nil
}

type object = map[string]any

// definition is the body that makes an index.
func (o *Options) definition(m meta, replicas int, writeAlias string) object {
	keyword := object{"type": "keyword"}
	column := func(kind string) object { return object{"type": kind, "index": false} }
	text := func(similarity string) object {
		return object{"type": "text", "analyzer": "counted", "index_options": "freqs", "similarity": similarity}
	}
	fields := object{
		fieldDocument: object{"type": "object", "enabled": false},
		fieldID:       object{"type": "keyword", "index": false},
		fieldKey:      keyword, fieldTitleForm: object{"type": "keyword", "index": false}, fieldSite: keyword,
		fieldDate: object{"type": "integer"}, fieldLevel: column("integer"),
		fieldBodyLength: column("long"), fieldTitleLength: column("long"), fieldAttachedLength: column("long"), fieldBytes: column("long"),
		string(index.Body): text("body"), firstField(index.Body): text("body"),
		string(index.Title): text("title"), firstField(index.Title): text("title"),
		string(index.Attached): text("body"), firstField(index.Attached): text("body"),
	}
	for _, f := range index.Keywords {
		fields[keywordField(f)] = keyword
	}
	return object{
		"aliases": object{writeAlias: object{}},
		"settings": object{
			"number_of_shards": o.Shards, "number_of_replicas": replicas,
			"refresh_interval": "30s", // every Put refreshes
			"analysis": object{
				"tokenizer": object{"parted": object{"type": "char_group", "tokenize_on_chars": []string{string(parting)}, "max_token_length": maxTerm + 20}},
				"filter":    object{"counts": object{"type": "delimited_term_freq", "delimiter": string(countMark)}},
				"analyzer":  object{"counted": object{"type": "custom", "tokenizer": "parted", "filter": []string{"counts"}}},
			},
			"similarity": object{
				"body":  object{"type": "BM25", "k1": 1.2, "b": .75},
				"title": object{"type": "BM25", "k1": 1.2, "b": .3},
			},
		},
		"mappings": object{
			"_meta": object{"terrace": m}, "dynamic": false,
			"_source":    object{"includes": []string{fieldDocument}},
			"properties": fields,
		},
	}
}
