package sandbox

// LogsState is defined by its service.
type LogsState struct{}
