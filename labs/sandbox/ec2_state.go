package sandbox

// EC2State is defined by its service.
type EC2State struct{}
