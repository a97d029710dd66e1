package weburl

import "strings"

// attachment is how names of files end that people open, rather than what pages are made of.
var attachment = map[string]bool{".pdf": true, ".doc": true, ".docx": true, ".xls": true, ".xlsx": true, ".ppt": true, ".pptx": true, ".wps": true,
	".et": true, ".dps": true, ".docm": true, ".xlsm": true, ".pptm": true, ".ofd": true, ".zip": true, ".rar": true, ".7z": true, ".rtf": true, ".txt": true, ".csv": true, ".ceb": true,
	".odt": true, ".ods": true, ".odp": true, ".uof": true, ".uot": true, ".uos": true, ".uop": true, ".mht": true, ".mhtml": true}

// NamesAttachment reports the name or the path of a file that people open, such as a form or a table.
func NamesAttachment(name string) bool {
	end := name[max(0, len(name)-len(".mhtml")):] // of every link this is asked
	dot := strings.LastIndexByte(end, '.')
	return dot >= 0 && attachment[strings.ToLower(end[dot:])]
}
