package sandbox

import (
	"bytes"
	"fmt"
	"slices"
	"time"
)

// A SampleStudent is a student of the sample class. Nobody of that name took the course: the class is made up, to show what a gradebook
// looks like and to test it.
type SampleStudent struct {
	Name string
	// Handle is what the student's runs say (--student), and the GitHub name.
	Handle string
	// Account is the student's own account number.
	Account string
	// Attempts are the reports that the student handed in, the earliest first; none for a student who did not.
	Attempts []SampleAttempt
	// Attached is whose last report the student handed in too, by mistake; "" for a student who attached the right files.
	Attached string
}

// Email is an address in a domain that nobody can have.
// https://www.rfc-editor.org/rfc/rfc2606#section-3
func (s SampleStudent) Email() string { return s.Handle + "@example.com" }

// A SampleAttempt is an account as it was when the student graded it.
type SampleAttempt struct {
	// Day is when: so many days before the work was due; negative when it was late.
	Day int
	// Like is the account of the lab that the account is like.
	Like string
	// Broken are the steps that are not right in it, each the Step of one of the [Drills]. Only the finished state can be broken.
	Broken []string
}

// State makes the account of one of the student's attempts, from that which it is like. Ages in it are counted back from now.
func (s SampleStudent) State(a SampleAttempt, like []byte, now time.Time) (*State, error) {
	data := bytes.ReplaceAll(like, []byte("123456789012"), []byte(s.Account))
	state, err := Parse(data, now)
	if err != nil {
		return nil, fmt.Errorf("sample class: %s: %w", s.Handle, err)
	}
	if len(a.Broken) == 0 {
		return state, nil
	}
	parts, drills := takeApart(state), Drills() // once: a part that one drill removes is not there to be found for the next
	for _, step := range a.Broken {
		i := slices.IndexFunc(drills, func(d Drill) bool { return d.Step == step })
		if i < 0 {
			return nil, fmt.Errorf("sample class: %s: nothing breaks the step %q", s.Handle, step)
		}
		drills[i].spoil(parts)
	}
	return state, nil
}

// SampleClass lists the thirty students of the sample class. No two accounts are in the same state.
func SampleClass() []SampleStudent {
	done := func(day int, broken ...string) SampleAttempt {
		return SampleAttempt{Day: day, Like: "finished", Broken: broken}
	}
	class := []SampleStudent{
		{Name: "Amira Haddad", Attempts: []SampleAttempt{done(6)}},
		{Name: "Bo Lindqvist", Attempts: []SampleAttempt{done(5, "logs-retention")}},
		{Name: "Carla Mendes", Attempts: []SampleAttempt{{Day: 9, Like: "fresh"}, done(2, "billing-alarm")}},
		{Name: "Daniel Okafor", Attempts: []SampleAttempt{done(1, "ecr-scan-on-push")}},
		{Name: "Elif Yıldız", Attempts: []SampleAttempt{done(3, "ecr-lifecycle-policy")}},
		{Name: "Farid Nazari", Attempts: []SampleAttempt{done(2, "iam-user-mfa")}},
		{Name: "Greta Baumann", Attempts: []SampleAttempt{done(4, "iam-least-privilege")}},
		{Name: "Hugo Lefèvre", Attempts: []SampleAttempt{{Day: 3, Like: "half-done"}}},
		{Name: "Ines Kovač", Attempts: []SampleAttempt{done(1, "ecr-image")}},
		{Name: "Jamal Wright", Attempts: []SampleAttempt{done(-2, "iam-access-key-age")}},
		{Name: "Keiko Tanaka", Attempts: []SampleAttempt{done(7, "ecr-storage")}},
		{Name: "Liam Byrne", Attempts: []SampleAttempt{done(1, "logs-group")}},
		{Name: "Mei Chen", Attempts: []SampleAttempt{done(5, "logs-retention", "ecr-lifecycle-policy"), done(4, "logs-storage")}},
		{Name: "Nadia Petrova", Attempts: []SampleAttempt{done(2, "vpc-default")}},
		{Name: "Omar Farouk", Attempts: []SampleAttempt{done(2, "vpc-internet-route")}, Attached: "Nadia Petrova"},
		{Name: "Priya Nair", Attempts: []SampleAttempt{done(3, "ecr-no-critical-findings")}},
		{Name: "Quentin Dubois"},
		{Name: "Rosa Jiménez", Attempts: []SampleAttempt{done(1, "ecr-repository")}},
		{Name: "Samuel Adeyemi", Attempts: []SampleAttempt{done(6, "iam-root-mfa")}},
		{Name: "Tomáš Novák", Attempts: []SampleAttempt{done(2, "iam-root-no-access-keys")}},
		{Name: "Uma Reddy", Attempts: []SampleAttempt{done(1, "iam-caller-not-root")}},
		{Name: "Viktor Hansen", Attempts: []SampleAttempt{done(1, "logs-retention", "billing-alarm")}},
		{Name: "Wanjiru Kamau", Attempts: []SampleAttempt{done(8, "ecr-scan-on-push", "logs-retention"), done(3, "iam-user-mfa", "ecr-storage")}},
		{Name: "Ximena Rojas", Attempts: []SampleAttempt{done(-4, "ecr-scan-on-push", "ecr-lifecycle-policy")}},
		{Name: "Yusuf Demir", Attempts: []SampleAttempt{done(2, "iam-user-mfa", "logs-retention", "billing-alarm")}},
		{Name: "Zofia Nowak", Attempts: []SampleAttempt{done(0, "ecr-image", "logs-group")}},
		{Name: "Adam Silva", Attempts: []SampleAttempt{done(1, "iam-root-mfa", "ecr-lifecycle-policy", "logs-retention")}},
		{Name: "Bianca Rossi", Attempts: []SampleAttempt{done(2, "vpc-default", "logs-retention")}},
		{Name: "Chidi Eze", Attempts: []SampleAttempt{{Day: 1, Like: "fresh"}}},
		{Name: "Dana Levi", Attempts: []SampleAttempt{done(30, "billing-alarm", "ecr-repository", "logs-group")}},
	}
	for i := range class {
		class[i].Handle = fmt.Sprintf("student%02d", i+1)
		class[i].Account = fmt.Sprintf("1234567890%02d", i+1)
	}
	return class
}
