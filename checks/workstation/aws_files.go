package workstation

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// awsFile is a parsed configuration file of the AWS CLI. It holds secrets and so never leaves this package.
type awsFile struct {
	// sections are the settings by section and lower-case name. A section's name is what stands between the brackets.
	sections map[string]map[string]string
	order    []string // the sections' names as they come
	// problem says why the AWS CLI cannot read the file: it refuses the whole file for one wrong line.
	problem string
}

// parseAWSFile reads a file as the AWS CLI does, which leaves it to Python's configparser: strict about what is there
// twice, both = and : separate, a line that is further in goes on with the setting before it, and a comment has a line
// of its own.
// https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
//
// Nested says whether the lines of a setting that begins with an empty one are settings too. In the file of aliases,
// they are a program.
func parseAWSFile(data []byte, nested bool) awsFile {
	f := awsFile{sections: map[string]map[string]string{}}
	if problem := wrongEncoding(data); problem != "" {
		f.problem = problem
		return f
	}
	p := awsFileParser{file: &f, nested: nested, inherited: map[string]string{}}
	lines := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data))
	for i, line := range strings.Split(lines, "\n") {
		p.at = i + 1
		p.problem(p.at, p.line(line))
	}
	p.endSetting()
	for _, settings := range f.sections {
		for name, value := range p.inherited {
			if !isSet(settings, name) {
				settings[name] = value
			}
		}
	}
	return f
}

// wrongEncoding finds what the AWS CLI cannot read as UTF-8: the marks with which editors on Windows begin a file among
// it.
func wrongEncoding(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return "it is saved as UTF-16, not as UTF-8"
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return "it is saved as UTF-8 with a byte order mark"
	case !utf8.Valid(data):
		return "it is not saved as UTF-8"
	}
	return ""
}

// awsFileParser is where a file is read.
type awsFileParser struct {
	file    *awsFile
	nested  bool
	section map[string]string // nil before the first section
	// inherited are the settings of all sections.
	inherited map[string]string
	at        int      // the line that is read, from 1
	name      string   // of the setting that is read; "" before the first one of a section
	values    []string // its lines
	began     int      // the line of that setting
	indent    int      // of that setting or section
}

// problem keeps the first problem of the file.
func (p *awsFileParser) problem(line int, problem string) {
	if problem != "" && p.file.problem == "" {
		p.file.problem = fmt.Sprintf("line %d %s", line, problem)
	}
}

func (p *awsFileParser) line(line string) (problem string) {
	text := strings.TrimSpace(line)
	switch {
	case text == "":
		if p.name != "" {
			p.values = append(p.values, "")
		}
		return ""
	case text[0] == '#' || text[0] == ';':
		return ""
	}
	indent := utf8.RuneCountInString(line) - utf8.RuneCountInString(strings.TrimLeftFunc(line, unicode.IsSpace))
	if p.name != "" && indent > p.indent {
		p.values = append(p.values, text)
		return ""
	}
	p.endSetting()
	p.indent = indent
	if end := strings.LastIndexByte(text, ']'); text[0] == '[' && end > 1 {
		return p.beginSection(text[1:end])
	}
	return p.beginSetting(text)
}

// inheritedSection is a section of Python's: its settings are those of every other section that does not have them.
const inheritedSection = "DEFAULT"

func (p *awsFileParser) beginSection(name string) (problem string) {
	if name == inheritedSection {
		p.section = p.inherited
		return ""
	}
	if p.file.sections[name] != nil {
		p.section = p.file.sections[name]
		return "has a section for the second time"
	}
	p.section = map[string]string{}
	p.file.sections[name], p.file.order = p.section, append(p.file.order, name)
	return ""
}

func (p *awsFileParser) beginSetting(text string) (problem string) {
	separator := strings.IndexAny(text, "=:")
	switch {
	case text[0] == '[' && separator < 0:
		return "begins a section without ]"
	case p.section == nil:
		return "comes before any section"
	case separator <= 0:
		return "is neither a section nor a setting"
	}
	name := strings.ToLower(strings.TrimSpace(text[:separator]))
	if _, twice := p.section[name]; twice {
		return "has a setting for the second time"
	}
	p.section[name] = ""
	p.name, p.values, p.began = name, []string{strings.TrimSpace(text[separator+1:])}, p.at
	return ""
}

// endSetting takes the setting that was read. The lines of one that begins with an empty one are settings themselves.
func (p *awsFileParser) endSetting() {
	if p.name == "" {
		return
	}
	value := strings.TrimRightFunc(strings.Join(p.values, "\n"), unicode.IsSpace)
	p.section[p.name], p.name = value, ""
	if !p.nested || !strings.HasPrefix(value, "\n") {
		return
	}
	for line := range strings.Lines(value) {
		if line = strings.TrimSpace(line); line != "" && !strings.Contains(line, "=") {
			p.problem(p.began, "begins a nested setting in which a line has no =")
			return
		}
	}
}

