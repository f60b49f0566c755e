package reports

import "strings"

// Notice is something that every rendering of a report must say before anything else.
type Notice struct {
	// Label is one word in upper case.
	Label string
	Text  string
}

// Notices returns what must be said of this report: that it is not about a real account, that it is not the whole lab,
// that its terms were changed.
func (r *Report) Notices() []Notice {
	var n []Notice
	if label := r.Source.Label(); label != "" {
		n = append(n, Notice{label, sourceText(r.Source)})
	}
	if len(r.Run.Selected) > 0 {
		n = append(n, Notice{"NARROWED", "Only a part of the lab was graded: " + List(r.Run.Selected) + "."})
	}
	if r.Run.Interrupted {
		n = append(n, Notice{"INTERRUPTED", "The run was stopped. What was not looked at counts as open."})
	}
	if len(r.Run.Set) > 0 {
		n = append(n, Notice{"CHANGED", "Set for this run: " + strings.Join(r.Run.Set, ", ") + "."})
	}
	if own := r.Target.ProfileRegion; own != "" {
		n = append(n, Notice{"REGION", "The lab looks in " + r.Target.Region + "; the profile's own Region is " + own + "."})
	}
	return append(n, r.gateNotices()...)
}

func sourceText(s Source) string {
	switch s {
	case Sandbox:
		return "This is the practice account. It says nothing about a real one."
	case Facts:
		return "Recorded facts were graded again. Nothing was asked of AWS."
	default:
		return "Another endpoint than AWS's own was asked. This says nothing about a real account."
	}
}
