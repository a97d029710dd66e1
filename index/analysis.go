package index

// An Analyzer makes the terms that a generation holds. Engines get it at open and know nothing of Chinese.
// Its functions may be called from several goroutines.
type Analyzer struct {
	Analyze   func(*Document) Analysis
	Normalize func(string) string // the form in which phrases are compared with stored text
}

// An Analysis is what is indexed of a document besides its keyword fields and date.
type Analysis struct {
	Body, Title, Attached TermCounts

	Keys      []string // what a reader may type of a document to have it alone: the key of its title, of its document number
	TitleForm string   // the title key without digits, numerals, 第 号 年 月 日; empty for untitled documents
}

// TermCounts are the distinct terms of a field.
type TermCounts struct {
	Length int // tokens, repeats included
	Terms  []TermCount
}

// A TermCount is one term and how often it stands in the field. Text is valid UTF-8 and not empty.
type TermCount struct {
	Text  string
	Count int
}