// awsSections are the sections of both files, sorted out. They hold secrets and so never leave this package.
type awsSections struct {
	profiles map[string]map[string]string
	sessions map[string]map[string]string // the sso-session sections
	// services are the services sections.
	services map[string]bool
	// config and shared are the profiles of one file alone.
	config, shared map[string]map[string]string
	unknown        []string // sections of the config file that are nothing to the AWS CLI, sorted
}

// newAWSSections joins the files. A setting of the credentials file counts before that of the config file.
func newAWSSections(config, credentials awsFile) awsSections {
	s := awsSections{
		profiles: map[string]map[string]string{}, sessions: map[string]map[string]string{}, services: map[string]bool{},
		config: map[string]map[string]string{}, shared: credentials.sections, unknown: []string{},
	}
	for _, heading := range config.order {
		words, whole := shellWords(heading)
		named := whole && len(words) == 2
		switch {
		case heading == "default":
			s.profiles[heading] = config.sections[heading]
		case named && strings.HasPrefix(heading, "profile"):
			s.profiles[words[1]] = config.sections[heading]
		case named && strings.HasPrefix(heading, "sso-session"):
			s.sessions[words[1]] = config.sections[heading]
		case named && strings.HasPrefix(heading, "services"):
			s.services[words[1]] = true
		case heading != "plugins" && heading != "preview":
			s.unknown = append(s.unknown, masked(heading))
		}
	}
	slices.Sort(s.unknown)
	maps.Copy(s.config, s.profiles)
	for name := range s.profiles {
		s.profiles[name] = maps.Clone(s.profiles[name])
	}
	for name, settings := range credentials.sections {
		if s.profiles[name] == nil {
			s.profiles[name] = map[string]string{}
		}
		maps.Copy(s.profiles[name], settings)
	}
	return s
}

// shellWords splits a section's name as a shell does, which is what the AWS CLI does: a name of two words needs quotes.
// What has an open quote is not whole.
func shellWords(text string) (words []string, whole bool) {
	var word []rune
	var quote rune // 0 outside of quotes
	inWord, escaped := false, false
	for _, r := range text {
		switch {
		case escaped:
			if quote != 0 && r != quote && r != '\\' {
				word = append(word, '\\')
			}
			word, escaped = append(word, r), false
		case r == '\\' && quote != '\'':
			inWord, escaped = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word = append(word, r)
		case r == '"' || r == '\'':
			inWord, quote = true, r
		case strings.ContainsRune(" \t\r\n", r):
			if inWord {
				words, word, inWord = append(words, string(word)), nil, false
			}
		default:
			inWord, word = true, append(word, r)
		}
	}
	if inWord {
		words = append(words, string(word))
	}
	return words, quote == 0 && !escaped
}

// credential says how a profile gets its credentials, in the order in which the AWS CLI asks
// (ProfileProviderBuilder in its botocore/credentials.py). chain are the profiles that name it as the source of their
// role, each through the next.
func (s awsSections) credential(name string, version cliVersion, chain ...string) CLICredential {
	p := s.profiles[name]
	switch shared := s.shared[name]; {
	case takesRole(p):
		return s.role(name, version, append(slices.Clone(chain), name))
	case p["web_identity_token_file"] != "":
		c := CLICredential{Method: WebIdentity}
		if p["role_arn"] == "" {
			c.Flaws = []Flaw{{"role_arn", Missing}}
		}
		return c
	case isSet(p, "sso_account_id") || isSet(p, "sso_role_name"):
		return s.sso(p)
	case isSet(shared, "aws_access_key_id"):
		return staticKeys(shared)
	case isSet(p, "login_session") && version.atLeast(firstLogin(version.major)):
		c := CLICredential{Method: Login}
		if version.major == 1 { // it says so itself: it lacks a library that comes with version 2
			c.Flaws = []Flaw{{"login_session", NeedsNewer}}
		}
		return c
	case p["credential_process"] != "":
		return CLICredential{Method: Process}
	case isSet(p, "aws_access_key_id"):
		return staticKeys(s.config[name])
	case isSet(p, "aws_secret_access_key"):
		return staticKeys(p)
	}
	return CLICredential{}
}

// firstLogin is the first minor version of a major one that knows aws login.
func firstLogin(major int) (int, int) {
	if major == 1 {
		return major, 43
	}
	return currentMajor, 32
}

