package workstation

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
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
		return p.beginSection(text)
	}
	return p.addSetting(text, indent)
}

func (p *awsFileParser) beginSection(text string) (problem string) {
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

func (p *awsFileParser) addSetting(text string, indent int) (problem string) {
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

// awsSections are the sections of both files, sorted out. They hold secrets and so never leave this package.
type awsSections struct {
	profiles map[string]map[string]string
	sessions map[string]bool // the sso-session sections
	unknown  []string        // sections of the config file that are nothing to the AWS CLI, sorted
}

// newAWSSections joins the files. A setting of the credentials file counts before that of the config file.
func newAWSSections(config, credentials awsFile) awsSections {
	s := awsSections{profiles: map[string]map[string]string{}, sessions: map[string]bool{}, unknown: []string{}}
	for _, heading := range slices.Sorted(maps.Keys(config.sections)) {
		kind, name, _ := strings.Cut(heading, " ")
		name = strings.Trim(strings.TrimSpace(name), `"'`)
		switch {
		case heading == "default":
			s.add("default", config.sections[heading])
		case kind == "profile" && name != "":
			s.add(name, config.sections[heading])
		case kind == "sso-session" && name != "":
			s.sessions[name] = true
		case kind != "services" && heading != "plugins" && heading != "preview":
			s.unknown = append(s.unknown, masked(heading))
		}
	}
	for name, settings := range credentials.sections {
		s.add(name, settings)
	}
	return s
}

func (s awsSections) add(name string, settings map[string]string) {
	if s.profiles[name] == nil {
		s.profiles[name] = map[string]string{}
	}
	maps.Copy(s.profiles[name], settings)
}

// credential says how a profile gets its credentials, in the order in which the AWS CLI asks. chain are the profiles
// that name it as the source of their role, each through the next.
func (s awsSections) credential(name string, chain ...string) CLICredential {
	p := s.profiles[name]
	switch {
	case isSet(p, "role_arn"):
		return s.role(name, p, chain)
	case isSet(p, "sso_session") || isSet(p, "sso_start_url"):
		return s.sso(p)
	case isSet(p, "login_session"):
		return CLICredential{Method: Login}
	case isSet(p, "aws_access_key_id") || isSet(p, "aws_secret_access_key"):
		return staticKeys(p)
	case isSet(p, "credential_process"):
		return CLICredential{Method: Process}
	}
	return CLICredential{}
}

// isSet says whether a setting is there, be it empty.
func isSet(settings map[string]string, name string) bool {
	_, ok := settings[name]
	return ok
}

func (s awsSections) role(name string, p map[string]string, chain []string) CLICredential {
	source := p["source_profile"]
	switch {
	case p["web_identity_token_file"] != "":
		return CLICredential{Method: WebIdentity}
	case p["credential_source"] != "":
		return CLICredential{Method: Role}
	case source == "":
		return CLICredential{Method: Role, Flaws: []Flaw{{"source_profile", Missing}}}
	case s.profiles[source] == nil:
		return CLICredential{Method: Role, Flaws: []Flaw{{"source_profile", NoSuchName}}}
	case source == name:
		return CLICredential{Method: Role, Flaws: staticKeys(p).Flaws}
	case !s.isSource(source, append(chain, name)):
		return CLICredential{Method: Role, Flaws: []Flaw{{"source_profile", NoSource}}}
	}
	return CLICredential{Method: Role}
}

// isSource says whether roles can be assumed with a profile: with its keys if it has some, be it for a role itself, or
// in its own way. A chain of roles that leads back to its beginning has no source.
func (s awsSections) isSource(name string, chain []string) bool {
	p := s.profiles[name]
	if isSet(p, "aws_access_key_id") && len(staticKeys(p).Flaws) == 0 {
		return true
	}
	return !slices.Contains(chain, name) && s.credential(name, chain...).Works()
}

func (s awsSections) sso(p map[string]string) CLICredential {
	c := CLICredential{Method: SSO}
	if isSet(p, "sso_session") && !s.sessions[p["sso_session"]] {
		c.Flaws = append(c.Flaws, Flaw{"sso_session", NoSuchName})
	}
	for _, setting := range []string{"sso_account_id", "sso_role_name"} {
		if p[setting] == "" {
			c.Flaws = append(c.Flaws, Flaw{setting, Missing})
		}
	}
	return c
}

// staticKeys looks at a pair of keys: at their form, never at who may use them.
func staticKeys(p map[string]string) CLICredential {
	id, secret := p["aws_access_key_id"], p["aws_secret_access_key"]
	c := CLICredential{Method: StaticKeys}
	for _, setting := range []string{"aws_access_key_id", "aws_secret_access_key"} {
		if problem := formProblem(p, setting); problem != "" {
			c.Flaws = append(c.Flaws, Flaw{setting, problem})
		}
	}
	switch {
	case len(c.Flaws) > 0:
	case secretKey.MatchString(id) && !keyID.MatchString(id):
		c.Flaws = []Flaw{{"aws_access_key_id", Swapped}}
	case keyID.MatchString(secret):
		c.Flaws = []Flaw{{"aws_secret_access_key", Swapped}}
	case strings.HasPrefix(id, "ASIA") && p["aws_session_token"] == "":
		c.Flaws = []Flaw{{"aws_session_token", Missing}}
	case keyID.MatchString(id):
		c.Last4 = id[len(id)-4:]
	}
	return c
}

// formProblem is what is wrong with the form of one key. A value is taken as it stands: quotes become a part of it.
func formProblem(p map[string]string, setting string) Problem {
	value, ok := p[setting]
	switch {
	case !ok:
		return Missing
	case value == "":
		return Empty
	case strings.ContainsAny(value, `"'`):
		return Quoted
	case strings.ContainsAny(value, " \t"):
		return Spaced
	}
	return ""
}
