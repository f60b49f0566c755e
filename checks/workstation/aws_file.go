package workstation

import (
	"bytes"
	"fmt"
	"strings"
)

// awsFile is a parsed configuration file of the AWS CLI. It holds secrets and so never leaves this package.
type awsFile struct {
	// sections are the settings by section and lower-case name. A section's name is what stands between the brackets.
	sections map[string]map[string]string
	// problem says why the AWS CLI cannot read the file: it refuses the whole file for one wrong line.
	problem string
}

// parseAWSFile reads a file as the AWS CLI does, which leaves it to Python's configparser: strict about what is there
// twice, both = and : separate, a line that is further in goes on with the setting before it, and a comment has a line
// of its own.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
func parseAWSFile(data []byte) awsFile {
	f := awsFile{sections: map[string]map[string]string{}}
	if problem := wrongEncoding(data); problem != "" {
		f.problem = problem
		return f
	}
	p := awsFileParser{file: &f}
	for i, line := range strings.Split(string(data), "\n") {
		if problem := p.line(strings.TrimRight(line, "\r")); problem != "" && f.problem == "" {
			f.problem = fmt.Sprintf("line %d %s", i+1, problem)
		}
	}
	return f
}

// wrongEncoding finds the marks with which editors on Windows begin a file.
func wrongEncoding(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return "it is saved as UTF-16, not as UTF-8"
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return "it is saved as UTF-8 with a byte order mark"
	}
	return ""
}

// awsFileParser is where a file is read.
type awsFileParser struct {
	file    *awsFile
	section map[string]string // nil before the first section
	setting bool              // whether a setting came before in this section
	indent  int               // of that setting
}

func (p *awsFileParser) line(line string) (problem string) {
	text := strings.TrimSpace(line)
	if text == "" || text[0] == '#' || text[0] == ';' {
		return ""
	}
	indent := len(line) - len(strings.TrimLeft(line, " \t"))
	if p.setting && indent > p.indent {
		return "" // a nested setting, such as one of s3
	}
	if text[0] == '[' {
		return p.begin(text)
	}
	return p.set(text, indent)
}

func (p *awsFileParser) begin(text string) (problem string) {
	end := strings.LastIndexByte(text, ']')
	if end < 0 {
		return "begins a section without ]"
	}
	name := strings.TrimSpace(text[1:end])
	p.setting, p.indent = false, 0
	if p.file.sections[name] != nil {
		p.section = p.file.sections[name]
		return "has a section for the second time"
	}
	p.section = map[string]string{}
	p.file.sections[name] = p.section
	return ""
}

func (p *awsFileParser) set(text string, indent int) (problem string) {
	at := strings.IndexAny(text, "=:")
	switch {
	case p.section == nil:
		return "comes before any section"
	case at <= 0:
		return "is neither a section nor a setting"
	}
	name := strings.ToLower(strings.TrimSpace(text[:at]))
	p.setting, p.indent = true, indent
	if _, twice := p.section[name]; twice {
		return "has a setting for the second time"
	}
	p.section[name] = strings.TrimSpace(text[at+1:])
	return ""
}
