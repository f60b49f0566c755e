package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// A form is what a state file looks like, which depends on the services that keep something in it: a struct type that
// is put together from the parts of all of them, so that a file is read and written by encoding/json like that of any
// other struct.
type form struct {
	fileType reflect.Type            // the struct of a whole file
	types    map[string]reflect.Type // of the parts, by key
	parts    []wire.PartDescription
}

// The fields of a file that belong to no service.
const (
	fieldAccount     = "Account"
	fieldCaller      = "Caller"
	fieldRegions     = "Regions"
	fieldDrawn       = "Drawn"
	fieldWorkstation = "Workstation"
)

// formOf makes the form of the files in which these services keep something.
func formOf(services []*wire.Service) (*form, error) {
	parts, err := partsOf(services)
	if err != nil {
		return nil, err
	}
	f := &form{types: map[string]reflect.Type{}, parts: parts}
	field := func(name, tag string, t reflect.Type) reflect.StructField {
		return reflect.StructField{Name: name, Type: t, Tag: reflect.StructTag(`json:"` + tag + `"`)}
	}
	file := []reflect.StructField{
		field(fieldAccount, "account", reflect.TypeFor[string]()),
		field(fieldCaller, "caller", reflect.TypeFor[wire.Caller]()),
	}
	var region []reflect.StructField
	for i, part := range parts {
		f.types[part.Key] = part.Type
		kept := field(partField(i), part.Key+",omitempty,omitzero", part.Type)
		if part.Regional {
			region = append(region, kept)
		} else {
			file = append(file, kept)
		}
	}
	regions := reflect.MapOf(reflect.TypeFor[string](), reflect.PointerTo(reflect.StructOf(region)))
	file = append(file,
		field(fieldRegions, "regions,omitempty", regions),
		field(fieldDrawn, "drawn,omitempty", reflect.TypeFor[int]()),
		field(fieldWorkstation, "workstation,omitzero", reflect.TypeFor[WorkstationState]()),
	)
	f.fileType = reflect.StructOf(file)
	return f, nil
}

// partField names the field of the ith part.
func partField(i int) string { return fmt.Sprintf("Part%d", i) }

// parse reads a file. Ages in it are counted back from now.
func (f *form) parse(data []byte, now time.Time) (*State, error) {
	file := reflect.New(f.fileType)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(file.Interface()); err != nil {
		where := f.position(data, err)
		if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			err = fmt.Errorf("json: unknown field %.20q", strings.Trim(field, `"`))
		}
		return nil, fmt.Errorf("%s%w", where, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%ssomething follows the state", lineColumn(data, d.InputOffset()))
	}
	wire.ResolveAges(file, now)
	if where := findNull(file.Elem(), ""); where != "" {
		return nil, fmt.Errorf("%s: null cannot stand for anything here", where)
	}
	s := f.state(file.Elem())
	return s, s.validate()
}

// state takes a file apart.
func (f *form) state(file reflect.Value) *State {
	s := &State{
		Account:     file.FieldByName(fieldAccount).String(),
		Caller:      file.FieldByName(fieldCaller).Interface().(wire.Caller),
		Drawn:       int(file.FieldByName(fieldDrawn).Int()),
		Workstation: file.FieldByName(fieldWorkstation).Interface().(WorkstationState),
		form:        f, parts: map[string]any{}, regions: map[string]map[string]any{},
	}
	regions := file.FieldByName(fieldRegions)
	for _, name := range regions.MapKeys() {
		s.regions[name.String()] = map[string]any{}
	}
	for i, part := range f.parts {
		if !part.Regional {
			s.parts[part.Key] = file.FieldByName(partField(i)).Addr().Interface()
			continue
		}
		for _, name := range regions.MapKeys() {
			region := regions.MapIndex(name).Elem()
			s.regions[name.String()][part.Key] = region.FieldByName(partField(i)).Addr().Interface()
		}
	}
	return s
}

// file puts a file together. What it points at belongs to the state.
func (f *form) file(s *State) reflect.Value {
	file := reflect.New(f.fileType).Elem()
	file.FieldByName(fieldAccount).SetString(s.Account)
	file.FieldByName(fieldCaller).Set(reflect.ValueOf(s.Caller))
	file.FieldByName(fieldDrawn).SetInt(int64(s.Drawn))
	file.FieldByName(fieldWorkstation).Set(reflect.ValueOf(s.Workstation))
	regions := file.FieldByName(fieldRegions)
	regions.Set(reflect.MakeMap(regions.Type()))
	for name, parts := range s.regions {
		region := reflect.New(regions.Type().Elem().Elem())
		f.fill(region.Elem(), parts)
		regions.SetMapIndex(reflect.ValueOf(name), region)
	}
	f.fill(file, s.parts)
	return file
}

