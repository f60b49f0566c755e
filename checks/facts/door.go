package facts

import "reflect"

// Access leads from a read to the doors that the session was opened with.
type Access struct {
	doors map[reflect.Type]Door
}

// Door is a way out of the program, or the reason why it is closed.
type Door struct {
	kind   reflect.Type
	door   any
	closed error
}

// Open makes a door for a session. Reads find it by its type.
func Open[D any](door D) Door { return Door{kind: reflect.TypeFor[D](), door: door} }

// Closed makes a door of type D that answers every read with err.
func Closed[D any](err error) Door { return Door{kind: reflect.TypeFor[D](), closed: err} }

// Through returns the door of type D. Without one the error's reason is not_looked.
func Through[D any](a *Access) (D, error) {
	var zero D
	d, ok := a.doors[reflect.TypeFor[D]()]
	switch {
	case !ok:
		return zero, Errorf(NotLooked, "this run does not look there")
	case d.closed != nil:
		return zero, AsError(d.closed)
	}
	return d.door.(D), nil
}

func newAccess(doors []Door) *Access {
	a := &Access{doors: make(map[reflect.Type]Door, len(doors))}
	for _, d := range doors {
		a.doors[d.kind] = d
	}
	return a
}
