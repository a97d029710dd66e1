package indexer

import (
	"strings"
	"testing"

	"terrace/index"
	"terrace/indexer/archive"
)

const (
	rules  = "<p>第一条　为了规范住房公积金的提取，维护缴存职工的合法权益，制定本办法。</p><p>第二条　职工购买、建造、翻建、大修自住住房的，可以提取公积金账户内的存储余额。</p>"
	repeal = "<p>本办法自2023年6月1日起施行。《云河州住房公积金提取办法》（云政发〔2010〕5号）同时废止。</p>"
)

func TestPagesOfOneTextAreOneDocument(t *testing.T) {
	l := newLab(t)
	const title = "云河州住房公积金提取办法"
	l.publish("portal", "/copy.html", title, "发布日期：2023-05-09 来源：公积金中心", rules+rules)
	l.publish("gjj", "/original.html", title, "发布日期：2023-05-10", rules+rules)
	l.publish("gjj", "/other.html", title+"问答", "发布日期：2023-05-10", rules)
	l.check(l.CatchUp(t.Context()))
	d := l.found()["/original.html"]
	if len(l.found()) != 2 || len(d.Copies) != 2 || !strings.HasSuffix(d.Copies[1].URL, "/copy.html") {
		t.Fatalf("the named source's page and the copy are %+v of %d documents", d.Copies, len(l.found()))
	}

	l.crawl("gjj", archive.Gone, "", "/original.html")
	l.check(l.CatchUp(t.Context()))
	if d := l.found()["/copy.html"]; len(l.found()) != 2 || len(d.Copies) != 1 {
		t.Errorf("without the original the copy is %+v of %d documents", d.Copies, len(l.found()))
	}
}

func TestWhatIsRepealedSaysSoAndLeadsToItsSuccessor(t *testing.T) {
	l := newLab(t)
	l.publish("portal", "/old.html", "云河州住房公积金提取办法", "发布日期：2010-03-01 发文字号：云政发〔2010〕5号", rules)
	l.check(l.CatchUp(t.Context()))
	if d := l.found()["/old.html"]; d.Validity != "" || d.Links != nil {
		t.Fatalf("before anything is known: %q %v", d.Validity, d.Links)
	}

	l.publish("portal", "/new.html", "云河州住房公积金提取管理办法", "发布日期：2023-05-10 发文字号：云政发〔2023〕9号", rules+repeal)
	l.check(l.CatchUp(t.Context()))
	d, successor := l.found()["/old.html"], l.found()["/new.html"]
	if d.Validity != index.Repealed || len(d.Links) != 1 || d.Links[0].Kind != index.RepealedBy || d.Links[0].ID != successor.ID || d.Links[0].URL == "" || d.Links[0].Title != successor.Title {
		t.Errorf("repealed: %q %+v", d.Validity, d.Links)
	}

	l.run()
	if j := l.ended(l.start(Order{}).ID); j.State != Done {
		t.Fatalf("%+v", j)
	}
	if d := l.found()["/old.html"]; d.Validity != index.Repealed {
		t.Error("a rebuilt index does not know that it is repealed")
	}

	l.crawl("portal", archive.Gone, "", "/new.html")
	l.check(l.CatchUp(t.Context()))
	if d := l.found()["/old.html"]; d.Validity != "" || d.Links != nil {
		t.Errorf("with the successor gone: %q %v", d.Validity, d.Links)
	}
}

func TestAPageThatSaysItIsInForceIs(t *testing.T) {
	l := newLab(t)
	l.publish("portal", "/a.html", "云河州住房公积金提取办法", "发布日期：2010-03-01 有效性：有效", rules)
	l.check(l.CatchUp(t.Context()))
	if d := l.found()["/a.html"]; d.Validity != index.Valid {
		t.Errorf("validity %q", d.Validity)
	}
}

func TestAPolicyAndItsInterpretationLeadToEachOther(t *testing.T) {
	l := newLab(t)
	l.publish("portal", "/policy.html", "云河州住房公积金提取办法", "发布日期：2023-05-10 发文字号：云政发〔2023〕9号", rules)
	l.publish("gjj", "/explained.html", "《云河州住房公积金提取办法》解读", "发布日期：2023-05-12",
		`<p>近日，州人民政府印发了<a href="`+at("portal", "/policy.html")+`">《云河州住房公积金提取办法》</a>，现将有关内容解读如下。`+rules)
	l.check(l.CatchUp(t.Context()))
	policy, explained := l.found()["/policy.html"], l.found()["/explained.html"]
	if len(policy.Links) != 1 || policy.Links[0].Kind != index.ExplainedBy || policy.Links[0].ID != explained.ID {
		t.Errorf("the policy leads to %+v", policy.Links)
	}
	if len(explained.Links) != 1 || explained.Links[0].Kind != index.Explains || explained.Links[0].ID != policy.ID {
		t.Errorf("the interpretation leads to %+v", explained.Links)
	}
}
