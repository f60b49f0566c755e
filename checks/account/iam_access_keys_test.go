package account

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

func TestAccessKeyIDIsMasked(t *testing.T) {
	const whole = "AKIAIOSFODNN7EXAMPLE"
	id := AccessKeyID(whole)
	for _, verb := range []string{"%s", "%v", "%+v", "%#v", "%q"} {
		require.NotContains(t, fmt.Sprintf(verb, id), whole, verb)
		require.NotContains(t, fmt.Sprintf(verb, AccessKey{ID: id}), whole, verb)
	}
	require.Equal(t, "…MPLE", id.String())
	require.Equal(t, "…abc", AccessKeyID("abc").String())

	recorded, err := json.Marshal(LastUsedKey{ID: id})
	require.NoError(t, err)
	require.JSONEq(t, `{"id": "…MPLE"}`, string(recorded))
	var again LastUsedKey
	require.NoError(t, json.Unmarshal(recorded, &again))
	twice, err := json.Marshal(again)
	require.NoError(t, err)
	require.Equal(t, string(recorded), string(twice), "a recording of a recording is the same")

	require.NoError(t, json.Unmarshal([]byte(`{"id": "`+whole+`"}`), &again))
	require.Equal(t, AccessKeyID("…MPLE"), again.ID, "a whole id in a facts file is not spread further")
}

func TestAnErrorAboutAnAccessKeyIsMasked(t *testing.T) {
	const whole = "AKIAI44QH8DHBEXAMPLE"
	v := openTest(t, answer(404, xmlType, `<ErrorResponse><Error><Code>NoSuchEntity</Code>`+
		`<Message>The user with access key `+whole+` cannot be found.</Message></Error></ErrorResponse>`), AccessKeyLastUsed)
	_, err := AccessKeyLastUsed.Get(v, LastUsedKey{whole})
	require.Equal(t, "AWS answered NoSuchEntity: The user with access key …MPLE cannot be found.",
		facts.AsError(err).Detail)
}
