package reports

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxMarks is how many combining marks may stand on one letter: more of them paint over the lines above and below.
const maxMarks = 4

// Clean makes one safe line of untrusted text, for a terminal and for every other output. Line ends and runs of blanks
// become one blank. What a person cannot see but a terminal or a browser obeys (escape sequences' first byte, marks
// that turn the direction of writing, characters without width) becomes "�", so that a name that only looks like
// another one does not look like it any more. Each format then escapes what has a meaning there.
func Clean(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	blank, marks := false, 0
	for _, r := range text {
		if isBlank(r) {
			blank = b.Len() > 0
			continue
		}
		if marks = nextMarks(marks, r); marks > maxMarks {
			continue
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		if Hidden(r) {
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Hidden says whether a person cannot see a character though a program may obey it.
func Hidden(r rune) bool {
	return !plain(r) && (!unicode.IsGraphic(r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) ||
		unicode.Is(unicode.Variation_Selector, r) || (isBlank(r) && r != ' '))
}

// plain says whether a character is one of ASCII that prints. Most are, and Unicode's tables take long to say so.
func plain(r rune) bool { return '!' <= r && r <= '~' }

func isBlank(r rune) bool { return !plain(r) && (unicode.IsSpace(r) || unicode.Is(unicode.Z, r)) }

func nextMarks(marks int, r rune) int {
	if !plain(r) && unicode.Is(unicode.M, r) {
		return marks + 1
	}
	return 0
}

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

// Cell makes untrusted text safe for a cell of a spreadsheet: one line that no program takes for a formula. A text that
// begins like one gets an apostrophe before it, as OWASP advises.
func Cell(untrusted string) string {
	text := Clean(untrusted)
	if BeginsFormula(text) {
		return "'" + text
	}
	return text
}

// BeginsFormula says whether some spreadsheet takes a clean text for a formula. Those of East Asia also take the
// full-width and the small form of a sign, such as ＝, for the sign.
func BeginsFormula(text string) bool {
	_, size := utf8.DecodeRuneInString(text)
	return strings.ContainsAny(norm.NFKC.String(text[:size]), "=+-@")
}
