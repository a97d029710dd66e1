package moves

import "terrace/index"

// An Address is what a URL came to that a reader has typed.
type Address struct {
	State AddressState
	Typed string // canonical
	URL   string // where the page is now; empty where that is not known

	// Of the document at URL, or of what is kept of the page that was at Typed; where there is none ID is empty, and Title is what is known of the page.
	ID    string
	Title string
	Site  string
	Date  index.Date
	File  bool // at URL, or at Typed, is an attachment, and the document is that of a page which offers it
}

// AddressState is what a typed URL is.
type AddressState string

const (
	Elsewhere AddressState = "unknown"  // nothing is known of it
	Current   AddressState = "current"  // the URL of a page of now
	Moved     AddressState = "moved"    // an old one, whose page is at URL now
	Homeless  AddressState = "homeless" // an old one, whose page is nowhere that is known
)
