package facts

import (
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// PanicPlace is where the panic began that the caller recovers from, as file:line. It is to be called by the deferred
// function itself: the stack still holds the place then.
func PanicPlace() string {
	const deepest = 64
	callers := make([]uintptr, deepest)
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers)])
	panicked := false
	for {
		frame, more := frames.Next()
		switch {
		case frame.Function == "runtime.gopanic":
			panicked = true
		case panicked && !strings.HasPrefix(frame.Function, "runtime."): // the runtime itself panics for a nil pointer
			return filepath.Base(frame.File) + ":" + strconv.Itoa(frame.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}
