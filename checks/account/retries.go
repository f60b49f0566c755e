package account

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"github.com/labcheck/labcheck/checks/facts"
)

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
