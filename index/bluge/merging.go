package bluge

import (
	"context"
	"math"
	"sync/atomic"
	"time"

	blugeindex "github.com/blugelabs/bluge/index"
	"github.com/blugelabs/bluge/index/mergeplan"
	segapi "github.com/blugelabs/bluge_segment_api"
)

// maxSegmentDocs is the size up to which segments are merged. Few segments make fast queries.
const maxSegmentDocs = 500_000

// merging says how many segments bluge's merger leaves: a few of each size while documents come one by one, many while a generation is
// built that nobody searches, and one of all that are not at their full size once that is done.
type merging struct {
	building atomic.Bool
	whole    atomic.Bool // until the next commit
}

// buildingSegments are so many that they are rarely merged before the end.
const buildingSegments = 64

func (m *merging) options() mergeplan.Options {
	o := mergeplan.DefaultMergePlanOptions
	o.MaxSegmentSize, o.MaxSegmentsPerTier, o.SegmentsPerMergeTask = maxSegmentDocs, 2, 8
	o.CalcBudget = m.budget
	return o
}

// budget is asked before each plan, of whose options o is a copy.
func (m *merging) budget(total, first int64, o *mergeplan.Options) int {
	switch {
	case m.whole.Load():
		o.SegmentsPerMergeTask = math.MaxInt
		o.ScoreSegments = func(segments []mergeplan.Segment, _ *mergeplan.Options) float64 { return -float64(len(segments)) }
		return 1
	case m.building.Load():
		o.SegmentsPerMergeTask = buildingSegments
		return buildingSegments
	}
	return mergeplan.CalcBudget(total, first, o)
}

// calm is how long nothing is written before what was is merged.
const calm = time.Second

// tidy merges everything where it has grown by a tenth since that was done last, and tells whether there was something to merge. Until that is
// done it is called again: bluge's merger, when it is busy, may miss that it was told.
func (w *writer) tidy() (merging bool, err error) {
	all, largest, small, err := w.sizes()
	if err != nil || small < 2 || (all-largest)*10 < all {
		return false, err
	}
	return true, w.mergeWhole()
}

// sizes counts the documents of all segments and of the largest, and the segments that can be merged.
func (w *writer) sizes() (all, largest, small int, err error) {
	snapshot, err := w.bluge.Reader()
	if err != nil {
		return 0, 0, 0, err
	}
	defer snapshot.Close()
	for _, s := range snapshot.Segments() {
		seg, err := segmentOf(s)
		if err != nil {
			return 0, 0, 0, err
		}
		all, largest = all+seg.size, max(largest, seg.size)
		if seg.size < maxSegmentDocs/2 {
			small++
		}
	}
	return all, largest, small, nil
}

// nobody is an id term that no document has.
type nobody struct{ idTerm }

// Term is not the form of an id's term.
func (nobody) Term() []byte { return []byte{'n'} }

var _ segapi.Term = nobody{}

// mergeWhole lets the merger begin: it looks at every new state, so an empty commit makes one.
func (w *writer) mergeWhole() error {
	w.merging.whole.Store(true)
	b := blugeindex.NewBatch()
	b.Delete(nobody{})
	return w.bluge.Batch(b)
}

// ripen ends the time of building: what is there is merged when it has been calm. Nobody waits for it, few segments are no promise.
func (w *writer) ripen(ctx context.Context) error {
	w.merging.building.Store(false)
	return w.submit(ctx, &request{})
}
