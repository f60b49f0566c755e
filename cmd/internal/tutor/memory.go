// Package tutor is what labcheck next and labcheck watch have in common: the one task that a person works at, and how
// many of its hints and which drills they have taken.
package tutor

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/labcheck/labcheck/cmd/internal/files"
)

// Memory is how many rungs of each ladder of hints somebody has taken. It is kept in the state folder of the system, so
// that the next call goes on; without one, it lasts as long as the program.
type Memory struct {
	system files.System
	path   string // "" where the system names no folder
	kept   kept
}

// kept is the file of a Memory.
type kept struct {
	// Lab is the lab that was asked for last.
	Lab string `json:"lab"`
	// Rungs are the rungs taken, by lab and step.
	Rungs map[string]map[string]int `json:"rungs"`
	// Drills are those that were begun of a lab, since the last time that all were.
	Drills map[string][]string `json:"drills,omitempty"`
}

// largestMemory is the largest file of a Memory that is read, in bytes.
const largestMemory = 1 << 20

// Recall reads what is remembered. A file that is missing or cannot be read is nothing: hints begin at the first one.
func Recall(system files.System, getenv func(string) string, goos string) *Memory {
	m := &Memory{system: system, path: memoryPath(getenv, goos)}
	if m.path != "" {
		if data, err := files.Read(m.path, largestMemory); err == nil && json.Unmarshal(data, &m.kept) != nil {
			m.kept = kept{}
		}
	}
	return m
}

// memoryPath is the place for what programs remember of a person that is no setting.
// https://specifications.freedesktop.org/basedir-spec/latest/
func memoryPath(getenv func(string) string, goos string) string {
	folder := getenv("XDG_STATE_HOME")
	switch home := cmp.Or(getenv("HOME"), getenv("USERPROFILE")); {
	case filepath.IsAbs(folder):
	case goos == "windows" && getenv("LOCALAPPDATA") != "":
		folder = getenv("LOCALAPPDATA")
	case filepath.IsAbs(home):
		folder = filepath.Join(home, ".local", "state")
	default:
		return ""
	}
	return filepath.Join(folder, "labcheck", "hints.json")
}

// Path is the file; "" where nothing is kept.
func (m *Memory) Path() string { return m.path }

// Lab is the lab that was asked for last; "" for none.
func (m *Memory) Lab() string { return m.kept.Lab }

// Rungs is how many of so many hints of a step are shown: the first one in any case.
func (m *Memory) Rungs(lab, step string, hints int) int {
	return min(max(1, m.kept.Rungs[lab][step]), hints)
}

// Take shows one hint more of a step that has so many.
func (m *Memory) Take(lab, step string, hints int) {
	rungs := maps.Clone(m.kept.Rungs[lab])
	if rungs == nil {
		rungs = map[string]int{}
	}
	rungs[step] = min(m.Rungs(lab, step, hints)+1, hints)
	if m.kept.Rungs == nil {
		m.kept.Rungs = map[string]map[string]int{}
	}
	m.kept.Rungs[lab] = rungs
}

// Keep writes what is remembered, with the lab that was asked for.
func (m *Memory) Keep(lab string) error {
	m.kept.Lab = lab
	if m.path == "" {
		return fmt.Errorf("the hints taken are not remembered: neither XDG_STATE_HOME nor HOME names a folder")
	}
	if err := os.MkdirAll(filepath.Dir(m.path), 0o700); err != nil {
		return fmt.Errorf("the hints taken are not remembered: %w", err)
	}
	err := files.WritePrivate(m.system, m.path, func(w io.Writer) error { return json.NewEncoder(w).Encode(m.kept) })
	if err != nil {
		return fmt.Errorf("the hints taken are not remembered: %w", err)
	}
	return nil
}

// DrillsLeft are the drills that somebody has not had yet; all of them where they had all.
func (m *Memory) DrillsLeft(lab string, all []string) []string {
	left := slices.DeleteFunc(slices.Clone(all), func(d string) bool { return slices.Contains(m.kept.Drills[lab], d) })
	if len(left) == 0 {
		delete(m.kept.Drills, lab)
		return all
	}
	return left
}

// TakeDrill notes that a drill was begun.
func (m *Memory) TakeDrill(lab, step string) {
	if m.kept.Drills == nil {
		m.kept.Drills = map[string][]string{}
	}
	m.kept.Drills[lab] = append(m.kept.Drills[lab], step)
}