// fill copies parts into their fields of a struct.
func (f *form) fill(into reflect.Value, parts map[string]any) {
	for i, part := range f.parts {
		if value := parts[part.Key]; value != nil {
			into.FieldByName(partField(i)).Set(reflect.ValueOf(value).Elem())
		}
	}
}

// position says where in a state file a decoding error is: "line 3, column 7: ", or "" when that is not known.
func (f *form) position(data []byte, err error) string {
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return lineColumn(data, syntax.Offset)
	case errors.As(err, &wrongType):
		if wrongType.Struct == "" { // the struct of a form has no name
			wrongType.Struct = "State"
		}
		wrongType.Value, _, _ = strings.Cut(wrongType.Value, " ") // the type of what is there, without a number's digits
		return lineColumn(data, wrongType.Offset)
	}
	w := walker{json.NewDecoder(bytes.NewReader(data))}
	if offset := w.value(f.fileType); offset > 0 {
		return lineColumn(data, offset)
	}
	return ""
}

// lineColumn turns an offset into text for people.
func lineColumn(data []byte, offset int64) string {
	before := data[:min(int(offset), len(data))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := len(before) - bytes.LastIndexByte(before, '\n') - 1
	return fmt.Sprintf("line %d, column %d: ", line, column)
}

// A walker finds the first field that a type does not have, which encoding/json names without saying where it is.
type walker struct{ *json.Decoder }

// value walks one value of the type t (nil is any) and returns the offset of the unknown field's name, or 0.
func (w walker) value(t reflect.Type) int64 {
	token, err := w.Token()
	if err != nil {
		return 0
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch token {
	case json.Delim('{'):
		return w.object(t)
	case json.Delim('['):
		var element reflect.Type
		if t != nil && t.Kind() == reflect.Slice {
			element = t.Elem()
		}
		for w.More() {
			if offset := w.value(element); offset > 0 {
				return offset
			}
		}
		_, _ = w.Token() // the closing bracket
	}
	return 0
}

func (w walker) object(t reflect.Type) int64 {
	for w.More() {
		key, err := w.Token()
		if err != nil {
			return 0
		}
		name := key.(string)
		member, known := memberType(t, name)
		if !known {
			return w.InputOffset() - int64(len(name)) - 1 // just behind its opening quote
		}
		if offset := w.value(member); offset > 0 {
			return offset
		}
	}
	_, _ = w.Token() // the closing brace
	return 0
}

// memberType is the type of an object's member, and whether the object may have it. Members of a type that is neither a
// struct nor a map are of any type.
func memberType(t reflect.Type, key string) (reflect.Type, bool) {
	switch {
	case t == nil:
		return nil, true
	case t.Kind() == reflect.Map:
		return t.Elem(), true
	case t.Kind() != reflect.Struct:
		return nil, true
	}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if strings.EqualFold(name, key) {
			return f.Type, true
		}
	}
	return nil, false
}

// findNull returns where in a state there is a null in a list or a map, such as
// "regions.us-east-1.ecr.repositories[0]"; "" if nowhere. JSON allows it, and the operations must not meet one.
func findNull(v reflect.Value, path string) string {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return findNull(v.Elem(), path)
		}
	case reflect.Slice:
		for i := range v.Len() {
			if found := findNullEntry(v.Index(i), fmt.Sprintf("%s[%d]", path, i)); found != "" {
				return found
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if found := findNullEntry(v.MapIndex(key), path+"."+key.String()); found != "" {
				return found
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			inside := strings.TrimPrefix(path+"."+name, ".")
			switch {
			case field.Anonymous && name == "":
				inside = path
			case name == "", name == "-":
				continue
			}
			if found := findNull(v.Field(i), inside); found != "" {
				return found
			}
		}
	default: // nothing else holds a list or a map
	}
	return ""
}

func findNullEntry(entry reflect.Value, path string) string {
	if entry.Kind() == reflect.Pointer && entry.IsNil() {
		return path
	}
	return findNull(entry, path)
}
