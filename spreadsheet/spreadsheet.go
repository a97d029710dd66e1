// Package spreadsheet knows what spreadsheets make of CSV.
package spreadsheet

import "strings"

// Mark makes them read UTF-8; it stands at the very beginning.
const Mark = "\ufeff"

// formula are the beginnings of cells that they would compute (OWASP, CSV injection).
const formula = "=+-@\t\r\n"

// Guard gives a cell that none takes for a formula: one that begins as such gets an apostrophe before it.
func Guard(cell string) string {
	if cell != "" && strings.IndexByte(formula, cell[0]) >= 0 {
		return "'" + cell
	}
	return cell
}

// Unguard undoes Guard.
func Unguard(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.IndexByte(formula, cell[1]) >= 0 {
		return cell[1:]
	}
	return cell
}
