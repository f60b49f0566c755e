package sandbox

import "fmt"

// A LogsState is what CloudWatch Logs holds in one Region.
type LogsState struct {
	Groups []*LogGroup `json:"groups,omitempty"`
}

// A LogGroup is one log group.
type LogGroup struct {
	Name    string `json:"name"`
	Created Time   `json:"created"`
	// RetentionInDays is nil when events never expire.
	RetentionInDays *int32 `json:"retentionInDays,omitempty"`
	// RetentionPolicy is the account's retention policy that rules the group, if one does.
	RetentionPolicy string `json:"retentionPolicy,omitempty"`
	StoredBytes     int64  `json:"storedBytes,omitempty"`
	Class           string `json:"class,omitempty"` // STANDARD when empty
}

// group finds a log group by its exact name.
func (s *LogsState) group(name string) (*LogGroup, bool) {
	for _, g := range s.Groups {
		if g.Name == name {
			return g, true
		}
	}
	return nil, false
}

// validate finds what would make the answers of CloudWatch Logs nonsense.
func (s *LogsState) validate() error {
	seen := map[string]bool{}
	for _, g := range s.Groups {
		switch {
		case !logGroupName.takes(g.Name):
			return fmt.Errorf("logs: %q is not a name for a log group", g.Name)
		case seen[g.Name]:
			return fmt.Errorf("logs: there are two log groups %q", g.Name)
		}
		seen[g.Name] = true
	}
	return nil
}
