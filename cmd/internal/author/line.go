package author

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-shellwords"

	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/nearest"
)

// A Line is a command line of the AWS CLI that somebody pasted, understood: what is asked, and what of the answer is
// shown.
type Line struct {
	Operation *api.Operation
	Input     map[string]any // as encoding/json decodes it, and right by AWS's models
	Query     string
	// Region and Profile are those of the line. A check has neither: they are of the one look at the author's account.
	Region, Profile string
	// Notes say what of the line a check does not need.
	Notes []string
}

// maxLine bounds what is pasted, in bytes.
const maxLine = 16 << 10

var (
	// prompt is what a shell prints before a line, which gets copied with it.
	prompt = regexp.MustCompile(`^[^'"]*?[$#%>❯➜»]\s+((?:[A-Z_]+=\S+\s+)*aws\s)`)
	// continued is the end of a line that goes on: in POSIX's shells, PowerShell and cmd.
	continued = regexp.MustCompile("[ \t]*[\\\\`^][ \t]*\n(?:>+[ \t]+)?[ \t]*")
	// whoAsked is the account's id, as people put it into a line.
	whoAsked = regexp.MustCompile("\\$\\(aws sts get-caller-identity[^)]*\\)|`aws sts get-caller-identity[^`]*`")
	// hole is a value that stands for another: $BUCKET, ${BUCKET}, %BUCKET% or <bucket-name>.
	hole = regexp.MustCompile(`^(?:\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)\}|%([A-Za-z_]\w*)%|<([A-Za-z][\w -]*)>)$`)
	// aHole is a hole in angle brackets, which a shell takes for files.
	aHole = regexp.MustCompile(`(^|[\s=,"'])(<[A-Za-z][\w -]*>)`)
)

// typographic are the signs that word processors and chat programs put in the place of what was typed.
var typographic = strings.NewReplacer("‘", "'", "’", "'", "‚", "'", "“", `"`, "”", `"`, "„", `"`,
	"\u00a0", " ",
	"\u202f", " ", "\u200b", "", "\ufeff", "", "\r\n", "\n", "\r", "\n")

// aDash is an option whose dashes a word processor made one.
var aDash = regexp.MustCompile(`(^|\s)[–—]-?([a-z])`)

// leftOut are the options that say how the AWS CLI works and not what is asked, with how many values each has.
var leftOut = map[string]int{
	"--output": 1, "--color": 1, "--ca-bundle": 1, "--cli-read-timeout": 1, "--cli-connect-timeout": 1,
	"--cli-binary-format": 1, "--cli-error-format": 1, "--page-size": 1, "--max-items": 1, "--starting-token": 1,
	"--endpoint-url": 1,
	"--debug":        0, "--no-verify-ssl": 0, "--no-paginate": 0, "--no-sign-request": 0, "--no-cli-pager": 0,
	"--no-cli-auto-prompt": 0, "--cli-auto-prompt": 0, "--v2-debug": 0,
}

// ReadLine understands a line. The error says what to do.
func ReadLine(text string) (*Line, error) {
	if len(text) > maxLine {
		return nil, fmt.Errorf("the line is longer than %d KiB: paste one command", maxLine>>10)
	}
	words, err := splitLine(text)
	if err != nil {
		return nil, err
	}
	l := &Line{}
	for len(words) > 0 && words[0] != "aws" {
		name, value, ok := strings.Cut(words[0], "=")
		if !ok || !strings.HasPrefix(name, "AWS_") {
			return nil, fmt.Errorf("the line begins with %q: paste one that begins with aws, such as aws s3api "+
				"get-bucket-versioning --bucket my-bucket --query Status", words[0])
		}
		l.environment(name, value)
		words = words[1:]
	}
	if words, err = l.options(words); err != nil {
		return nil, err
	}
	if len(words) < 3 || strings.HasPrefix(words[2], "-") {
		return nil, errors.New("a line names a service and an operation, such as aws s3api get-bucket-versioning")
	}
	if l.Operation, err = api.FindCLI(words[1], words[2]); err != nil {
		return nil, err
	}
	return l, l.inputs(words[3:])
}

