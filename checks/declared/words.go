package declared

import (
	"cmp"
	"strings"
	"unicode/utf8"
)

// maxWords is how much of a value is shown, in characters.
const maxWords = 200

// clip shortens a text in the middle: names differ at their ends.
func clip(text string) string {
	if utf8.RuneCountInString(text) <= maxWords {
		return text
	}
	runes := []rune(text)
	return string(runes[:maxWords/2]) + "…" + string(runes[len(runes)-maxWords/2:])
}

// unnamed is what the result of a long expression is called.
const unnamed = "it"

// label is what the result of the expression is called: the member, or the expression, if it is short.
func (j *judgement) label() string {
	const longest = 45
	if j.that == nil || len(j.that.Text) > longest || j.that.Text == "@" {
		return unnamed
	}
	if text := j.that.Text; aPath.FindString("."+text) == "."+text {
		return text[strings.LastIndexByte(text, '.')+1:]
	}
	return j.that.Text
}

// saysValue says what was found.
func (j *judgement) saysValue(e *environment, value any) string {
	word, label := wordOf(value), j.label()
	otherwise := label + " is " + cmp.Or(clip(word), "empty")
	switch {
	case value == nil:
		otherwise = label + " is not there"
	case label == unnamed && word != "":
		otherwise = clip(word)
	}
	return j.says(e, word, otherwise)
}

// saysNull says what was found where null itself is compared.
func (j *judgement) saysNull(e *environment, value any) string {
	if value == nil {
		return j.saysValue(e, nil)
	}
	return j.label() + " is there" // nothing else is kept of it
}

// expected says what is expected.
func (j *judgement) expected(e *environment) string {
	if j.wanted.text != "" {
		return e.words(j.wanted)
	}
	if j.exists != nil {
		return "it is there"
	}
	if j.compare.literal == nil {
		if j.compare.operator == opNot {
			return j.label() + " is there"
		}
		return j.label() + " is not there"
	}
	value, err := j.compare.literal.fill(e)
	word := clip(wordOf(value))
	if err != nil {
		word = "what the check names"
	}
	if list, ok := value.([]any); ok && (j.compare.operator == opIn || j.compare.operator == opNotIn) {
		word = ""
		for i, v := range list {
			if i > 0 {
				word += ", "
			}
			word += wordOf(v)
		}
		word = clip(word)
	}
	if j.count != nil {
		return "there are " + map[string]string{opAtLeast: "at least ", opAtMost: "at most "}[j.compare.operator] + word
	}
	return j.label() + " " + map[string]string{
		opIs: "is ", opNot: "is not ", opIn: "is one of ", opNotIn: "is none of ",
		opContains: "holds ", opMatches: "is like ",
		opAtLeast: "is at least ", opAtMost: "is at most ", opNewerThan: "is newer than ", opOlderThan: "is older than ",
	}[j.compare.operator] + word
}
