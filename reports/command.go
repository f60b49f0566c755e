package reports

import "strings"

// WithheldText says that a fix has a command that is not shown.
const WithheldText = "A command is left out: a name in it cannot be typed safely. Use the console."

// Typeable returns the commands of a fix that a person can type as they stand, and whether one was left out. A command
// is never cleaned: a changed command is another command.
func (f Fix) Typeable() (commands []string, withheld bool) {
	withheld = f.Withheld
	for _, c := range f.Commands {
		if strings.TrimSpace(c) == "" || strings.ContainsFunc(c, Hidden) {
			withheld = true
			continue
		}
		commands = append(commands, c)
	}
	return commands, withheld
}
