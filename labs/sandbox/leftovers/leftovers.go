// Package leftovers is what is forgotten in an account and goes on costing: gateways, machines, databases and the like,
// in the practice account. It has many services of AWS, and of each only the lists that show such things and the
// operations that delete them.
//
// All of them work alike, and so there is one table of kinds (kinds.go). What is there stands in the state as AWS's
// answers have it, by its names on the wire, under the operation that lists it:
//
//	"regions": {"eu-west-1": {"left": {"ec2:DescribeVolumes": [{"volumeId": "vol-1", "status": "available"}]}}}
package leftovers

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Left is what there is in a Region, by the operation that lists it.
var Left = &wire.Part[Things]{Key: "left", Regional: true}

// Things are what the lists show, as they show it.
type Things map[string][]map[string]any

// Validate finds lists that no service has.
func (t *Things) Validate() error {
	for name := range *t {
		if !slices.ContainsFunc(kinds, func(k kind) bool { return k.key() == name }) && name != ecsList {
			return fmt.Errorf("there is no list %.60q", name)
		}
	}
	return nil
}

// A kind is a kind of things: how they are listed, and how one is deleted.
type kind struct {
	service string // the id of the service
	list    string // the operation that lists them
	// set is the name of the list in the answer, with that of its elements in XML where it is not the usual one; within
	// is that of a list inside of each element, in which the thing stands.
	set, within string
	id          string // the member that tells one from another
	// only is what the list shows of each, where that is not all: Names are the names alone, else the one member.
	only string
	// ask is a member of the list's input that names those that are wanted; "[]" behind it is a list.
	ask string
	// show describes one by the input member by, and puts what it says into as.
	show, as, by string
	// remove deletes those that the input member in names. becomes is a member that changes then, as MEMBER=VALUE; "" is
	// that the thing is gone.
	remove, in string
	becomes    string
	// also are further operations that change a member of one thing, as becomes does.
	also []change
}

// change is an operation that changes a member of one thing.
//
// by is the member that names the thing, where it is not the kind's id.
type change struct{ operation, in, becomes, by string }

// names in place of the one member that a list shows: it shows the names.
const names = "names"

func (k kind) key() string { return k.service + ":" + k.list }

// operations are those of all kinds of a service.
func operations(service string) []wire.Operation {
	var all []wire.Operation
	for _, k := range kinds {
		if k.service == service {
			all = append(all, k.operations()...)
		}
	}
	return all
}

func (k kind) operations() []wire.Operation {
	list := func(r *wire.Request, wanted []string) (map[string]any, error) { return k.listed(r, wanted), nil }
	all := []wire.Operation{operation(k.list, false, k.ask, list)}
	if k.show != "" {
		all = append(all, operation(k.show, false, k.by, func(r *wire.Request, wanted []string) (map[string]any, error) {
			for _, t := range (*Left.Of(r))[k.key()] {
				if slices.Contains(wanted, text(t, k.id)) {
					if k.as == "" {
						return t, nil
					}
					return map[string]any{k.as: t}, nil
				}
			}
			return nil, k.missing(wanted)
		}))
	}
	changes := k.also
	if k.remove != "" {
		changes = append([]change{{operation: k.remove, in: k.in, becomes: k.becomes}}, changes...)
	}
	for _, c := range changes {
		all = append(all, operation(c.operation, true, c.in, func(r *wire.Request, wanted []string) (map[string]any, error) {
			return map[string]any{"return": true}, k.change(r, c, wanted)
		}))
	}
	return all
}

// listed are the things of a list, all on one page.
func (k kind) listed(r *wire.Request, wanted []string) map[string]any {
	list := []any{}
	for _, t := range (*Left.Of(r))[k.key()] {
		switch {
		case len(wanted) > 0 && !slices.Contains(wanted, text(t, k.id)):
		case k.only == names:
			list = append(list, text(t, k.id))
		case k.only != "":
			list = append(list, map[string]any{k.only: t[k.only]})
		case k.within != "":
			list = append(list, map[string]any{k.within: []any{t}})
		default:
			list = append(list, t)
		}
	}
	return map[string]any{k.set: list}
}

// change does what an operation does to the things that it names.
func (k kind) change(r *wire.Request, c change, wanted []string) error {
	left := Left.Of(r)
	things := (*left)[k.key()]
	for _, name := range wanted {
		by := cmp.Or(c.by, k.id)
		i := slices.IndexFunc(things, func(t map[string]any) bool { return text(t, by) == name })
		if i < 0 {
			return k.missing(wanted)
		}
		if c.becomes == "" {
			things = slices.Delete(things, i, i+1)
			continue
		}
		for assignment := range strings.SplitSeq(c.becomes, ",") {
			assign(things[i], assignment)
		}
	}
	if *left == nil {
		*left = Things{}
	}
	(*left)[k.key()] = things
	return nil
}

// assign sets a member: "instanceState.name=terminated"; with nothing behind the sign it is taken away.
func assign(t map[string]any, assignment string) {
	path, value, _ := strings.Cut(assignment, "=")
	members := strings.Split(path, ".")
	for _, m := range members[:len(members)-1] {
		below, ok := t[m].(map[string]any)
		if !ok {
			below = map[string]any{}
			t[m] = below
		}
		t = below
	}
	last := members[len(members)-1]
	switch value {
	case "":
		delete(t, last)
	case "false":
		t[last] = false
	default:
		t[last] = value
	}
}

// missing is the error for a thing that is not there.
func (k kind) missing(wanted []string) error {
	return wire.Failf("ResourceNotFoundException", "there is no such thing: %.100s", strings.Join(wanted, ", "))
}

func text(t map[string]any, member string) string {
	s, _ := t[member].(string)
	return s
}

// operation makes an operation with an input of one member: a text, or with "[]" behind its name a list of texts.
// Whatever else a client sends is not looked at.
func operation(
	name string, changes bool, member string, run func(*wire.Request, []string) (map[string]any, error),
) wire.Operation {
	in := reflect.TypeFor[wire.None]()
	if member != "" {
		field := reflect.StructField{Name: "Names", Type: reflect.TypeFor[*string]()}
		of, isList := strings.CutSuffix(member, "[]")
		if isList {
			field.Type = reflect.TypeFor[[]string]()
		}
		if changes && !strings.Contains(of, ",") {
			of += ",required"
		}
		field.Tag = reflect.StructTag(`wire:"` + of + `"`)
		in = reflect.StructOf([]reflect.StructField{field})
	}
	return wire.Operation{
		Name: name, Changes: changes,
		NewInput: func() any { return reflect.New(in).Interface() },
		Run: func(r *wire.Request, input any) (any, error) {
			var wanted []string
			if member != "" {
				switch value := reflect.ValueOf(input).Elem().Field(0).Interface().(type) {
				case *string:
					if value != nil {
						wanted = []string{*value}
					}
				case []string:
					wanted = value
				}
			}
			answer, err := run(r, wanted)
			if err != nil {
				return nil, err
			}
			return wire.Tree(answer), nil
		},
	}
}
