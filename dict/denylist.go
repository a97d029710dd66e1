package dict

import _ "embed"

//go:embed denylist.txt
var denylist string

// Denylist are words that no text shown to other readers may hold, parted by blanks and line breaks; lines that begin with # are comments. Our own.
func Denylist() string { return denylist }
