package reports

import "github.com/labcheck/labcheck/checks/facts"

// Sentence says why nothing could be asked of the account.
func (p Problem) Sentence() string { return sentence(told(p.Detail, p.Reason)) }

// NextLead stands before what to type about a problem; "" if there is nothing.
func (p Problem) NextLead() string {
	switch len(p.Next) {
	case 0:
		return ""
	case 1:
		return "Try this:"
	default:
		return "Try this, the most likely first:"
	}
}

// told is the detail, which says most, or what is known from the reason alone.
func told(detail string, reason facts.Reason) string {
	if detail != "" {
		return detail
	}
	return wordsOf(reason).what
}

// reasonWords are what a person reads about a reason.
type reasonWords struct {
	what  string // one clause
	limit string // what follows from it
}

const (
	credentialsLimit = "This is a limit of the credentials, not a mistake."
	passingLimit     = "This is not a mistake, and it will pass. Run it again in a minute."
	notAMistake      = "This says nothing about the work."
)

var wordsOfReason = map[facts.Reason]reasonWords{
	facts.AccessDenied:        {"these credentials may not look", credentialsLimit},
	facts.NoCredentials:       {"no AWS credentials were found", credentialsLimit},
	facts.ExpiredCredentials:  {"the AWS credentials have expired", credentialsLimit},
	facts.RejectedCredentials: {"AWS does not accept these credentials", credentialsLimit},
	facts.ClockWrong:          {"the clock of this machine is wrong, and AWS refuses what it signs", notAMistake},
	facts.AccountNotActive:    {"the AWS account is not active", notAMistake},
	facts.NoRegion:            {"no Region is set", "Name one with --region."},
	facts.RegionDisabled:      {"the Region is not turned on in this account", notAMistake},
	facts.Throttled:           {"AWS asked for a slower pace, several times", passingLimit},
	facts.Timeout:             {"no answer in time", passingLimit},
	facts.Unreachable:         {"AWS could not be reached", "This is about the network, not about the work."},
	facts.NotYetConsistent:    {"AWS has not caught up", "This is not a mistake. Run it again after that."},
	facts.NotLooked:           {"not looked at", "It stays open until it is looked at."},
	facts.Unsupported:         {"labcheck cannot read this kind of thing", notAMistake},
	facts.InvalidResponse:     {"the answer could not be understood", notAMistake},
	facts.Interrupted:         {"the run was interrupted", "It stays open until it is looked at."},
	facts.InternalError:       {"labcheck made a mistake", "This is a fault of labcheck. Please report it."},
}

func wordsOf(reason facts.Reason) reasonWords {
	if w, ok := wordsOfReason[reason]; ok {
		return w
	}
	return reasonWords{"the reason is not known", notAMistake}
}
