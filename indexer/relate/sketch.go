package relate

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"regexp"
	"strings"
	"unicode"
)

// Copies of a text differ from it at its ends alone: a line more above, a signature below, the last line lost. What differs inside is another notice of the same
// template, or another version of a law, even where 99 of 100 shingles are equal; so a share of equal shingles finds candidates and decides nothing. (Of 240 pairs
// of one title and nearly one text in statutes, news and letters none that differed inside were copies.)
const (
	minText     = 20  // characters; less is never a copy
	shortText   = 60  // below it only equal texts of one month are copies
	otherTitle  = 120 // from here on an equal text may have a title with a prefix or suffix more
	shingle     = 10  // characters
	bands       = 5   // two rows each find 99 of 100 texts of which a sixth part is more, among those of their title
	rowsOfBand  = 2
	maxMarks    = 6  // lines that may be more at an end
	mostMore    = 5  // one part in so many of what is common may be more
	furniture   = 6  // lines at an end among which those about the page are left out
	longestLine = 80 // runes of such a line
	prime       = 1<<61 - 1
	base        = 0x1d4f5a3b7c9e2f1 % prime
)

// A mark is a place in a text at which a line begins or ends, and the hash of what stands before it.
type mark struct {
	at   uint32 // characters
	hash uint64
}

// A sketch is what of a text tells its copies: letters and digits of its normal form, without lines about the page.
type sketch struct {
	core         uint64 // hash of the whole
	size         int    // characters
	heads, tails []mark // starts of its first lines, from the first on; ends of its last lines, from the last on
	mins         [bands * rowsOfBand]uint64
}

// about are lines that tell of the page and not of the text. They stand at its ends. 时间 and 日期 alone are not among them: they may be the meeting's.
var about = regexp.MustCompile(`(?:^|[\s|\[【(])(?:信息|文章|稿件|文件)?(?:来源|出处|作者|供稿|发布(?:时间|日期|机构|单位|人|者)|(?:更新|录入|发表|添加)(?:时间|日期)|索引号|` +
	`(?:浏览|阅读|点击|访问|阅览)(?:次数|量|数|率)?|责任编辑|责编|编辑|审核|校对|编审|信息员|字体|字号|分享|上一[篇条]|下一[篇条])[)\]】]?\s*[:\[]|` +
	`^(?:[【\[(]?(?:打印|关闭|返回|收藏)(?:本页|此页|页面|窗口|顶部|首页)?[】\])]?\s*)+$|^分享到|^扫一扫|^\d{4}-\d{1,2}-\d{1,2}\s+\d{1,2}:\d{2}(?::\d{2})?$`)

// attached are lines that stand for a file.
var attached = regexp.MustCompile(`^(?:附件|附表|附图|下载|点击(?:下载|查看)|详见附件|.{0,80}\.(?:docx?|xlsx?|pdf|ofd|wps|et|zip|rar|jpe?g|png)$)`)

// lines are the lines of a normalised text that are of the text itself.
func lines(text string) []string {
	all := strings.Split(text, "\n")
	all = trimmed(all)
	out := all[:0]
	for i, l := range all {
		end := i < furniture || i >= len(all)-furniture
		if end && len(l) <= longestLine*3 && about.MatchString(l) {
			continue
		}
		out = append(out, l)
	}
	return out
}

