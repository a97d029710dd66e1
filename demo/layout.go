package demo

import "slices"

// A website is a Site with what the machinery needs to make its pages.
type website struct {
	Site
	index   int
	style   style
	short   string   // such as 州住房公积金中心, as texts name it
	code    string   // 机关代字, such as 云公积金
	place   string   // 云河州 or the county's name
	topics  []string // departments whose words its texts use; empty: all
	columns []*column
	open    bool // its endless calendar is open to robots, though linked with nofollow
}

// A column is one list of articles of one genre. 栏目
type column struct {
	site   *website
	index  int // within its site
	genre  genre
	name   string
	path   string // such as zwgk/tzgg
	weight float64
	first  int // articles in the site's columns before it
	count  int
}

// A genre is a kind of text.
type genre string

const (
	news        genre = "要闻"
	notice      genre = "通知"
	policy      genre = "政策"
	reading     genre = "解读"
	personnel   genre = "人事"
	procurement genre = "采购"
	budget      genre = "预算"
	letter      genre = "信件"
	guide       genre = "指南"
)

// kind is the word package index has for a genre.
func (g genre) kind() string {
	switch g {
	case news:
		return "news"
	case policy:
		return "policy"
	case reading:
		return "interpretation"
	case letter:
		return "interaction"
	case guide:
		return "service"
	}
	return "disclosure"
}

func departments() []Department {
	return []Department{
		{"gjj", "云河州住房公积金中心", []string{"住房公积金中心", "公积金中心", "州公积金中心"}},
		{"rsj", "云河州人力资源和社会保障局", []string{"人力资源和社会保障局", "人社局", "州人社局", "社保局"}},
		{"jtj", "云河州教育体育局", []string{"教育体育局", "教体局", "教育局", "州教体局"}},
		{"zrzy", "云河州自然资源和规划局", []string{"自然资源和规划局", "自然资源局", "州自然资源局", "国土局"}},
		{"wjw", "云河州卫生健康委员会", []string{"卫生健康委员会", "卫健委", "州卫健委", "卫生局"}},
		{"scjg", "云河州市场监督管理局", []string{"市场监督管理局", "市场监管局", "州市场监管局", "工商局"}},
		{"gaj", "云河州公安局", []string{"公安局", "州公安局"}},
		{"ybj", "云河州医疗保障局", []string{"医疗保障局", "医保局", "州医保局"}},
		{"mzj", "云河州民政局", []string{"民政局", "州民政局"}},
		{"swj", "云河州税务局", []string{"税务局", "州税务局", "地税局"}},
	}
}

func counties() []County {
	return []County{
		{"qingxi", "青溪县", []string{"青溪", "青溪县人民政府"}},
		{"linhu", "临湖市", []string{"临湖", "临湖市人民政府"}},
		{"yunling", "云岭县", []string{"云岭", "云岭县人民政府"}},
		{"shilan", "石栏县", []string{"石栏", "石栏县人民政府"}},
	}
}

// layout is the cluster without counts: the portal, ten departments, four counties.
func layout() []*website {
	sites := []*website{{
		Site:  Site{ID: "portal", Name: "云河州人民政府", Portal: true, SiteIDCode: "5399000001"},
		style: tagged{}, short: "云河州人民政府", code: "云政", place: "云河州",
		columns: []*column{
			{genre: news, name: "云河要闻", path: "xwzx/yhyw", weight: 6},
			{genre: notice, name: "通知公告", path: "zwgk/tzgg", weight: 5},
			{genre: policy, name: "政策文件", path: "zwgk/zcwj", weight: 4},
			{genre: reading, name: "政策解读", path: "zwgk/zcjd", weight: 2},
			{genre: personnel, name: "人事信息", path: "zwgk/rsxx", weight: 1.5},
			{genre: procurement, name: "政府采购", path: "zwgk/zfcg", weight: 1.5},
			{genre: budget, name: "财政预决算", path: "zwgk/czyjs", weight: 1},
			{genre: letter, name: "州长信箱", path: "zmhd/zzxx", weight: 5},
			{genre: guide, name: "办事指南", path: "zwfw/bszn", weight: 8},
		},
	}}
	offices := []struct {
		style style
		code  string
		mail  bool
	}{{clean{}, "云公积金", true}, {tagged{}, "云人社", true}, {old{}, "云教体", true}, {jpaas{}, "云自然资", false}, {ewb{}, "云卫", false},
		{webber{}, "云市监", false}, {aspnet{}, "云公", true}, {hanweb{}, "云医保", true}, {dede{}, "云民", false}, {ucap{}, "云税", false}}
	for i, d := range departments() {
		o := offices[i]
		sites = append(sites, &website{
			Site:  Site{ID: d.ID, Name: d.Name, Department: d.ID, SiteIDCode: "53990000" + pad(2, i+11)},
			style: o.style, short: d.Name, code: o.code, place: "云河州", topics: []string{d.ID}, columns: officeColumns(o.mail),
		})
	}
	styles := []style{old{}, tagged{}, epoint{}, empire{}}
	for i, p := range counties() {
		sites = append(sites, &website{
			Site:  Site{ID: p.ID, Name: p.Name + "人民政府", County: p.ID, SiteIDCode: "53992" + pad(1, i+1) + "0001"},
			style: styles[i], short: p.Name + "人民政府", code: firstRune(p.Name) + "政", place: p.Name, columns: countyColumns(p.Name),
		})
	}
	for i, s := range sites {
		s.index, s.open = i, s.ID == "wjw"
		for j, k := range s.columns {
			k.site, k.index = s, j
		}
	}
	return sites
}

