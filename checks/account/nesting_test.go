package account

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

// What takes the SDK's stack cannot be recovered from: it is refused before the SDK sees it.
func TestAnAnswerThatIsTooDeepOrTooWide(t *testing.T) {
	const many = 1 << 20
	wideJSON := `{"repositories": [{` + strings.TrimSuffix(strings.Repeat(`"x":1,`, many), ",") + `}]}`
	wideCBOR := "\xbf" + strings.Repeat("\x61x\x01", many) + "\xff"
	for name, test := range map[string]struct{ probe, mediaType, body string }{
		"deep JSON":                 {"json", "application/x-amz-json-1.1", strings.Repeat(`{"x":`, many)},
		"deep JSON in a list":       {"json", "application/x-amz-json-1.1", strings.Repeat("[", many)},
		"many members":              {"json", "application/x-amz-json-1.1", wideJSON},
		"deep CBOR":                 {"cbor", "application/cbor", strings.Repeat("\x81", many)},
		"deep CBOR that is passed":  {"cbor", "application/cbor", "\xa1\x61x" + strings.Repeat("\x81", many)},
		"many members in CBOR":      {"cbor", "application/cbor", wideCBOR},
		"a list longer than itself": {"cbor", "application/cbor", "\xa1\x61x\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"},
	} {
		for _, status := range []int{http.StatusOK, http.StatusBadRequest} {
			err := ask(t, answer(status, test.mediaType, test.body), probes()[test.probe])
			require.Error(t, err, name)
			require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason, "%s %v", name, err)
		}
	}
}

func TestAnAnswerOfAWSIsNeitherTooDeepNorTooWide(t *testing.T) {
	list := `{"a": [` + strings.TrimSuffix(strings.Repeat(`{"b": "]},,{[\\\""},`, 200_000), ",") + `]}`
	require.NoError(t, checkJSON([]byte(list)))
	require.NoError(t, checkJSON([]byte(strings.Repeat("[", maxNesting)+strings.Repeat("]", maxNesting))))
	require.NoError(t, checkJSON([]byte("]]]]}}}},,,,")), "what is no JSON is for the SDK to say")
}
