package sandbox

// Nothing runs in the practice account, so that nothing writes to its log groups: their streams and events are empty lists.

// A logEventsInput names a group in one of the two ways that the API has.
type logEventsInput struct {
	Name       *string `wire:"logGroupName"`
	Identifier *string `wire:"logGroupIdentifier"` // a name or an ARN
}

// check fails unless the group is there.
func (in *logEventsInput) check(r *request) error {
	switch {
	case (in.Name == nil) == (in.Identifier == nil):
		return failf("InvalidParameterException", "Exactly one of logGroupName and logGroupIdentifier must be specified.")
	case in.Name == nil:
		in.Name = in.Identifier
		for _, group := range r.regional().Logs.Groups {
			if group.arn(r) == *in.Identifier {
				in.Name = &group.Name
			}
		}
	}
	_, err := r.logGroup(*in.Name)
	return err
}

type describeLogStreamsOutput struct {
	Streams []none `wire:"logStreams"`
}

func describeLogStreams(r *request, in *logEventsInput) (*describeLogStreamsOutput, error) {
	return &describeLogStreamsOutput{Streams: []none{}}, in.check(r)
}

type filterLogEventsOutput struct {
	Events   []none `wire:"events"`
	Searched []none `wire:"searchedLogStreams"`
}

// filterLogEvents is what `aws logs tail` asks.
func filterLogEvents(r *request, in *logEventsInput) (*filterLogEventsOutput, error) {
	return &filterLogEventsOutput{Events: []none{}, Searched: []none{}}, in.check(r)
}
