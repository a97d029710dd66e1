package bluge

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring"
	"github.com/blevesearch/vellum"
	blugeindex "github.com/blugelabs/bluge/index"
	segapi "github.com/blugelabs/bluge_segment_api"
	"github.com/blugelabs/ice"
)

// A segment is ice's segment with the bytes of its file in hand and the columns that every query needs in memory. It never changes.
type segment struct {
	*ice.Segment
	number uint64 // in this process
	data   []byte
	size   int // documents, deleted ones included
	fields map[string]*vellum.FST
	columns
	live atomic.Pointer[liveSet] // for the deletions last seen
}

// The footer of ice's version 1, from the end of the file: documents 8, stored fields 8, fields 8, doc values 8, chunk mode 4, version 4, CRC 4.
const (
	footerSize   = 44
	iceChunkMode = 1025
)

// segments counts those read.
var segments atomic.Uint64

var errSegment = errors.New("not a segment of ice version 1")

// readSegment takes an ice segment and the bytes of its file, which must stay readable as long as the segment is used.
func readSegment(s *ice.Segment, data []byte) (seg *segment, err error) {
	defer recoverDamage(&err)
	n := len(data)
	be := binary.BigEndian
	if n < footerSize || be.Uint32(data[n-8:]) != ice.Version || be.Uint32(data[n-12:]) != iceChunkMode {
		return nil, errSegment
	}
	seg = &segment{Segment: s, number: segments.Add(1), data: data, size: int(be.Uint64(data[n-44:])), fields: map[string]*vellum.FST{}}
	for at := be.Uint64(data[n-28:]); at < uint64(n-footerSize); at += 8 {
		name, fst, err := readField(data, be.Uint64(data[at:]))
		if err != nil {
			return nil, err
		}
		seg.fields[name] = fst
	}
	if seg.columns, err = readColumns(seg); err != nil {
		return nil, err
	}
	return seg, nil
}

func readField(data []byte, at uint64) (name string, fst *vellum.FST, err error) {
	dict, k := binary.Uvarint(data[at:])
	at += uint64(k)
	length, k := binary.Uvarint(data[at:])
	at += uint64(k)
	name = string(data[at : at+length])
	if dict == 0 {
		return name, nil, nil
	}
	length, k = binary.Uvarint(data[dict:])
	dict += uint64(k)
	if fst, err = vellum.Load(data[dict : dict+length]); err != nil {
		return "", nil, fmt.Errorf("terms of field %s: %w", name, err)
	}
	return name, fst, nil
}

// find returns where the postings of a term are. Zero means that no document holds it.
func (s *segment) find(field, term string) (postings, error) {
	fst := s.fields[field]
	if fst == nil {
		return 0, nil
	}
	v, ok, err := fst.Get([]byte(term))
	if err != nil {
		return 0, fmt.Errorf("look up %q in %s: %w", term, field, err)
	}
	if !ok {
		return 0, nil
	}
	return postings(v), nil
}

// each calls f for every term of a field that begins with prefix, in order of their bytes. The term is good during the call only.
func (s *segment) each(field, prefix string, f func(term []byte, p postings)) error {
	fst := s.fields[field]
	if fst == nil {
		return nil
	}
	it, err := fst.Iterator([]byte(prefix), nil)
	for err == nil {
		term, v := it.Current()
		if !bytes.HasPrefix(term, []byte(prefix)) {
			return nil
		}
		f(term, postings(v))
		err = it.Next()
	}
	if !errors.Is(err, vellum.ErrIteratorDone) {
		return fmt.Errorf("list the terms of %s: %w", field, err)
	}
	return nil
}

// handleField is the name under which Dictionary hands out the segment itself, through bluge's own wrapper.
const handleField = "\x00segment"

type handle struct {
	segapi.Dictionary
	*segment
}

// Dictionary is ice's, but for handleField.
func (s *segment) Dictionary(field string) (segapi.Dictionary, error) {
	if field == handleField {
		return handle{segment: s}, nil
	}
	return s.Segment.Dictionary(field)
}

// segmentOf finds our segment behind a segment of a bluge snapshot.
func segmentOf(s blugeindex.SegmentSnapshot) (*segment, error) {
	inner, ok := s.(interface{ Segment() segapi.Segment })
	if !ok {
		return nil, fmt.Errorf("segment %d: %w", s.ID(), errSegment)
	}
	d, err := inner.Segment().Dictionary(handleField)
	if err != nil {
		return nil, err
	}
	h, ok := d.(handle)
	if !ok {
		return nil, fmt.Errorf("segment %d: %w", s.ID(), errSegment)
	}
	return h.segment, nil
}

// WriteTo writes the segment's file as it is. Ice would write its checksum anew, and wrong.
func (s *segment) WriteTo(w io.Writer, _ chan struct{}) (int64, error) {
	n, err := w.Write(s.data)
	return int64(n), err
}

// plugin is ice with its segments wrapped.
var plugin = blugeindex.SegmentPlugin{
	Type: ice.Type, Version: ice.Version,
	New: newSegment, Load: loadSegment, Merge: mergeSegments,
}

func newSegment(docs []segapi.Document, _ func(string, int) float32) (segapi.Segment, uint64, error) {
	entries := make([]*entry, len(docs))
	for i, d := range docs {
		entries[i] = d.(*entry)
	}
	file, err := buildSegment(entries)
	if err != nil {
		return nil, 0, fmt.Errorf("build segment: %w", err)
	}
	s, err := loadSegment(segapi.NewDataBytes(file))
	return s, uint64(len(file)), err
}

func loadSegment(d *segapi.Data) (segapi.Segment, error) {
	s, err := ice.Load(d)
	if err != nil {
		return nil, fmt.Errorf("load segment: %w", err)
	}
	data, err := d.Read(0, d.Len())
	if err != nil {
		return nil, fmt.Errorf("load segment: %w", err)
	}
	seg, err := readSegment(s.(*ice.Segment), data)
	if err != nil {
		return nil, fmt.Errorf("load segment: %w", err)
	}
	return seg, nil
}

func mergeSegments(segs []segapi.Segment, drops []*roaring.Bitmap, bufferSize int) segapi.Merger {
	inner := make([]segapi.Segment, len(segs))
	for i, s := range segs {
		inner[i] = s.(*segment).Segment
	}
	return ice.Merge(inner, drops, bufferSize)
}

// recoverDamage turns the panic of a decoder that ran into damaged bytes into an error.
func recoverDamage(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: %v", ErrDamaged, r)
	}
}
