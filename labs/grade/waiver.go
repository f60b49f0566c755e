package grade

// Waiver excuses one step in the gate of a pipeline until a day. It never changes a verdict or a grade.
type Waiver struct {
	Step string `json:"step"`
	// Account is the id of the account that it is for, or EveryAccount.
	Account string `json:"account"`
	Reason  string `json:"reason"`
	// Who decided it.
	Who string `json:"who"`
	// Until is the last day on which it counts, as YYYY-MM-DD in UTC.
	Until string `json:"until"`
	// State is what became of it in a run; "" before.
	State WaiverState `json:"state"`
	// Position is where it stands, as file:line.
	Position string `json:"at"`
}

// EveryAccount stands in a waiver that is for every account.
const EveryAccount = "*"

// WaiverState is what became of a waiver in a run.
type WaiverState string

// The states of waivers. A part of the lab (--only) says nothing of the waivers of the other steps.
const (
	WaiverApplied WaiverState = "applied" // it excuses a step that does not pass
	WaiverExpired WaiverState = "expired" // its day is over: it excuses nothing
	WaiverOpen    WaiverState = "open"    // its step could not be looked at: whether it is needed is not known
	WaiverUnused  WaiverState = "unused"  // its step passes, cannot apply or is not in the lab
)

// WaiverStates returns every state of a waiver.
func WaiverStates() []WaiverState {
	return []WaiverState{WaiverApplied, WaiverExpired, WaiverOpen, WaiverUnused}
}
