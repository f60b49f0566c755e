package sandbox

// ECRState is defined by its service.
type ECRState struct{}