func officeColumns(mail bool) []*column {
	columns := []*column{
		{genre: news, name: "工作动态", path: "xwzx/gzdt", weight: 3},
		{genre: notice, name: "通知公告", path: "zwgk/tzgg", weight: 2.5},
		{genre: policy, name: "政策法规", path: "zwgk/zcfg", weight: 2},
		{genre: reading, name: "政策解读", path: "zwgk/zcjd", weight: 1},
		{genre: budget, name: "预决算公开", path: "zwgk/yjsgk", weight: 0.6},
		{genre: guide, name: "办事指南", path: "bsfw/bszn", weight: 4},
	}
	if mail {
		columns = append(columns, &column{genre: letter, name: "咨询投诉", path: "hdjl/zxts", weight: 1.5})
	}
	return columns
}

func countyColumns(place string) []*column {
	return []*column{
		{genre: news, name: place[:len(place)-3] + "要闻", path: "xwdt/yw", weight: 4},
		{genre: notice, name: "公示公告", path: "zwgk/gsgg", weight: 3},
		{genre: policy, name: "政府文件", path: "zwgk/wj", weight: 1.5},
		{genre: personnel, name: "人事招聘", path: "zwgk/rszp", weight: 1},
		{genre: procurement, name: "采购公告", path: "zwgk/cggg", weight: 1},
		{genre: letter, name: place[len(place)-3:] + "长信箱", path: "hdjl/xzxx", weight: 2},
		{genre: guide, name: "便民服务", path: "bsfw/bmfw", weight: 2},
	}
}

const mostGuides = 160 // a column of guides does not grow with the load: there are only so many services

// apportion gives the columns n articles in all, by weight. What a column of limited size cannot take goes to its site's news.
func apportion(sites []*website, n int) {
	var all []*column
	total := 0.0
	for _, s := range sites {
		for _, k := range s.columns {
			all = append(all, k)
			total += k.weight
		}
	}
	left := n
	for _, k := range all {
		k.count = int(float64(n) * k.weight / total)
		left -= k.count
	}
	for i := range left { // fewer than there are columns
		all[i].count++
	}
	for _, s := range sites {
		for _, k := range s.columns {
			over := 0
			switch k.genre {
			case guide:
				over = k.count - mostGuides
			case reading:
				over = k.count - (s.column(policy).count+1)/2
			}
			if over > 0 {
				k.count -= over
				s.columns[0].count += over
			}
		}
		first := 0
		for _, k := range s.columns {
			k.first = first
			first += k.count
		}
	}
}

// column returns the site's first column of a genre, or nil.
func (s *website) column(g genre) *column {
	if i := slices.IndexFunc(s.columns, func(k *column) bool { return k.genre == g }); i >= 0 {
		return s.columns[i]
	}
	return nil
}

// number is the article's number on its site, from 1; within a column the newest has the highest.
func (k *column) number(i int) int { return k.first + k.count - i }

// find is the inverse of number. It returns nil for a number the site does not have.
func (s *website) find(number int) (*column, int) {
	for _, k := range s.columns {
		if i := k.first + k.count - number; i >= 0 && i < k.count {
			return k, i
		}
	}
	return nil, 0
}
