package checks_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
)

// QueueParams are what a lab can choose. Each has a json tag and a help tag.
type QueueParams struct {
	Queue string `json:"queue" help:"the name of the queue" need:"true"`
}

type queueKey struct {
	Region string `json:"region"`
	Name   string `json:"name"`
}

type queue struct {
	Exists    bool `json:"exists"`
	Encrypted bool `json:"encrypted,omitempty"`
}

// queues is the read of the check. A real one has a Fetch that asks AWS; see package account.
var queues = &facts.Read[queueKey, queue]{Name: "example.queue", Operations: []string{"sqs:GetQueueAttributes"}}

// QueueEncrypted passes when the queue encrypts its messages.
var QueueEncrypted = checks.New(checks.Spec[QueueParams]{
	ID:     "sqs-queue-encrypted",
	Title:  "The queue's messages are encrypted",
	Why:    "A message may hold what nobody else should read.",
	Verify: "aws sqs get-queue-attributes --queue-url URL --attribute-names SqsManagedSseEnabled",
	Reads:  []facts.Source{queues},
	Run:    queueEncrypted,
})

func queueEncrypted(v *facts.View, p QueueParams) (checks.Result, error) {
	region := v.Site().Region
	f := checks.Finding{
		Subject: "queue " + p.Queue, LookedAt: "SQS queues in " + region, Expected: "encryption is on",
	}
	answer, err := queues.Get(v, queueKey{region, p.Queue})
	switch {
	case err != nil:
		return checks.Of(f.Unknown(err)), nil // never a verdict about the student
	case answer.Encrypted:
		return checks.Of(f.Pass("encryption is on")), nil
	}
	return checks.Of(f.Fail("encryption is off")).WithFix(checks.Fix{
		Commands: []checks.Command{
			checks.Sh("aws", "sqs", "set-queue-attributes", "--queue-url", "URL", "--attributes", "SqsManagedSseEnabled=true"),
		},
		Console: "SQS › Queues › " + p.Queue + " › Encryption › Edit",
	}), nil
}

// A check is a value. A lab binds it to parameters, and a run asks it in a session; here the session has a literal fact
// in place of an account.
func ExampleNew() {
	bound, err := QueueEncrypted.Bind(map[string]json.RawMessage{"queue": json.RawMessage(`"orders"`)})
	if err != nil {
		fmt.Println(err)
		return
	}
	session := facts.NewSession(context.Background(), facts.Options{
		Given: []facts.Given{queues.Given(queueKey{"eu-west-1", "orders"}, queue{Exists: true})},
	})
	view := session.View(facts.Site{Region: "eu-west-1"}, QueueEncrypted.Reads, QueueEncrypted.Extra)
	result := bound.Run(view)
	fmt.Println(result.Verdict())
	for _, f := range result.Findings {
		fmt.Println(f.Subject + ": " + f.Found)
	}
	for _, c := range result.Fix.Commands {
		fmt.Println(c)
	}
	// Output:
	// fail
	// queue orders: encryption is off
	// aws sqs set-queue-attributes --queue-url URL --attributes SqsManagedSseEnabled=true
}
