package cmd

import (
	"fmt"
	"io"
	"os"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// saveFacts writes what the session learned.
func (a *app) saveFacts(s *session.Session, path string) error {
	recording, err := s.Record()
	if err != nil {
		return err
	}
	return a.Write(path, func(w io.Writer) error { return recording.Write(w) })
}

// handOut is the report as it is handed out: with the facts, so that an instructor can grade it again when the lab or a
// check was wrong, and without what its owner did not choose to show. A replay learned nothing.
func (a *app) handOut(full *reports.Report, s *session.Session, o *runOptions) (*reports.Report, error) {
	if o.noFacts || o.source.recording != nil {
		return reports.Redact(full, o.view.maskAccount), nil
	}
	recording, err := s.Record()
	if err != nil {
		return nil, err
	}
	with := *full
	with.Facts = recording
	shown := reports.Redact(&with, o.view.maskAccount)
	data, err := jsonv1.Marshal(shown)
	if err != nil {
		return nil, err
	}
	if err := jsonv1.Fits(data); err != nil {
		shown.Facts = nil
		if !o.quiet {
			a.Tell("note: the report is without its facts, with which it could not be read again: " + err.Error())
		}
	}
	return shown, nil
}

// readRecording reads a file of facts.
func readRecording(path string) (*facts.Recording, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, files.ReadProblem(path, err)
	}
	defer func() { _ = f.Close() }()
	recording, err := facts.ReadRecording(f)
	if err != nil {
		return nil, failure.OfFile(fmt.Errorf("%s: %w", path, err))
	}
	return recording, nil
}
