package plain

import "testing"

func TestATextIsPutInOrderAsItComes(t *testing.T) {
	out := New(100)
	out.Write("  第一\u3000 条\u200b\x07 ")
	out.Write("　说明\n\n")
	for _, cell := range []string{"", "姓名", "", "单位", ""} {
		out.Write(cell)
		out.Cell()
	}
	out.End()
	out.WriteOnce("页眉\n— —\n页眉\n表\t注\n")
	if got, want := out.String(), "第一 条 说明\n姓名\t单位\n页眉\n表\t注"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestATextTakesSoManyBytesAndCountsTheRest(t *testing.T) {
	out := New(len("第一条"))
	out.Write("第一条\n第二条")
	if out.String() != "第一条" || !out.Full() || out.Cut() != len("\n第二条") {
		t.Errorf("%q, %d left out", out, out.Cut())
	}
}
