package personal

import "testing"

func TestFindTellsWhereNumbersStand(t *testing.T) {
	text := "张三，532501199001011239，电话138 1234 5678，卡6222021234567890128，身份证号110105194912310023。"
	found, masked := Find(text)
	if masked != Mask(text) {
		t.Errorf("the text becomes %s, by Mask %s", masked, Mask(text))
	}
	want := []struct {
		kind Kind
		text string
	}{{Identity, "532501199001011239"}, {Mobile, "138 1234 5678"}, {Card, "6222021234567890128"}, {Identity, "110105194912310023"}}
	if len(found) != len(want) {
		t.Fatalf("found %d numbers, want %d: %v", len(found), len(want), found)
	}
	for i, n := range found {
		if got := text[n.From:n.To]; n.Kind != want[i].kind || got != want[i].text {
			t.Errorf("number %d is %s %q, want %s %q", i, n.Kind, got, want[i].kind, want[i].text)
		}
	}
	if !found[0].Checked || found[3].Checked {
		t.Errorf("check digits: %v, %v", found[0].Checked, found[3].Checked)
	}
}
