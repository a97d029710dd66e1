package indexer

import (
	"errors"
	"strings"
	"testing"

	"terrace/indexer/archive"
)

func TestWhatASiteLosesStaysUntilAnAdministratorDecides(t *testing.T) {
	for _, c := range []struct {
		decision Decision
		left     int
	}{{Accept, 8}, {Keep, 20}} {
		t.Run(string(c.decision), func(t *testing.T) {
			l := newLab(t)
			l.crawl("gjj", archive.OK, "提取公积金", paths(20)...)
			l.crawl("gjj", archive.Gone, "", paths(12)...)
			l.check(l.CatchUp(t.Context()))
			l.lives(20)
			losses, err := l.Losses(t.Context(), "公积金中心网站")
			l.check(err)
			if len(losses) != 1 || losses[0].Alarm.IsZero() || losses[0].Name != "公积金中心网站" || losses[0].Cause != "410" || losses[0].Documents() != 12 || losses[0].Of != 20 {
				t.Fatalf("got %+v", losses)
			}
			text, err := l.Inspect(t.Context(), at("gjj", paths(1)[0]))
			l.check(err)
			for _, want := range []string{"状态：网站上已不在，暂时保留", "没有核实到，内容保留；本站在告警中", "最近核实：", "已进索引"} {
				if !strings.Contains(text, want) {
					t.Errorf("inspect does not say %q:\n%s", want, text)
				}
			}
			pages, left, err := l.DecideLosses(t.Context(), "gjj", c.decision)
			if pages != 12 || left != 0 || err != nil {
				t.Errorf("decided on %d pages, %d left, %v", pages, left, err)
			}
			l.check(l.CatchUp(t.Context()))
			l.lives(c.left)
			if losses, err := l.Losses(t.Context(), ""); err != nil || len(losses) > 0 && !losses[0].Alarm.IsZero() {
				t.Errorf("after the decision: %+v, %v", losses, err)
			}
		})
	}
}

func TestDecisionsThatAreNone(t *testing.T) {
	l := newLab(t)
	for _, c := range []struct {
		site     string
		decision Decision
	}{{"nowhere", Keep}, {"", Accept}, {"gjj", "maybe"}} {
		if _, _, err := l.DecideLosses(t.Context(), c.site, c.decision); !errors.Is(err, ErrOrder) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if _, err := l.Losses(t.Context(), "nowhere"); !errors.Is(err, ErrOrder) {
		t.Errorf("losses of a site that is none: %v", err)
	}
}

func TestASiteThatIsConfiguredNoMoreIsInNoAlarm(t *testing.T) {
	l := newLab(t)
	l.crawl("gjj", archive.OK, "提取公积金", paths(20)...)
	l.crawl("gjj", archive.Gone, "", paths(12)...)
	c := cluster
	c.Sites = c.Sites[:1]
	if losses, err := l.again(c, "1").Losses(t.Context(), ""); err != nil || len(losses) > 0 {
		t.Errorf("nobody can decide on it: %+v, %v", losses, err)
	}
}
