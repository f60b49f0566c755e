package cmd

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// onTerminal runs a program with the streams of this process. What the terminal sends is the program's affair: Ctrl-C
// reaches both, and must not end the one that the other depends on.
func onTerminal(argv, environ []string) (int, error) {
	program := exec.Command(argv[0], argv[1:]...)
	program.Env, program.Stdin, program.Stdout, program.Stderr = environ, os.Stdin, os.Stdout, os.Stderr
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	if err := program.Start(); err != nil {
		return 0, fmt.Errorf("%s does not start: %w", argv[0], err)
	}
	ended := make(chan error, 1)
	go func() { ended <- program.Wait() }()
	for {
		select {
		case s := <-signals:
			if s != os.Interrupt && program.Process.Signal(syscall.SIGHUP) != nil {
				_ = program.Process.Kill() // Windows has no other way; one that has ended needs none
			}
		case err := <-ended:
			return codeOfEnd(program.ProcessState, err)
		}
	}
}

// codeOfEnd is the exit code of a program that has ended, as a shell counts it.
func codeOfEnd(state *os.ProcessState, err error) (int, error) {
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return 0, err
	}
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return state.ExitCode(), nil
}
