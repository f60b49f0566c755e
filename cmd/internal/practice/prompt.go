package practice

import (
	"errors"
	"io"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/labcheck/labcheck/reports"
)

// prompt begins the prompt of a shell that works with a practice account.
const prompt = "(practice) "

// profileFile holds the profile that was in use when the shell ended, in the home of the practice account.
const profileFile = "profile"

// interactive is how a shell is begun so that its prompt says what it is, and so that the person's own settings, which
// it still reads, lead nothing elsewhere: the lines for the environment come after them. A shell that is not known
// begins as it is.
func (h *home) interactive(shell string) (argv []string, set []variable, err error) {
	lines, keep := h.path(environmentFile(reports.ShellOf(shell))), h.path(profileFile)
	quoted := func(s reports.Shell, text string, values ...string) string {
		for i := 0; i < len(values); i += 2 {
			text = strings.ReplaceAll(text, values[i], s.Quote(values[i+1]))
		}
		return text
	}
	posix := func(text string) string {
		return quoted(reports.POSIX, text, "LINES", lines, "KEEP", keep)
	}
	switch strings.TrimSuffix(filepath.Base(shell), ".exe") {
	case "bash":
		err = h.rewrite("shell/bashrc", posix("[ -r ~/.bashrc ] && . ~/.bashrc\n. LINES\n"+
			"trap 'printf %s \"${AWS_PROFILE-}\" >'KEEP EXIT\n"))
		return []string{shell, "--rcfile", h.path("shell/bashrc"), "-i"}, nil, err
	case "zsh":
		err = errors.Join(
			h.rewrite("shell/.zshenv", "[ -r ~/.zshenv ] && . ~/.zshenv\n"),
			h.rewrite("shell/.zshrc", posix("unset ZDOTDIR\n[ -r ~/.zshrc ] && . ~/.zshrc\n. LINES\n"+
				"zshexit() { printf %s \"${AWS_PROFILE-}\" >KEEP; }\n")),
		)
		return []string{shell, "-i"}, []variable{{"ZDOTDIR", h.path("shell")}}, err
	case "fish":
		start := quoted(reports.Fish, "source LINES; "+
			"function labcheck_keep --on-event fish_exit; echo -n \"$AWS_PROFILE\" >KEEP; end", "LINES", lines, "KEEP", keep)
		return []string{shell, "-i", "--init-command", start}, nil, nil
	}
	return []string{shell}, nil, nil
}

// profileName is what the name of a profile looks like that is taken up again.
var profileName = regexp.MustCompile(`^[\w.@+-]{1,64}$`)

// lastProfile is the profile that was in use when the account was left; "" for none.
func (h *home) lastProfile() string {
	f, err := h.root.Open(profileFile)
	if err != nil {
		return ""
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 1<<10))
	if err != nil || !profileName.Match(data) {
		return ""
	}
	return string(data)
}

// joining are the lines that make a terminal work with the practice account: they set the variables and the prompt, and
// name a command that takes both away again.
func joining(shell reports.Shell, set []variable) string {
	names := secondTerminal()
	for _, v := range set {
		names = append(names, v.name)
	}
	begin := shell.Unset(secondTerminal()...) + "\n" + export(shell, set)
	leave := shell.Unset(names...)
	switch shell {
	case reports.Fish:
		return begin + "functions -q labcheck_prompt; or functions -c fish_prompt labcheck_prompt\n" +
			"function fish_prompt; echo -n '" + prompt + "'; labcheck_prompt; end\n" +
			"function leave_practice; " + leave + "; functions -e fish_prompt; " +
			"functions -c labcheck_prompt fish_prompt; functions -e labcheck_prompt leave_practice; end\n"
	case reports.PowerShell:
		return begin + "if (-not $labcheckPrompt) { $labcheckPrompt = $function:prompt }\n" +
			"function prompt { '" + prompt + "' + (& $labcheckPrompt) }\n" +
			"function leave_practice { " + leave + "; $function:global:prompt = $labcheckPrompt }\n"
	default:
		return begin + "case ${PS1-} in '" + prompt + "'*) ;; *) PS1='" + prompt + "'${PS1-'$ '} ;; esac\n" +
			"leave_practice() { " + leave + "; PS1=${PS1#'" + prompt + "'}; unset -f leave_practice; }\n"
	}
}

// environmentFile is the name of the file with the lines for a shell.
func environmentFile(shell reports.Shell) string { return "environment" + suffix(shell) }

// rewrite writes a file anew that only its owner may read.
func (h *home) rewrite(name, text string) error {
	if err := h.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return err
	}
	_ = h.root.Remove(filepath.FromSlash(name)) // an old one, or a link; what stays is found by write
	return h.write(name, text)
}
