package submissions

import (
	"bytes"
	"cmp"
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
		moments := map[string]bool{}
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
					moments[text] = true
				}
			})
		}
		// One moment is a coincidence in a room full of people; two of them in the same order are none.
		ordered := slices.Sorted(maps.Keys(moments))
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
	case strings.HasPrefix(text, "AKIA"), strings.HasPrefix(text, "ASIA"):
		if account := facts.AccountOfKey(text); account != "" {
			return class.KeyTrace + account
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

// times are what the facts say of when things were made; zero for none.
type times struct {
	newest    time.Time // whatever it is
	pushed    time.Time // the oldest image
	accessKey time.Time // the oldest access key of the caller
	// before says which image is older than the repository that holds it, which no account can have; "" for none.
	before string
}

// accessKeys is the read of the caller's own access keys.
const accessKeys = "iam.access-keys"

func madeTimes(r *reports.Report) (t times) {
	if r.Facts == nil {
		return t
	}
	earliest := func(of *time.Time, made time.Time) {
		if of.IsZero() || made.Before(*of) {
			*of = made
		}
	}
	repositories, images := map[string]time.Time{}, map[string]time.Time{}
	for _, f := range r.Facts.Facts {
		in := repositoryOf(f)
		eachText(f.Value, func(name, text string) {
			if !isCreation(name, text) {
				return
			}
			made, err := time.Parse(time.RFC3339, text)
			if err != nil {
				return
			}
			if made.After(t.newest) {
				t.newest = made
			}
			switch {
			case name == "pushedAt":
				earliest(&t.pushed, made)
				if oldest := images[in]; in != "" {
					earliest(&oldest, made)
					images[in] = oldest
				}
			case name == "createdAt" && in != "":
				repositories[in] = made
			case name == "created" && f.Read == accessKeys:
				earliest(&t.accessKey, made)
			}
		})
	}
	for _, in := range slices.Sorted(maps.Keys(images)) {
		if of, known := repositories[in]; known && of.Sub(images[in]) > clockSlack {
			t.before = "an image that was pushed on " + class.Moment(images[in]) + " into a repository that was made on " +
				class.Moment(of)
		}
	}
	return t
}

// repositoryOf is the repository of a Region that a fact is about, as its key has them; "" for another fact.
func repositoryOf(f facts.Fact) string {
	var region, repository string
	if bytes.Contains(f.Key, []byte(`"repository"`)) {
		eachText(f.Key, func(name, text string) {
			switch name {
			case "region":
				region = text
			case "repository":
				repository = text
			}
		})
	}
	return region + repository
}

// eachCall goes through all calls that a report names.
func eachCall(r *reports.Report, do func(facts.Call)) {
	for _, s := range r.Steps {
		for _, c := range s.Evidence {
			do(c)
		}
	}
	if r.Facts != nil {
		for _, f := range r.Facts.Facts {
			for _, c := range f.Calls {
				do(c)
			}
		}
	}
}

// clockBehind is by how much the clock of the run was behind AWS's, as far as AWS told; negative where it was ahead.
func clockBehind(r *reports.Report) time.Duration {
	behind := time.Duration(0)
	eachCall(r, func(c facts.Call) {
		if c.Date != nil && c.Date.Sub(c.At).Abs() > behind.Abs() {
			behind = c.Date.Sub(c.At)
		}
	})
	return behind
}

// issuer is who else than AWS's own issuers made the certificate of a server that answered; "" for nobody.
func issuer(r *reports.Report) string {
	found := ""
	eachCall(r, func(c facts.Call) { found = cmp.Or(found, c.Issuer) })
	return found
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
