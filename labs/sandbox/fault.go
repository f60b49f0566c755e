package sandbox

// A Fault makes requests go wrong.
type Fault struct{}
