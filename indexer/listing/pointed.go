package listing

// What a script says of the number that a pager's element keeps in data-page.
const pointedValue = `(?:\$\(this\)|\$this|this|that|_this|e(?:vent)?\.(?:currentTarget|target)|\$\((?:e(?:vent)?\.)?(?:currentTarget|target)\))\.(?:(?:data|attr|getAttribute)\(\s*["'](?:data-)?(?:page|pageno|page-no|pagenum|index)["']\s*\)|dataset\.(?:page|pageno|pageNo|pagenum|index))`

// pointed adds the pages of a pager whose elements keep their numbers in data-page, where a script of the page opens an address with it.
func (v *view) pointed(l *Listing) bool {
	current, last, leads := max(v.said.current, 1), 0, false
	for _, h := range v.handlers {
		if n := atoi(h.data); n > 0 && h.text != "" && paging(h.text) {
			last = max(last, n)
			leads = leads || turns(h.text)
		}
	}
	if !leads {
		return false
	}
	for _, s := range v.page.Scripts {
		if ask := v.opens(s, pointedValue); ask != nil {
			l.Pages = max(l.Pages, last)
			l.requests(current, l.Pages, ask)
			return true
		}
	}
	return false
}