// splitLine makes words of what was pasted.
func splitLine(text string) ([]string, error) {
	text = aDash.ReplaceAllString(strings.TrimSpace(typographic.Replace(text)), "$1--$2")
	text = continued.ReplaceAllString(text, " ")
	text = strings.TrimRight(text, "\\`^ ")
	text = prompt.ReplaceAllString(text, "$1")
	text = whoAsked.ReplaceAllString(text, "123456789012")
	text = aHole.ReplaceAllString(text, `$1'$2'`)
	text = strings.NewReplacer(`"'<`, `'<`, `>'"`, `>'`, `''<`, `'<`, `>''`, `>'`).Replace(text)
	if first, rest, more := strings.Cut(text, "\n"); more {
		next := strings.TrimSpace(rest)
		if !strings.HasPrefix(next, "-") && balanced(first) {
			return nil, fmt.Errorf("there is more than one command: paste the first line alone, and the answer that it " +
				"gave, if it is below, not at all")
		}
		text = strings.ReplaceAll(text, "\n", " ")
	}
	var parser shellwords.Parser // which expands nothing
	words, err := parser.Parse(text)
	switch {
	case err != nil:
		return nil, errors.New("the line cannot be split into words: is a quote not closed? An expression with quotes " +
			"in it stands in the other kind of quotes")
	case parser.Position >= 0:
		return nil, restOf(string([]rune(text)[parser.Position:]))
	case len(words) == 0:
		return nil, errors.New("nothing was pasted: a line begins with aws")
	}
	return words, nil
}

// balanced says whether every quote of a text is closed.
func balanced(text string) bool {
	_, err := new(shellwords.Parser).Parse(text)
	return err == nil
}

// restOf is the error of what stands behind a command: a pipe, a file, another command.
func restOf(rest string) error {
	program, after, _ := strings.Cut(strings.TrimSpace(strings.TrimLeft(rest, "|&;>< ")), " ")
	switch {
	case !strings.HasPrefix(rest, "|") || strings.HasPrefix(rest, "||"):
		return fmt.Errorf("a check is made of one command: leave out %q", clip(rest))
	case program == "jq":
		path := strings.Trim(strings.TrimPrefix(strings.TrimSpace(after), "-r "), `'" `)
		if name := strings.TrimPrefix(path, "."); regexp.MustCompile(`^[A-Za-z][\w.\[\]]*$`).MatchString(name) {
			return fmt.Errorf("a check sees the answer, not what jq makes of it: put --query '%s' in the place of "+
				"the pipe", name)
		}
		return errors.New("a check sees the answer, not what jq makes of it: say with --query, in JMESPath, what jq picks " +
			"(.A[] | select(.B == \"x\") is A[?B=='x'])")
	case program == "wc":
		return errors.New("a check sees the answer, not its lines: put --query 'length(LIST)' in the place of wc")
	case program == "grep":
		return errors.New("a check sees the answer, not its lines: say with --query which member is meant, and with --is " +
			"what it must be, in the place of grep")
	default:
		return fmt.Errorf("a check sees the answer, not what %q makes of it: say with --query what is meant, and leave "+
			"the pipe out", clip(program))
	}
}

// clip shortens what was pasted, for a message.
func clip(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

func (l *Line) environment(name, value string) {
	switch name {
	case "AWS_PROFILE", "AWS_DEFAULT_PROFILE":
		l.Profile = value
	case "AWS_REGION", "AWS_DEFAULT_REGION":
		l.Region = value
	}
}

// options takes the options that every command of the AWS CLI has out of the words.
func (l *Line) options(words []string) ([]string, error) {
	var rest []string
	for i := 0; i < len(words); i++ {
		name, value, joined := strings.Cut(words[i], "=")
		if !strings.HasPrefix(name, "--") {
			rest = append(rest, words[i])
			continue
		}
		values, isLeftOut := leftOut[name]
		if !isLeftOut && !slices.Contains([]string{"--query", "--region", "--profile", "--cli-input-json"}, name) {
			rest = append(rest, words[i])
			continue
		}
		if !isLeftOut || values > 0 {
			if !joined {
				if i++; i >= len(words) {
					return nil, fmt.Errorf("%s has no value", name)
				}
				value = words[i]
			}
		}
		switch name {
		case "--query":
			l.Query = strings.TrimSpace(value)
		case "--region":
			l.Region = value
		case "--profile":
			l.Profile = value
		case "--cli-input-json":
			if json.Unmarshal([]byte(value), &l.Input) != nil {
				return nil, errors.New("--cli-input-json: paste the JSON itself, not the name of its file")
			}
		case "--max-items", "--no-paginate", "--starting-token", "--page-size":
			l.Notes = append(l.Notes, name+" is left out: a check reads all pages")
		case "--endpoint-url":
			l.Notes = append(l.Notes, name+" is left out: a check asks AWS")
		}
	}
	return rest, nil
}

// inputs reads the options of the operation.
func (l *Line) inputs(words []string) error {
	members := map[string]*api.Member{}
	var known []string
	if l.Operation.Input != nil {
		for _, m := range l.Operation.Input.Members {
			members["--"+api.CLIName(m.Name)] = m
			known = append(known, "--"+api.CLIName(m.Name))
		}
	}
	if l.Input == nil {
		l.Input = map[string]any{}
	}
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		name, joined, isJoined := strings.Cut(word, "=")
		m, value := members[name], true
		if m == nil && strings.HasPrefix(name, "--no-") {
			m, value = members["--"+name[len("--no-"):]], false
		}
		if m == nil {
			if !strings.HasPrefix(word, "-") {
				return fmt.Errorf("%q stands alone: a value follows an option, and a value with spaces stands in quotes", word)
			}
			return fmt.Errorf("%s is no option of aws %s %s%s", name, api.CLIService(l.Operation.Service),
				api.CLIName(l.Operation.Name), nearest.DidYouMean(name, known))
		}
		if m.Shape.Kind == api.Boolean {
			if len(words) > 0 && (words[0] == "true" || words[0] == "false") {
				value, words = words[0] == "true", words[1:]
			}
			l.Input[m.Name] = value
			continue
		}
		var values []string
		if isJoined {
			values = []string{joined}
		}
		for len(words) > 0 && !isJoined && !strings.HasPrefix(words[0], "--") {
			if values = append(values, words[0]); m.Shape.Kind != api.List {
				words = words[1:]
				break
			}
			words = words[1:]
		}
		if len(values) == 0 {
			return fmt.Errorf("%s has no value", name)
		}
		v, err := inputValue(m.Shape, values)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		l.Input[m.Name] = v
	}
	_, problems := l.Operation.CheckInput(l.Input)
	if len(problems) > 0 {
		p := problems[0]
		option, rest, _ := strings.Cut(p.Path, ".")
		if p.Text == "it is required" && rest == "" {
			return fmt.Errorf("--%s is needed: aws %s %s asks for it", api.CLIName(option),
				api.CLIService(l.Operation.Service), api.CLIName(l.Operation.Name))
		}
		return fmt.Errorf("--%s: %s", api.CLIName(p.Path), p.Text)
	}
	return nil
}

