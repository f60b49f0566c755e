package sandbox

// A State is everything that there is in one practice account and on the workstation that goes with it. It is what a state file holds.
// Use [Load] or [Parse] to make one: they check it and turn ages into times.
type State struct {
	// Account is the twelve-digit account number.
	Account string `json:"account"`
	// Caller is who the credentials handed out by [Account.Credentials] belong to.
	Caller Caller `json:"caller"`
	// Root is the account's root user.
	Root Root `json:"root"`
	// IAM holds the users, groups, roles and policies.
	IAM IAMState `json:"iam,omitzero"`
	// Budgets are the account's budgets.
	Budgets []*Budget `json:"budgets,omitempty"`
	// Regions holds what exists in each Region. A Region that is not named is as AWS makes it: empty but for a default VPC.
	Regions map[string]*Regional `json:"regions,omitempty"`
	// Workstation is the student's own machine.
	Workstation WorkstationState `json:"workstation,omitzero"`
}

// A Caller is a principal with credentials.
type Caller struct {
	ARN    string `json:"arn"`
	UserID string `json:"userId"`
	// The credentials are examples: the account compares only the access key id.
	AccessKeyID     string `json:"accessKeyId"`
	SecretAccessKey string `json:"secretAccessKey"`
	SessionToken    string `json:"sessionToken,omitempty"`
}

// A Regional is what exists in one Region.
type Regional struct {
	ECR    ECRState  `json:"ecr,omitzero"`
	Logs   LogsState `json:"logs,omitzero"`
	EC2    EC2State  `json:"ec2,omitzero"`
	Alarms []*Alarm  `json:"alarms,omitempty"`
	// MuteRules silence alarms for a while.
	MuteRules []*MuteRule `json:"muteRules,omitempty"`
	Topics    []*Topic    `json:"topics,omitempty"`
}

// regional returns the resources of a Region, which it makes on demand.
func (s *State) regional(region string) *Regional {
	if s.Regions == nil {
		s.Regions = map[string]*Regional{}
	}
	if s.Regions[region] == nil {
		s.Regions[region] = &Regional{}
	}
	return s.Regions[region]
}
