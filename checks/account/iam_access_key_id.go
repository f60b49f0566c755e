package account

import (
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
)

// shownOfKey is how much of an access key id is shown, in characters from its end: enough to tell two keys apart.
const shownOfKey = 4

// AccessKeyID is the id of an access key. It names a credential, so it leaves the program masked: in texts, reports and
// recordings it is "…" and its last four characters. Convert it with string() for an API call only.
type AccessKeyID string

// String implements fmt.Stringer with the masked id.
func (id AccessKeyID) String() string {
	runes := []rune(string(id))
	if len(runes) > shownOfKey {
		runes = runes[len(runes)-shownOfKey:]
	}
	return "…" + string(runes)
}

// GoString implements fmt.GoStringer with the masked id.
func (id AccessKeyID) GoString() string { return id.String() }

// MarshalText implements encoding.TextMarshaler with the masked id. Masking twice changes nothing, so a recorded id can
// be recorded again.
func (id AccessKeyID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler. It masks: a facts file that holds a whole id is not spread further.
func (id *AccessKeyID) UnmarshalText(text []byte) error {
	*id = AccessKeyID(AccessKeyID(text).String())
	return nil
}

// hideIn masks the id in the words of an error: IAM repeats what it was asked.
func (id AccessKeyID) hideIn(err error) error {
	e := *facts.AsError(err)
	e.Detail = strings.ReplaceAll(e.Detail, string(id), id.String())
	return &e
}