// inputValue is the value of an option: JSON, the AWS CLI's shorthand, or words.
func inputValue(shape *api.Shape, words []string) (any, error) {
	for _, prefix := range []string{"file://", "fileb://", "http://", "https://"} {
		if strings.HasPrefix(words[0], prefix) && strings.HasPrefix(prefix, "file") {
			return nil, fmt.Errorf("a check holds its input itself: write what is in %s", clip(words[0]))
		}
	}
	switch first := words[0]; {
	case shape.Kind == api.List && strings.HasPrefix(first, "["), strings.HasPrefix(first, "{") &&
		(shape.Kind == api.Structure || shape.Kind == api.Map):
		var v any
		if err := json.Unmarshal([]byte(strings.Join(words, " ")), &v); err != nil {
			return nil, errors.New("this is not JSON: JSON stands in single quotes, its names and texts in double ones")
		}
		return v, nil
	case shape.Kind == api.List:
		list := make([]any, len(words))
		for i, word := range words {
			var err error
			if list[i], err = inputValue(shape.Element.Shape, []string{word}); err != nil {
				return nil, err
			}
		}
		return list, nil
	case shape.Kind == api.Structure || shape.Kind == api.Map:
		return shorthand(shape, first)
	case shape.Kind == api.Boolean:
		return first == "true", nil
	case slices.Contains([]api.Kind{api.Integer, api.Long, api.Float, api.Double}, shape.Kind):
		n, err := strconv.ParseFloat(first, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is no number", clip(first))
		}
		return n, nil
	}
	return words[0], nil
}

// aField is a member of the AWS CLI's shorthand, with its values: Name=tag:Name,Values=web,db or Values=[web,db].
var aField = regexp.MustCompile(`(?:^|,)([A-Za-z][\w:-]*)=`)

// shorthand reads the AWS CLI's short form of a structure, of one level.
func shorthand(shape *api.Shape, text string) (any, error) {
	at := aField.FindAllStringSubmatchIndex(text, -1)
	if len(at) == 0 || at[0][0] != 0 {
		return nil, fmt.Errorf("%q is neither JSON nor Name=VALUE,…", clip(text))
	}
	object := map[string]any{}
	for i, m := range at {
		name, end := text[m[2]:m[3]], len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		value := strings.Trim(text[m[1]:end], `'"`)
		below := shape.Element
		if shape.Kind == api.Structure {
			below = shape.Member(name)
		}
		if below == nil || below.Shape.Kind != api.List {
			of := &api.Shape{Kind: api.Text}
			if below != nil {
				of = below.Shape
			}
			v, err := inputValue(of, []string{value})
			if err != nil {
				return nil, err
			}
			object[name] = v
			continue
		}
		values := strings.Split(strings.Trim(value, "[]"), ",")
		v, err := inputValue(below.Shape, values)
		if err != nil {
			return nil, err
		}
		object[name] = v
	}
	return object, nil
}
