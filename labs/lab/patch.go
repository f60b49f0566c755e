package lab

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	jsonpatch "github.com/evanphx/json-patch/v5"

	"github.com/labcheck/labcheck/checks/nearest"
)

// A Patch changes a practice account, one operation after the other: a JSON Patch (RFC 6902) written in YAML. Beside
// the operations of the RFC there is replace-text, which changes a part of a text.
type Patch []Operation

// Operation is one change. Places are JSON Pointers (RFC 6901); "-" at the end of one is behind the last item of a
// list.
type Operation struct {
	At    Pos
	Op    string `yaml:"op" need:"true"` // see operations
	Path  string `yaml:"path" need:"true"`
	From  string `yaml:"from"`
	Value JSON   `yaml:"value"`
	// Old is the part of a text that replace-text replaces, everywhere in the text, by New. Not to find it is an error.
	Old string `yaml:"old"`
	New string `yaml:"new"`
}

const replaceText = "replace-text"

// operations are the names of the operations, with what each needs beside the path.
func operations() map[string]string {
	return map[string]string{
		"add": "value", "replace": "value", "test": "value", "remove": "", "move": "from", "copy": "from", replaceText: "old",
	}
}

// patch holds the operations of a patch to the rules. Its places may begin with the name of another place, as $name.
func (d *decoder) patch(p Patch, places map[string]string) {
	known := operations()
	for i := range p {
		o := &p[i]
		needs, ok := known[o.Op]
		switch {
		case o.Op == "":
		case !ok:
			d.At(o.At, "there is no operation %q%s", o.Op, nearest.DidYouMean(o.Op, keysOf(known)))
		case needs == "value" && o.Value.Raw == nil, needs == "from" && o.From == "", needs == "old" && o.Old == "":
			d.At(o.At, "the operation %s needs the key %q", o.Op, needs)
		}
		for _, place := range []*string{&o.Path, &o.From} {
			d.place(o.At, place, places)
		}
	}
}

// place puts the place that a name stands for in front of the rest.
func (d *decoder) place(at Pos, place *string, places map[string]string) {
	name, rest, deeper := strings.Cut(*place, "/")
	switch {
	case name == "":
	case !strings.HasPrefix(name, "$"):
		d.At(at, "the place %q must begin with a slash, or with the $name of a place", *place)
	default:
		begin, ok := places[name[1:]]
		if !ok {
			d.At(at, "there is no place %q%s", name[1:], nearest.DidYouMean(name[1:], keysOf(places)))
		}
		if *place = begin; deeper {
			*place = begin + "/" + rest
		}
	}
}

// Apply changes a JSON document. The error says which operation could not be made.
func (p Patch) Apply(document []byte) ([]byte, error) {
	for _, o := range p {
		changed, err := o.apply(document)
		if err != nil {
			return nil, fmt.Errorf("line %d: %s %s: %w", o.At.Line, o.Op, o.Path, err)
		}
		document = changed
	}
	return document, nil
}

func (o Operation) apply(document []byte) ([]byte, error) {
	op, value := o.Op, o.Value.Raw
	if op == replaceText {
		text, err := textAt(document, o.Path)
		if err != nil {
			return nil, err
		}
		if !strings.Contains(text, o.Old) {
			return nil, fmt.Errorf("there is no %q in %q", o.Old, text)
		}
		if value, err = json.Marshal(strings.ReplaceAll(text, o.Old, o.New)); err != nil {
			return nil, err
		}
		op = "replace"
	}
	fields := map[string]any{"op": op, "path": o.Path}
	if o.From != "" {
		fields["from"] = o.From
	}
	if value != nil {
		fields["value"] = value
	}
	written, err := json.Marshal([]any{fields})
	if err != nil {
		return nil, err
	}
	patch, err := jsonpatch.DecodePatch(written)
	if err != nil {
		return nil, err
	}
	options := jsonpatch.NewApplyOptions()
	options.SupportNegativeIndices, options.EscapeHTML = false, false
	return patch.ApplyWithOptions(document, options)
}

// textAt is the text at a place of a JSON document.
func textAt(document []byte, place string) (string, error) {
	value, err := valueAt(document, place)
	if err != nil {
		return "", err
	}
	text, ok := value.(string)
	if !ok {
		return "", errors.New("there is no text")
	}
	return text, nil
}

// valueAt is what is at a place of a JSON document. Its numbers are as they are written.
func valueAt(document []byte, place string) (any, error) {
	var at any
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	if err := d.Decode(&at); err != nil {
		return nil, err
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for _, name := range strings.Split(place, "/")[1:] {
		switch inner := at.(type) {
		case map[string]any:
			at = inner[unescape.Replace(name)]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(inner) {
				return nil, fmt.Errorf("there is no item %s", name)
			}
			at = inner[i]
		default:
			return nil, fmt.Errorf("there is no %s", name)
		}
	}
	return at, nil
}

func keysOf[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
