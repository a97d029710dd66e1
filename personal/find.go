package personal

// A Kind is what a number is of.
type Kind string

const (
	Identity Kind = "identity" // resident identity number, GB 11643
	Mobile   Kind = "mobile"   // mobile telephone
	Card     Kind = "card"     // bank card
)

// A Number stands in the bytes [From, To) of a text.
type Number struct {
	Kind     Kind
	From, To int
	Checked  bool // its check digit is right; of a mobile telephone always
}

// Find tells the identity numbers, mobile telephones and bank cards of a text in their order, and the text as Mask gives it.
func Find(text string) (found []Number, masked string) {
	m := masker{text: text}
	m.scan()
	if m.out == nil {
		return m.found, text
	}
	return m.found, string(m.out)
}

// note keeps the number in the groups [i, j) and more bytes behind them.
func (m *masker) note(k Kind, i, j, more int, checked bool) {
	m.found = append(m.found, Number{k, m.groups[i].start, m.groups[j-1].end + more, checked})
}
