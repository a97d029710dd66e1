package listing

import "strings"

// What a <select> says of the option that was chosen, in its onchange.
const chosenValue = `(?:this\.value|(?:this\.)?options\[(?:this\.)?selectedIndex\]\.value|this\.options\[this\.selectedIndex\]\.(?:value|text)|\$\(this\)\.val\(\))`

// picked adds the pages of a <select> whose options are numbers of pages, 「第 2 页」: its script calls a function with the chosen one, opens an address, or
// sends the form.
func (v *view) picked(l *Listing) bool {
	for _, m := range v.menus {
		current, last := v.pagesOf(m)
		if last < 2 {
			continue
		}
		ask := v.onChange(m)
		if ask == nil {
			continue
		}
		l.Pages = max(l.Pages, last)
		l.requests(current, l.Pages, ask)
		return true
	}
	return false
}

// pagesOf are the chosen and the last of the numbers that a menu's options are, from 1 on; 0 where these are no numbers of pages.
func (v *view) pagesOf(m menu) (current, last int) {
	options := v.options[m.from:m.to]
	paging := m.node.Parent != nil && strings.Contains(textOf(m.node.Parent), "页")
	current = max(v.said.current, 1)
	for i, o := range options {
		label := unspaced(o.text)
		if atoi(o.value) != i+1 || first(pageNumber, label) != i+1 {
			return 0, 0
		}
		paging = paging || strings.Contains(label, "页")
		if o.selected {
			current = i + 1
		}
	}
	if !paging {
		return 0, 0
	}
	return current, len(options)
}

// onChange reads what a menu's script does with the number of a page; nil where that cannot be read.
func (v *view) onChange(m menu) func(n int) Request {
	if strings.Contains(m.script, "__doPostBack(") {
		return func(n int) Request {
			form := v.form(m.name, "")
			form.Set(m.name, itoa(n))
			return Request{URL: v.page.URL, Form: form, chosen: []string{m.name}}
		}
	}
	if c := menuCall.FindStringSubmatch(m.script); c != nil {
		return v.function(c[1])
	}
	if ask := v.opens(m.script, chosenValue); ask != nil {
		return ask
	}
	if m.form >= 0 && m.name != "" && strings.Contains(m.script, "submit(") {
		return func(n int) Request { return v.sent(m.form, m.name, itoa(n)) }
	}
	return nil
}
