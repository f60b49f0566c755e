// Package cmd is the command line: flags, wiring and exit codes. It joins the parts that know nothing of one another:
// the practice account hands out an HTTP transport and files, the doors to the account and to the workstation are opened
// with them, and a session leads the checks through the doors.
//
// It is importable, so that others build their own binary with their own checks:
//
//	func main() {
//		os.Exit(cmd.Main(cmd.System(), append(standard.Checks(), mine.Check)...))
//	}
package cmd
