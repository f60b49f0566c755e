package sandbox

// A State is everything that there is in one practice account and on the workstation that goes with it. It is what a state file holds.
// Use [Parse] to make one: it checks it and turns ages into times.
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
	// Sessions are the temporary credentials of those who assumed a role.
	Sessions []*Session `json:"sessions,omitempty"`
	// Drawn counts the unique ids that the account has given away.
	Drawn int `json:"drawn,omitempty"`
	// Workstation is the student's own machine.
	Workstation WorkstationState `json:"workstation,omitzero"`
}

// A Caller is a principal with credentials.
type Caller struct {
	ARN    string `json:"arn"`
	UserID string `json:"userId"`
	// The credentials open nothing but this practice account.
	AccessKeyID     string `json:"accessKeyId"`
	SecretAccessKey string `json:"secretAccessKey"`
	SessionToken    string `json:"sessionToken,omitempty"`
	// Revoked reports whether the access key has been deleted.
	Revoked bool `json:"revoked,omitempty"`
}

// A Session is somebody who assumed a role, for a while.
type Session struct {
	Caller
	Expires Time `json:"expires"`
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