func trimmed(all []string) []string {
	out := all[:0]
	for _, l := range all {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// newSketch reads a normalised text. ok is false where it is too little to tell copies by.
func newSketch(text string) (s sketch, ok bool) {
	all := lines(text)
	var chars []rune
	prose := 0
	ends := make([]mark, 0, 2*maxMarks)
	sum := uint64(0)
	for i, l := range all {
		before := len(chars)
		if i < maxMarks {
			s.heads = append(s.heads, mark{uint32(before), sum})
		}
		for _, r := range l {
			if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
				chars = append(chars, r)
				sum = step(sum, r)
			}
		}
		if i >= len(all)-maxMarks {
			ends = append(ends, mark{uint32(len(chars)), sum})
		}
		if !attached.MatchString(l) {
			prose += len(chars) - before
		}
	}
	for i := len(ends) - 1; i >= 0; i-- {
		s.tails = append(s.tails, ends[i])
	}
	s.size = len(chars)
	whole := sha256.Sum256([]byte(string(chars)))
	s.core = binary.LittleEndian.Uint64(whole[:])
	s.mins = minHash(chars)
	return s, prose >= minText
}

func step(sum uint64, r rune) uint64 { return (mulMod(sum, base) + uint64(r)) % prime }

func mulMod(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	sum := lo&prime + (lo>>61 | hi<<3)
	return (sum&prime + sum>>61) % prime
}

func power(n uint32) uint64 {
	out, b := uint64(1), uint64(base)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			out = mulMod(out, b)
		}
		b = mulMod(b, b)
	}
	return out
}

// between is the hash of the characters between two marks.
func between(from, to mark) uint64 {
	return (to.hash + prime - mulMod(from.hash, power(to.at-from.at))) % prime
}

// minHash keeps for each row the least hash of the text's shingles (Broder 1997).
func minHash(chars []rune) (out [bands * rowsOfBand]uint64) {
	for i := range out {
		out[i] = ^uint64(0)
	}
	const factor = 0x9e3779b97f4a7c15
	drop := uint64(1)
	for range shingle {
		drop *= factor
	}
	h := uint64(0)
	for i, r := range chars {
		h = h*factor + uint64(r)
		if i >= shingle {
			h -= drop * uint64(chars[i-shingle])
		}
		if i < shingle-1 && i < len(chars)-1 {
			continue
		}
		for k := range out {
			out[k] = min(out[k], mix(h+uint64(k)*0xd1342543de82ef95))
		}
	}
	return out
}

// mix is the finalizer of splitmix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// sameInside reports that one text is the other but for lines more at an end of either, at each end of one alone.
func (s *sketch) sameInside(o *sketch) bool {
	for i, h := range s.heads {
		for j, g := range o.heads {
			if i > 0 && j > 0 {
				break
			}
			if s.endsAs(o, h, g) {
				return true
			}
		}
	}
	return false
}

func (s *sketch) endsAs(o *sketch, from, other mark) bool {
	for i, t := range s.tails {
		for j, u := range o.tails {
			if i > 0 && j > 0 {
				break
			}
			if t.at < from.at || u.at < other.at || t.at-from.at != u.at-other.at {
				continue
			}
			common := int(t.at - from.at)
			more := s.size + o.size - 2*common
			if common >= shortText && more*mostMore <= common && between(from, t) == between(other, u) {
				return true
			}
		}
	}
	return false
}

// pack is the sketch without what the band keys stand for.
func (s *sketch) pack() []byte {
	out := binary.LittleEndian.AppendUint64(nil, s.core)
	out = binary.LittleEndian.AppendUint32(out, uint32(s.size))
	out = append(out, byte(len(s.heads)))
	for _, marks := range [][]mark{s.heads, s.tails} {
		for _, m := range marks {
			out = binary.LittleEndian.AppendUint32(out, m.at)
			out = binary.LittleEndian.AppendUint64(out, m.hash)
		}
	}
	return out
}

func unpackSketch(b []byte) (s sketch) {
	if len(b) < 13 {
		return s
	}
	s.core, s.size = binary.LittleEndian.Uint64(b), int(binary.LittleEndian.Uint32(b[8:]))
	heads := int(b[12])
	for b = b[13:]; len(b) >= 12; b = b[12:] {
		m := mark{binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint64(b[4:])}
		if len(s.heads) < heads {
			s.heads = append(s.heads, m)
		} else {
			s.tails = append(s.tails, m)
		}
	}
	return s
}
