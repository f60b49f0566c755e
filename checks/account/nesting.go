package account

import (
	"bytes"
	"sync"

	"github.com/aws/smithy-go"
	"github.com/fxamacker/cbor/v2"
)

// The SDK's readers of JSON and CBOR call themselves for each level, and for each member that they pass over. An answer
// that is deep or wide enough takes their stack, which ends the process: nothing can recover from it. AWS's answers are
// a hundred times smaller.
const (
	maxNesting = 100
	maxMembers = 100_000 // of one object
)

// checkNesting refuses an answer that the SDK cannot be given. What else is wrong with it is for the SDK to say.
func checkNesting(body []byte) error {
	switch {
	case bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n\ufeff"), []byte("<")): // XML is read without that
		return nil
	case isCBOR(body):
		return checkCBOR(body)
	}
	return checkJSON(body)
}

// checkJSON follows the brackets and commas outside of texts.
func checkJSON(body []byte) error {
	members := make([]int, 1, maxNesting)
	inText, escaped := false, false
	for _, c := range body {
		switch {
		case inText:
			inText = escaped || c != '"'
			escaped = !escaped && c == '\\'
		case c == '"':
			inText = true
		case c == '{' || c == '[':
			if len(members) > maxNesting {
				return invalid("the answer has more than %d levels", maxNesting)
			}
			members = append(members, 0)
			if c == '[' {
				members[len(members)-1] = -len(body) // a list may be long
			}
		case (c == '}' || c == ']') && len(members) > 1:
			members = members[:len(members)-1]
		case c == ',':
			if members[len(members)-1]++; members[len(members)-1] > maxMembers {
				return invalid("the answer has an object with more than %d members", maxMembers)
			}
		}
	}
	return nil
}

var cborMode = sync.OnceValues(func() (cbor.DecMode, error) {
	return cbor.DecOptions{MaxNestedLevels: maxNesting, MaxMapPairs: maxMembers, MaxArrayElements: maxAnswer}.DecMode()
})

func checkCBOR(body []byte) error {
	mode, err := cborMode()
	if err != nil {
		return err
	}
	if err := mode.Wellformed(body); err != nil {
		return &smithy.DeserializationError{Err: err}
	}
	return nil
}
