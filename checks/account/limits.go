package account

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go/middleware"

	"github.com/labcheck/labcheck/checks/facts"
)

// limits bound what a run asks and how long it waits.
type limits struct {
	call     time.Duration // for a call with its retries, the waiting for a slot included
	attempt  time.Duration // for one HTTP request, from the moment it has a slot to the last byte of its answer
	requests int           // at a time, to one service
}

func standardLimits() limits {
	return limits{call: 20 * time.Second, attempt: 5 * time.Second, requests: 8}
}

// slots are the places for requests to the services of an account at the same time.
type slots struct {
	mu        sync.Mutex
	byService map[string]chan struct{}
}

func (s *slots) forService(service string, n int) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byService == nil {
		s.byService = map[string]chan struct{}{}
	}
	if s.byService[service] == nil {
		s.byService[service] = make(chan struct{}, n)
	}
	return s.byService[service]
}

// call is what is known of a call under way, besides its context.
type call struct {
	region string
	last   error    // of the latest attempt
	sent   []string // credentials that an answer could repeat
	xml    []byte   // the latest good answer, if it is XML

	reckoned int // bytes of memory for the answers so far
}

type callKey struct{}

// callOf returns the call under way. Its attempts come one after the other, so it needs no lock.
func callOf(ctx context.Context) *call {
	if c, ok := middleware.GetStackValue(ctx, callKey{}).(*call); ok {
		return c
	}
	return &call{}
}

// errCallTimeout is the cause of the context's end when a call takes too long.
var errCallTimeout = errors.New("the call took too long")

// limitCall gives a call its time.
func (d *Door) limitCall(
	ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
) (middleware.InitializeOutput, middleware.Metadata, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, d.limits.call, errCallTimeout)
	defer cancel()
	out, metadata, err := next.HandleInitialize(ctx, in)
	if err != nil && errors.Is(context.Cause(ctx), errCallTimeout) {
		err = &callTimeout{limit: d.limits.call, last: callOf(ctx).last}
	}
	return out, metadata, err
}

// callTimeout ends a call. Its last attempt may have had a better reason to fail.
type callTimeout struct {
	limit time.Duration
	last  error
}

func (e *callTimeout) Error() string { return fmt.Sprintf("no answer within %s", e.limit) }

// noteAttempt keeps where an attempt was made and how it ended: when the call runs out of time between two attempts,
// that is the reason.
func noteAttempt(
	ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
) (middleware.FinalizeOutput, middleware.Metadata, error) {
	c := callOf(ctx)
	c.region = awsmiddleware.GetRegion(ctx) // some clients know it only inside of Initialize
	out, metadata, err := next.HandleFinalize(ctx, in)
	if ctx.Err() == nil {
		c.last = err
	}
	return out, metadata, err
}

// limitAttempt lets one attempt through when there is a slot for it, and gives it its time from then on.
func (d *Door) limitAttempt(
	ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
) (middleware.DeserializeOutput, middleware.Metadata, error) {
	slot := d.slots.Load().forService(middleware.GetServiceID(ctx), d.limits.requests)
	select {
	case slot <- struct{}{}:
		defer func() { <-slot }()
	case <-ctx.Done():
		return middleware.DeserializeOutput{}, middleware.Metadata{}, ctx.Err()
	}
	attempt, cancel := context.WithTimeout(ctx, d.limits.attempt)
	defer cancel()
	out, metadata, err := next.HandleDeserialize(attempt, in)
	if err != nil && attempt.Err() != nil && hasTime(ctx) {
		err = &attemptTimeout{limit: d.limits.attempt}
	}
	return out, metadata, err
}

// hasTime says whether a call has time left for another attempt. Where it has not, its context has ended: the end of an
// attempt and that of its call may be the same moment.
func hasTime(ctx context.Context) bool {
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		<-ctx.Done()
	}
	return ctx.Err() == nil
}

// attemptTimeout says that one attempt got no answer in time. The SDK never retries a cancelled context; this it does.
type attemptTimeout struct{ limit time.Duration }

func (e *attemptTimeout) Error() string        { return fmt.Sprintf("no answer within %s", e.limit) }
func (e *attemptTimeout) Timeout() bool        { return true }
func (e *attemptTimeout) RetryableError() bool { return true }

// maxAttempts is how often a request is sent in all, whatever AWS_MAX_ATTEMPTS and AWS_RETRY_MODE say: runs must be
// alike.
const maxAttempts = 5

// maxBackoff is the longest pause between two attempts: with the SDK's own 20 s the last attempts of a throttled call
// would come after the call's deadline.
const maxBackoff = 4 * time.Second

// offlinePause is the pause after an attempt that did not get through, as long as nothing has: most likely there is no
// network, and a person waits.
const offlinePause = 150 * time.Millisecond

// newRetryer is the SDK's standard one with the limits above. backoff takes the place of its pauses; nil leaves them.
func (d *Door) newRetryer(backoff func(attempts int) time.Duration) aws.Retryer {
	standard := retry.NewExponentialJitterBackoff(maxBackoff)
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = maxAttempts
		o.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(retryAnswer)}, o.Retryables...)
		o.Backoff = retry.BackoffDelayerFunc(func(attempts int, err error) (time.Duration, error) {
			switch {
			case backoff != nil:
				return backoff(attempts), nil
			case !d.answered.Load() && isUnreachable(err):
				return offlinePause, nil
			}
			return standard.BackoffDelay(attempts, err)
		})
	})
}

func isUnreachable(err error) bool {
	reason, _ := explainNetwork(err)
	return reason == facts.Unreachable
}
