// Package indexer is the write side: it keeps the index equal to the archive and runs reindex jobs.
//
// One loop does both (sync): it takes every page changed since a generation's cursor, extracts it, puts or deletes its document, then moves the cursor.
package indexer

import (
	"errors"
	"time"
)

// An Order says what is to be done again. Zero Site and URL mean everything.
type Order struct {
	Mode Mode
	Site string // site id
	URL  string // canonical URL or page id
}

// Mode is how it is done again.
type Mode string

const (
	Rebuild Mode = "rebuild" // from the archive, without a request to any site
	Recrawl Mode = "recrawl" // pages become due now
)

// A Job is one reindexing. It survives a restart of the program.
type Job struct {
	ID      string
	Order   Order
	State   State
	Reason  string  // why it failed or was refused, Chinese
	Done    int     // pages
	Total   int     // pages
	Failed  int     // pages that gave no document for an error
	Rate    float64 // pages a second
	Created time.Time
	Ended   time.Time
}

// State is where a job is.
type State string

const (
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// An ImportReport counts what became of lines.
type ImportReport struct {
	Imported     int
	UnknownNames int // sites, departments and counties that are not configured; kept as they are
	Bad          []BadLine
}

// A BadLine is a line that was left out.
type BadLine struct {
	Line   int // from 0
	Reason string
}

var (
	ErrBusy       = errors.New("已有重建任务在进行") // one job runs at a time
	ErrUnknownJob = errors.New("没有这个任务")
	ErrOrder      = errors.New("任务有误")
)
