package demo

// A county's old site has pages that nobody looks after, with what is to be found wrong with sites. They ask not to be indexed, so that searches stay as they are.
const (
	faultyPath = "/gdgs.html"         // numbers of a person, links that cannot be opened, links that nobody is to see
	hackedPath = "/upfiles/tz.html"   // left by somebody who had no business there
	blankPath  = "/Article_ghjh.html" // a column without entries
)

const (
	faultyText = `关于发放2015年度困难补助的公示（归档）：张某某，532501199001011239，补助500元。` +
		`<a href="http://http://www.example.com/bz.doc">补助标准</a> <a href="file:///C:/My Documents/mingdan.xls">名单</a> <a href="/Article_ghjh.html">规划计划</a>` +
		`<div style="position:absolute;left:-9999px"><a href="http://bet.example/">娱乐</a><a href="/upfiles/tz.html">开户</a></div>`
	blankText = `<ul><li>暂无内容</li></ul>`
)

func (s *website) hasFaults() bool { return s.ID == "qingxi" }

// A fault is a page with faults.
type fault struct{ title, text string }

// faults are such pages by path.
func (s *website) faults() map[string]fault {
	if !s.hasFaults() {
		return nil
	}
	return map[string]fault{
		faultyPath: {"归档公示", faultyText}, hackedPath: {"百家乐真人娱乐开户", "本页面为演示而设，没有任何服务。"}, blankPath: {"规划计划", blankText},
	}
}