// isSet says whether a setting is there, be it empty.
func isSet(settings map[string]string, name string) bool {
	_, ok := settings[name]
	return ok
}

// takesRole says whether a profile takes on a role with the credentials of another.
func takesRole(p map[string]string) bool {
	return isSet(p, "role_arn") && !isSet(p, "web_identity_token_file")
}

// hasKeys says whether there is at least a half of a pair of keys.
func hasKeys(p map[string]string) bool {
	return isSet(p, "aws_access_key_id") || isSet(p, "aws_secret_access_key")
}

// credentialSources are where a role without a source profile may get its first credentials from.
var credentialSources = []string{"Ec2InstanceMetadata", "EcsContainer", "Environment"}

// role looks at the last profile of a chain, which takes on a role.
func (s awsSections) role(name string, version cliVersion, chain []string) CLICredential {
	p := s.profiles[name]
	source, named := p["source_profile"]
	from, sourced := p["credential_source"]
	flaw := func(setting string, problem Problem) CLICredential {
		return CLICredential{Method: Role, Flaws: []Flaw{{setting, problem}}}
	}
	switch {
	case named && sourced:
		return flaw("source_profile", BesideOther)
	case sourced && !slices.ContainsFunc(credentialSources, func(s string) bool { return strings.EqualFold(s, from) }):
		return flaw("credential_source", NotKnown)
	case sourced:
		return CLICredential{Method: Role, Source: from}
	case !named:
		return flaw("source_profile", Missing)
	case s.profiles[source] == nil:
		return flaw("source_profile", NoSuchName)
	case slices.Contains(chain, source) && (source != name || !hasKeys(s.profiles[source])):
		return flaw("source_profile", NoSource)
	}
	var c CLICredential
	if takesRole(s.profiles[source]) && !hasKeys(s.profiles[source]) {
		c = s.role(source, version, append(chain, source))
	} else {
		c = s.withoutRole(source, version)
	}
	if !c.Works() {
		if source == name {
			return CLICredential{Method: Role, Flaws: c.Flaws}
		}
		return flaw("source_profile", NoSource)
	}
	return CLICredential{Method: Role}
}

// withoutRole is how a profile gets its own credentials, which is what the source of a role is asked for.
func (s awsSections) withoutRole(name string, version cliVersion) CLICredential {
	own := s
	own.profiles = map[string]map[string]string{name: maps.Clone(s.profiles[name])}
	if takesRole(own.profiles[name]) {
		delete(own.profiles[name], "role_arn")
	}
	return own.credential(name, version)
}

// sso looks at a profile of IAM Identity Center: with its session's settings, which must not differ from its own, or
// with all of its own.
func (s awsSections) sso(p map[string]string) CLICredential {
	c := CLICredential{Method: SSO}
	all := maps.Clone(p)
	if session, named := p["sso_session"]; named {
		if s.sessions[session] == nil {
			c.Flaws = append(c.Flaws, Flaw{"sso_session", NoSuchName})
		}
		for setting, value := range s.sessions[session] {
			if own, twice := p[setting]; twice && own != value {
				c.Flaws = append(c.Flaws, Flaw{setting, DiffersInSession})
			}
			all[setting] = value
		}
	}
	needed := []string{"sso_account_id", "sso_role_name", "sso_start_url", "sso_region"}
	if len(c.Flaws) > 0 { // the others would stand in the session
		needed = needed[:2]
	}
	for _, setting := range needed {
		switch value, set := all[setting]; {
		case !set:
			c.Flaws = append(c.Flaws, Flaw{setting, Missing})
		case value == "":
			c.Flaws = append(c.Flaws, Flaw{setting, Empty})
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
	case holdsSecret(id) && !keyID().MatchString(id):
		c.Flaws = []Flaw{{"aws_access_key_id", Swapped}}
	case keyID().MatchString(secret):
		c.Flaws = []Flaw{{"aws_secret_access_key", Swapped}}
	case strings.HasPrefix(id, "ASIA") && p["aws_session_token"] == "":
		c.Flaws = []Flaw{{"aws_session_token", Missing}}
	case strings.HasSuffix(strings.TrimRight(p["aws_session_token"], " \t"), "\n"),
		strings.HasSuffix(p["aws_session_token"], "\r"):
		c.Flaws = []Flaw{{"aws_session_token", LineBreak}}
	case keyID().MatchString(id):
		c.Last4 = id[len(id)-4:]
	}
	c.Temporary = p["aws_session_token"] != ""
	c.Foreign = c.Temporary && strings.HasPrefix(id, "AKIA")
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
	case strings.TrimRight(value, "\r\n") != value:
		return LineBreak
	case strings.ContainsAny(value, " \t\r\n"):
		return Spaced
	}
	return ""
}
