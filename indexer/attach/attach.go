// Package attach turns the bytes of an attached file into text: PDF, Word, Excel and PowerPoint of all three kinds (binary, packed, XML), WPS, OFD, OpenDocument, 标文通,
// RTF, plain text, tables, XML, web pages that call themselves documents, and archives of these.
//
// What a file is its bytes say, not its name. Reading runs in a child process of the same binary, one file at a time, with limits on memory, processor time and
// text, and without the network: a file can at worst cost that process.
package attach

// Version changes when the same file may give another text.
const Version = "3"

// MaxText is the most text of a file that is kept, in bytes.
const MaxText = 2 << 20

// A File is what was fetched.
type File struct {
	Name string // the last part of its URL, or of its path in an archive; it decides only where the bytes do not
	Data []byte
}

// A Text is what a file says.
type Text struct {
	Format   string   // what the bytes are: pdf, docx, doc, …; empty where no reader knows them
	Body     string   // paragraphs parted by "\n", cells by "\t"
	NeedsOCR bool     // pictures and no text: a scan
	Scans    int      // pages of a PDF that are pictures, or cannot be read otherwise
	Cut      int      // bytes of text beyond MaxText, as far as the reader went on; 0: none
	Unread   int      // files of an archive that gave no text
	Skipped  []string // the first hundred of these, each with its reason
}
