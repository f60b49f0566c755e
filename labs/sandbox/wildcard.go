package sandbox

import (
	"regexp"
	"strings"
)

// wildcard says whether the whole of text matches pattern, in which * stands for any characters and ? for one.
func wildcard(pattern, text string) bool {
	expression := regexp.QuoteMeta(pattern)
	expression = strings.ReplaceAll(expression, `\*`, `.*`)
	expression = strings.ReplaceAll(expression, `\?`, `.`)
	return regexp.MustCompile(`(?s)^` + expression + `$`).MatchString(text)
}
