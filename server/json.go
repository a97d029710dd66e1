package server

import (
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/protobuf/reflect/protoreflect"

	terracev1 "terrace/proto/terrace/v1"
)

// A marshaler writes search responses, which are most of what is answered, in a fraction of the time that protojson takes (a tenth of a full answer), and with the same
// meaning; everything else is protojson's.
type marshaler struct{ runtime.JSONPb }

// Marshal writes a message as JSON.
func (m *marshaler) Marshal(v any) ([]byte, error) {
	if r, ok := v.(*terracev1.SearchResponse); ok {
		return appendMessage(make([]byte, 0, 16<<10), r.ProtoReflect()), nil
	}
	return m.JSONPb.Marshal(v)
}

// A jsonField is a field of a message with its name in JSON.
type jsonField struct {
	field protoreflect.FieldDescriptor
	name  string // with quotes and colon
}

// jsonFields are the fields of messages by their descriptors.
var jsonFields sync.Map

func fieldsOf(d protoreflect.MessageDescriptor) []jsonField {
	if known, ok := jsonFields.Load(d); ok {
		return known.([]jsonField)
	}
	var out []jsonField
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		out = append(out, jsonField{f, `"` + f.JSONName() + `":`})
	}
	jsonFields.Store(d, out)
	return out
}

// appendMessage writes all fields of a message, but messages that are not there.
func appendMessage(b []byte, m protoreflect.Message) []byte {
	b = append(b, '{')
	began := len(b)
	for _, named := range fieldsOf(m.Descriptor()) {
		f := named.field
		if f.HasPresence() && !m.Has(f) {
			continue
		}
		if len(b) > began {
			b = append(b, ',')
		}
		b = append(b, named.name...)
		if !f.IsList() {
			b = appendValue(b, f, m.Get(f))
			continue
		}
		list := m.Get(f).List()
		b = append(b, '[')
		for i := range list.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendValue(b, f, list.Get(i))
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

// appendValue writes a value of the kinds that search responses are made of.
func appendValue(b []byte, f protoreflect.FieldDescriptor, v protoreflect.Value) []byte {
	switch f.Kind() {
	case protoreflect.MessageKind:
		return appendMessage(b, v.Message())
	case protoreflect.StringKind:
		return appendText(b, v.String())
	case protoreflect.BoolKind:
		return strconv.AppendBool(b, v.Bool())
	case protoreflect.Int32Kind:
		return strconv.AppendInt(b, v.Int(), 10)
	case protoreflect.DoubleKind:
		return strconv.AppendFloat(b, v.Float(), 'g', -1, 64)
	}
	panic("no way to write " + f.FullName())
}

// appendText writes a string. Bytes that are no UTF-8 become U+FFFD.
func appendText(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	from := 0
	for i, r := range s {
		plain := r >= ' ' && r != '"' && r != '\\' && (r != utf8.RuneError || width(s[i:]) > 1)
		if plain {
			continue
		}
		b = append(b, s[from:i]...)
		switch {
		case r >= ' ' && r != utf8.RuneError:
			b = append(b, '\\', byte(r))
		case r == utf8.RuneError:
			b = append(b, "\ufffd"...)
		default:
			b = append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		}
		from = i + width(s[i:])
	}
	return append(append(b, s[from:]...), '"')
}

func width(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}
