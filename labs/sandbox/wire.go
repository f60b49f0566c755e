package sandbox

// Wire tags. The input and the output of an operation are structs; a field `wire:"repositoryName"` has that name on the wire, in every
// protocol that the service speaks. Fields without a tag are not on the wire.
//
// Types: string, bool, int32, int64, float64, time.Time, []byte, structs, pointers to these, slices, and map[string]T of these.
// A nil pointer, a nil slice, a nil map and a zero time.Time are absent; an empty slice is an empty list; other zero values are sent.
//
// Lists and maps are wrapped as the protocol does by default: Query "member" and "entry", EC2 "item" (in EC2 inputs lists are flat).
// EC2 inputs have the first letter in upper case, so that one tag "cidrBlock" serves both ways.
//
// Options after the name: "required" refuses a request without the field (the service's errorCodes.invalid); "flat" is a list without
// its wrapper.
