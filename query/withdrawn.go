package query

// Withdrawals tell whether documents have been withdrawn since something was learned, and which words are not to be shown; *withdraw.List is one. Answers of the index
// are without withdrawn documents already.
type Withdrawals interface {
	Version() uint64        // another after each withdrawal
	Hides(text string) bool // whether a text is the title of a withdrawn document, or holds it
}

type nothingWithdrawn struct{}

func (nothingWithdrawn) Version() uint64   { return 0 }
func (nothingWithdrawn) Hides(string) bool { return false }

// known is what was learned, where nothing has been withdrawn since; else nil: a model cannot unlearn one document, so it is not asked until all is learned anew.
func (s *Searcher) known() *learned {
	if l := s.learned.Load(); l != nil && l.version == s.list.Version() {
		return l
	}
	return nil
}
