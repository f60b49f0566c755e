package markdown

import (
	"regexp"
	"strings"

	"github.com/labcheck/labcheck/reports"
)

// linked is what code hosts turn into a link or a mention of a person or an issue though no mark stands around it. They
// do so in the finished page, where escaping is gone, but they leave code alone.
var linked = regexp.MustCompile(`(?i)(?:@|://|www\.|[#!%$~&]\d+)+`)

// special turns the characters that Markdown and HTML give a meaning into ones without. References are text for every
// parser: none takes them for a mark of structure, not even between the cells of a table. Of the others Markdown
// itself says that a backslash makes them text.
var special = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", `\`, "&#92;", "`", "&#96;", "$", "&#36;",
	"*", `\*`, "_", `\_`, "~", `\~`, "[", `\[`, "]", `\]`, "#", `\#`,
)

// marker is what begins a list, a rule or a heading at the start of a line.
var marker = regexp.MustCompile(`^(\d{0,9})([-+=]|[.)](?: |$))`)

// text makes untrusted text safe within a line of Markdown, at its start and within a cell of a table.
func text(untrusted string) string {
	line := reports.Clean(untrusted)
	if !mayLink(line) {
		return marker.ReplaceAllString(special.Replace(line), `$1\$2`)
	}
	var b strings.Builder
	for {
		span := linked.FindStringIndex(line)
		if span == nil {
			b.WriteString(special.Replace(line))
			return marker.ReplaceAllString(b.String(), `$1\$2`)
		}
		b.WriteString(special.Replace(line[:span[0]]) + "`" + line[span[0]:span[1]] + "`")
		line = line[span[1]:]
	}
}

// mayLink says whether it is worth looking for what is linked: a report may have ten thousand lines, and nearly none of
// them has.
func mayLink(line string) bool {
	return strings.ContainsAny(line, "@#!%$~&") || strings.Contains(line, "://") ||
		strings.Contains(strings.ToLower(line), "www.")
}

// Text is the same for the other Markdown that this program writes.
func Text(untrusted string) string { return text(untrusted) }

// code shows an untrusted name as code where that is safe in every place, else as text.
func code(untrusted string) string {
	line := reports.Clean(untrusted)
	if line == "" || strings.ContainsAny(line, "`|\\") {
		return text(line)
	}
	return "`" + line + "`"
}

// fence shows lines as they are. They must not hold a line end.
func fence(language string, lines []string) string {
	marks := 3
	for _, line := range lines {
		marks = max(marks, longestRun(line, '`')+1)
	}
	var b strings.Builder
	b.WriteString(strings.Repeat("`", marks) + language + "\n")
	for _, line := range lines {
		if strings.HasPrefix(line, "<") {
			b.WriteByte(' ') // no line of ours but the last part's first begins a comment
		}
		b.WriteString(line + "\n")
	}
	b.WriteString(strings.Repeat("`", marks) + "\n")
	return b.String()
}

func longestRun(line string, mark rune) int {
	longest, run := 0, 0
	for _, r := range line {
		if run++; r != mark {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}
