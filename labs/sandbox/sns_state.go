package sandbox

// A Topic is an SNS topic.
type Topic struct {
	Name          string          `json:"name"`
	Subscriptions []*Subscription `json:"subscriptions,omitempty"`
}

// A Subscription sends a topic's messages somewhere.
type Subscription struct {
	// ID is the last part of the subscription's ARN, a UUID.
	ID       string `json:"id"`
	Protocol string `json:"protocol"` // such as email
	Endpoint string `json:"endpoint"` // such as an address
	// Pending reports whether the owner of the endpoint has yet to confirm.
	Pending bool `json:"pending,omitempty"`
}
