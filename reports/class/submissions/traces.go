package submissions

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// digest finds the digests of container images: only what was built once has the same one twice.
var digest = regexp.MustCompile(`sha256:[0-9a-f]{64}`)

// Traces are what only the account of one student could have said, each once: the ids of AWS's answers, the digests of
// images, the ids of what AWS made for the account, and the moments when things were made there.
func Traces(r *reports.Report) []string {
	set := map[string]bool{}
	for _, s := range r.Steps {
		for _, c := range s.Evidence {
			if c.RequestID != "" {
				set[class.RequestTrace+c.RequestID] = true
			}
		}
		for _, f := range s.Findings {
			for _, text := range []string{f.Subject, f.Found} {
				for _, d := range digest.FindAllString(text, -1) {
					set[class.ImageTrace+d] = true
				}
			}
		}
	}
	if r.Facts != nil {
		times := map[string]bool{}
		for _, f := range r.Facts.Facts {
			for _, c := range f.Calls {
				if c.RequestID != "" {
					set[class.RequestTrace+c.RequestID] = true
				}
			}
			eachText(f.Value, func(name, text string) {
				if trace := traceOf(text); trace != "" {
					set[trace] = true
				}
				if isCreation(name, text) {
					times[text] = true
				}
			})
		}
		// One moment is a coincidence in a room full of people; two of them in the same order are none.
		ordered := slices.Sorted(maps.Keys(times))
		for i := 1; i < len(ordered); i++ {
			set[class.TimesTrace+ordered[i-1]+" and "+ordered[i]] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// traceOf is the trace that a text of a fact leaves; "" for none.
func traceOf(text string) string {
	const uuid = 36
	switch {
	case strings.HasPrefix(text, "sha256:"):
		if digest.MatchString(text) {
			return class.ImageTrace + text
		}
	case strings.HasPrefix(text, "igw-"), strings.HasPrefix(text, "vpc-"):
		return class.ResourceTrace + text
	case strings.HasPrefix(text, "arn:") && strings.Contains(text, ":sns:") && strings.Count(text, ":") == 6 &&
		len(text)-strings.LastIndexByte(text, ':')-1 == uuid:
		return class.ResourceTrace + "subscription " + text[len(text)-uuid:] // whatever account the ARN names
	case strings.HasPrefix(text, "arn:") && (strings.Contains(text, ":sns:") || strings.Contains(text, ":alarm:")):
		return class.ResourceTrace + text
	}
	return ""
}

// isCreation says whether a member of a fact is the moment when something was made.
func isCreation(name, text string) bool {
	return (strings.HasPrefix(name, "created") || name == "pushedAt") && len(text) >= len(time.DateTime) && text[10] == 'T'
}

// madeTimes are when the newest thing that the facts name was made, and when the oldest image was pushed; zero for
// none.
func madeTimes(r *reports.Report) (newest, pushed time.Time) {
	if r.Facts == nil {
		return newest, pushed
	}
	for _, f := range r.Facts.Facts {
		eachText(f.Value, func(name, text string) {
			if !isCreation(name, text) {
				return
			}
			made, err := time.Parse(time.RFC3339, text)
			if err != nil {
				return
			}
			if made.After(newest) {
				newest = made
			}
			if name == "pushedAt" && (pushed.IsZero() || made.Before(pushed)) {
				pushed = made
			}
		})
	}
	return newest, pushed
}

// clockBehind is by how much the clock of the run was behind AWS's, as far as AWS told; negative where it was ahead.
func clockBehind(r *reports.Report) time.Duration {
	behind := time.Duration(0)
	note := func(calls []facts.Call) {
		for _, c := range calls {
			if c.Date != nil && c.Date.Sub(c.At).Abs() > behind.Abs() {
				behind = c.Date.Sub(c.At)
			}
		}
	}
	for _, s := range r.Steps {
		note(s.Evidence)
	}
	if r.Facts != nil {
		for _, f := range r.Facts.Facts {
			note(f.Calls)
		}
	}
	return behind
}

// eachText goes through the texts of a value in JSON, each with the text before it, which is its name where it has one.
// A text with an escape in it is passed over: no trace has one. It takes a tenth of the time of decoding.
func eachText(value []byte, do func(name, text string)) {
	name := ""
	for {
		begin := bytes.IndexByte(value, '"')
		if begin < 0 {
			return
		}
		value = value[begin+1:]
		end := bytes.IndexByte(value, '"')
		if end < 0 {
			return
		}
		if escape := bytes.IndexByte(value[:end], '\\'); escape >= 0 {
			value, name = afterText(value, escape), ""
			continue
		}
		text := string(value[:end])
		do(name, text)
		name, value = text, value[end+1:]
	}
}

// afterText is what follows a text that has an escape in it.
func afterText(value []byte, escape int) []byte {
	for i := escape; i < len(value); i++ {
		switch value[i] {
		case '\\':
			i++
		case '"':
			return value[i+1:]
		}
	}
	return nil
}
