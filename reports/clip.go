package reports

import "unicode/utf8"

// cutMark ends a text of which a part is left out.
const cutMark = " … (cut)"

// Clip is Clean for a place with a limit: of a text that is longer than limit bytes the end is left out, which is said.
// The limit must leave room for that.
func Clip(text string, limit int) string {
	// Blanks and marks become fewer, so more than the limit is looked at; a huge text is not looked at to its end.
	const reach = 4
	whole := len(text) <= reach*limit
	if !whole {
		text = text[:reach*limit]
	}
	text = Clean(text)
	if whole && len(text) <= limit {
		return text
	}
	end := min(limit-len(cutMark), len(text))
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + cutMark
}
