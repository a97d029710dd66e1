package dict

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
)

//go:embed shapes.txt.gz
var shapes []byte

// Shapes is which simplified Han characters look alike: a line a character, followed by those that share a long run of its strokes, at most 30, the
// most alike first. From the stroke orders of cnchar-order (MIT).
func Shapes() (io.Reader, error) { return gzip.NewReader(bytes.NewReader(shapes)) }
