package server

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"

	terracev1 "terrace/proto/terrace/v1"
)

func TestSearchResponsesAreWrittenAsProtojsonDoes(t *testing.T) {
	plain := runtime.JSONPb{MarshalOptions: protojson.MarshalOptions{EmitDefaultValues: true}}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 200 {
		res := &terracev1.SearchResponse{}
		if i > 0 {
			fillMessage(r, res.ProtoReflect())
		}
		want, err := plain.Marshal(res)
		if err != nil {
			t.Fatal(err)
		}
		got, err := (&marshaler{plain}).Marshal(res)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := parsed(t, got), parsed(t, want); !reflect.DeepEqual(a, b) {
			t.Fatalf("%s\n is not\n%s", got, want)
		}
	}
}

func TestBytesThatAreNoTextDoNotSpoilAnAnswer(t *testing.T) {
	got, err := (&marshaler{}).Marshal(&terracev1.SearchResponse{Hits: []*terracev1.Hit{{Id: "a\xff\"\x01中"}}})
	if err != nil {
		t.Fatal(err)
	}
	if id := parsed(t, got).(map[string]any)["hits"].([]any)[0].(map[string]any)["id"]; id != "a\ufffd\"\x01中" {
		t.Errorf("the id became %q", id)
	}
}

func parsed(t *testing.T, text []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

// fillMessage sets about half of the fields to what is awkward to write.
func fillMessage(r *rand.Rand, m protoreflect.Message) {
	for i := range m.Descriptor().Fields().Len() {
		f := m.Descriptor().Fields().Get(i)
		switch {
		case r.IntN(2) == 0:
		case f.IsList():
			list := m.Mutable(f).List()
			for range r.IntN(3) {
				list.Append(someValue(r, f, list.NewElement()))
			}
		case f.Kind() == protoreflect.MessageKind:
			fillMessage(r, m.Mutable(f).Message())
		default:
			m.Set(f, someValue(r, f, m.NewField(f)))
		}
	}
}

func someValue(r *rand.Rand, f protoreflect.FieldDescriptor, empty protoreflect.Value) protoreflect.Value {
	switch f.Kind() {
	case protoreflect.MessageKind:
		fillMessage(r, empty.Message())
		return empty
	case protoreflect.StringKind:
		texts := []string{"", "公积金", `a"b\c`, "<b>&amp;</b>", "一\n二\t\x00\x1f\x7f", "\u2028𠮷", "\ufffd"}
		return protoreflect.ValueOfString(texts[r.IntN(len(texts))])
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(int32(r.Uint32()))
	}
	return protoreflect.ValueOfFloat64([]float64{-.25, 3.1, 1e21, 1e-7, 12345678}[r.IntN(5)])
}

func BenchmarkMarshal(b *testing.B) {
	res := &terracev1.SearchResponse{Facets: &terracev1.Facets{}}
	for range 10 {
		h := &terracev1.Hit{Id: "0123456789", Url: "https://www.example.gov.cn/zwgk/1.html", SiteName: "云河州人民政府", Date: "2024-03-05", Kind: "policy"}
		for range 8 {
			h.Snippet = append(h.Snippet, &terracev1.Span{Text: "职工住房公积金提取管理办法", Match: true})
		}
		res.Hits = append(res.Hits, h)
	}
	for range 75 {
		res.Facets.Site = append(res.Facets.Site, &terracev1.FacetValue{Value: "gjj", Name: "住房公积金中心", Count: 12})
	}
	plain := runtime.JSONPb{MarshalOptions: protojson.MarshalOptions{EmitDefaultValues: true}}
	for name, m := range map[string]runtime.Marshaler{"protojson": &plain, "own": &marshaler{plain}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := m.Marshal(res); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
