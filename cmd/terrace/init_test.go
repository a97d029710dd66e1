package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"terrace/demo"
)

// terrace runs a command line and returns what it printed.
func terrace(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	cmd := newRootCommand()
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	err := cmd.ExecuteContext(t.Context())
	return out.String(), err
}

func TestInitProposesAConfigurationThatCheckPasses(t *testing.T) {
	cluster := demo.New(demo.Options{Pages: 50})
	if err := cluster.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	go cluster.Run(t.Context())
	portal := cluster.Sites()[0].URL
	file := filepath.Join(t.TempDir(), "terrace.yaml")

	if _, err := terrace(t, "init", portal, "-o", file); err == nil || !strings.Contains(err.Error(), "--allow-private") {
		t.Errorf("a portal on the inner network, unasked: %v", err)
	}
	if _, err := terrace(t, "init", portal, "-o", file, "--allow-private"); err != nil {
		t.Fatal(err)
	}
	c, err := LoadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "云河州政府网站群" || len(c.Sites) != 15 || len(c.Departments) != 10 || len(c.Places) != 4 {
		t.Errorf("%s: %d sites, %d departments, %d places", c.Name, len(c.Sites), len(c.Departments), len(c.Places))
	}
	r, err := c.Registry()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range cluster.Sites() {
		id, found := r.SiteNamed(s.Name)
		if !found {
			t.Errorf("%s is missing", s.Name)
			continue
		}
		if at := r.Site(id); at.Hosts[0] != s.Host || (at.Department != "") != (s.Department != "") || (at.County != "") != (s.County != "") {
			t.Errorf("%s is proposed as %+v", s.Name, at)
		}
	}
	if out, err := terrace(t, "check", "--config", file); err != nil || !strings.Contains(out, "15 个可用，0 个有问题") {
		t.Errorf("check: %v\n%s", err, out)
	}

	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := terrace(t, "init", portal, "-o", file, "--allow-private"); err == nil || !strings.Contains(err.Error(), "没有改动它") {
		t.Errorf("a file that is there already: %v", err)
	}
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
}

func TestInitNamesOfficesAndCounties(t *testing.T) {
	s := &survey{found: []*finding{
		{hosts: []string{"www.yunhe.gov.cn", "yunhe.gov.cn"}, home: "https://www.yunhe.gov.cn/", name: "云河市人民政府门户网站", code: "5399000001"},
		{hosts: []string{"gjj.yunhe.gov.cn"}, home: "http://gjj.yunhe.gov.cn/", name: "欢迎访问云河市住房公积金管理中心网站"},
		{hosts: []string{"qingxi.yunhe.gov.cn"}, home: "http://qingxi.yunhe.gov.cn/", name: "云河市青溪县人民政府"},
		{hosts: []string{"zt.yunhe.gov.cn"}, home: "http://zt.yunhe.gov.cn/", name: "招商引资：来云河, 赢未来"},
		{hosts: []string{"www.linhu.gov.cn"}, home: "http://www.linhu.gov.cn/", name: "临湖区", doubt: "与门户的域名\n不同"},
		{hosts: []string{"gjj.linhu.gov.cn"}, home: "http://gjj.linhu.gov.cn/", doubt: "打不开"},
	}}
	var out bytes.Buffer
	if err := proposal.Execute(&out, s.cluster()); err != nil {
		t.Fatal(err)
	}
	const want = `name: 云河市政府网站群
portal: yunhe

# 部门：name 写正式名称，names 写简称、旧称和俗称
departments:
  - id: gjj
    name: 云河市住房公积金管理中心
    names: [住房公积金管理中心]

# 县市区
places:
  - id: qingxi
    name: 青溪县

sites:
  - id: yunhe
    name: 云河市人民政府
    hosts: [www.yunhe.gov.cn, yunhe.gov.cn]
    seeds: [https://www.yunhe.gov.cn/]
    siteIDCode: "5399000001"
  - id: gjj
    name: 云河市住房公积金管理中心
    hosts: [gjj.yunhe.gov.cn]
    department: gjj
  - id: qingxi
    name: 云河市青溪县人民政府
    hosts: [qingxi.yunhe.gov.cn]
    county: qingxi
  - id: zt
    name: "招商引资：来云河, 赢未来"
    hosts: [zt.yunhe.gov.cn]

  # 门户还链接到下面的网站。属于本网站群的，去掉行首的「#」。
  # 与门户的域名 不同：
#  - id: linhu
#    name: 临湖区
#    hosts: [www.linhu.gov.cn]
  # 打不开：
#  - id: gjj-2
#    name: gjj.linhu.gov.cn
#    hosts: [gjj.linhu.gov.cn]
`
	if _, got, _ := strings.Cut(out.String(), "\n"); strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("proposed:\n%s", got)
	}
}
