package checks

// Command is one command line as arguments, so that it can be quoted for a shell: names come from strangers and
// beginners paste.
type Command struct {
	Args []string
	// PipedTo is the command that reads the output of Args, if any.
	PipedTo []string
}

// Sh makes a command of arguments.
func Sh(args ...string) Command { return Command{Args: args} }

// The placeholders stand in a command for what labcheck cannot know. A person replaces them before running it.
const (
	PlaceholderEmail    = "YOU@EXAMPLE.COM"
	PlaceholderUser     = "YOUR_USER_NAME"
	PlaceholderOldKey   = "OLD_ACCESS_KEY_ID"
	PlaceholderSpareKey = "SPARE_ACCESS_KEY_ID"
	PlaceholderCode1    = "FIRST_MFA_CODE"
	PlaceholderCode2    = "SECOND_MFA_CODE"
	PlaceholderImage    = "LOCAL_IMAGE"
)

// Fix is how a person mends a step: the shortest commands in order, and one path of clicks in the console.
type Fix struct {
	Commands []Command
	// Console is the path of clicks, such as "ECR › Repositories › docker-api › Edit".
	Console string
	// ConsoleOnly says that there is no command for it.
	ConsoleOnly bool
	// Simulate names what does the same in a practice account that is served, such as "root-mfa"; "" if nothing does.
	Simulate string
}
