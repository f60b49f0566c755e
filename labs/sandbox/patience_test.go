package sandbox

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// connection is that of a client, as far as it has a deadline.
type connection struct {
	*httptest.ResponseRecorder
	deadline time.Time
}

// SetReadDeadline is what http.ResponseController asks for.
func (c *connection) SetReadDeadline(at time.Time) error {
	c.deadline = at
	return nil
}

// A client that sends a layer may be slow, but not for ever, and not by a byte now and then.
func TestPatienceWithLayers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		w := &connection{ResponseRecorder: httptest.NewRecorder()}
		req := httptest.NewRequest(http.MethodPatch, "/v2/", strings.NewReader(strings.Repeat("x", 100)))
		patientBody(w, req)
		last := begun
		for n := 0; n < 60; n++ {
			_, err := io.ReadFull(req.Body, make([]byte, 1))
			require.NoError(t, err)
			require.LessOrEqual(t, time.Until(w.deadline), betweenParts)
			require.False(t, w.deadline.After(begun.Add(wholeLayer)))
			require.False(t, w.deadline.Before(last))
			last = w.deadline
			<-time.After(20 * time.Second)
		}
		require.Equal(t, begun.Add(wholeLayer), w.deadline)
	})
}
