package declared

import "github.com/labcheck/labcheck/checks/declared/strict"

// Schema names the format of a check file.
const Schema = "labcheck.check/v1"

// file is a check file as it is written. Its tags are the one place that says which keys there are: the strict decoder
// and the generated JSON schema both read them.
type file struct {
	Schema  strict.Text      `yaml:"schema" need:"true" help:"The format of this file: labcheck.check/v1."`
	ID      strict.Text      `yaml:"id" need:"true" help:"The check's name in labs, such as s3-versioned."`
	Title   strict.Text      `yaml:"title" need:"true" help:"The good state, in the present tense, at most 75 characters."`
	Why     strict.Text      `yaml:"why" need:"true" help:"One sentence about the real world, not about points."`
	Docs    strict.Text      `yaml:"docs" help:"A link to AWS's documentation."`
	Params  map[string]param `yaml:"params" help:"What a lab can choose. Without a default the lab must."`
	Skip    []strict.Text    `yaml:"skip" help:"Accounts that it cannot apply to, such as learner-lab."`
	About   strict.Text      `yaml:"about" among:"account caller" help:"account; caller where it is about whoever asks."`
	Reads   map[string]read  `yaml:"reads" need:"true" help:"What AWS is asked, by names of your own."`
	Expect  []expectation    `yaml:"expect" need:"true" help:"What is expected of the answers, judged in this order."`
	Fix     []strict.Text    `yaml:"fix" help:"Commands for an expectation that has none of its own."`
	Console strict.Text      `yaml:"console" help:"The path of clicks, such as S3 › $bucket › Properties."`
	New     []strict.Text    `yaml:"new" help:"Values of enumerations that AWS added since the models were made."`
	Tests   []strict.Node    `yaml:"tests" need:"true" help:"Answers, and the verdict that they must give."`
}

type param struct {
	At      strict.Pos
	Help    strict.Text  `yaml:"help" need:"true" help:"One line for people."`
	Default strict.Value `yaml:"default" help:"The value when nothing else is said. It gives the type; text without one."`
}

type read struct {
	At     strict.Pos
	Call   strict.Text   `yaml:"call" need:"true" help:"SERVICE:Operation, such as s3:GetBucketVersioning."`
	With   strict.Node   `yaml:"with" help:"The input, as in AWS's documentation; $name is a parameter."`
	Region strict.Text   `yaml:"region" help:"A Region or $param; the lab's if it is left out."`
	After  strict.Text   `yaml:"after" help:"The read whose answer this one uses, as $read.Member."`
	Absent []strict.Text `yaml:"absent" help:"Error codes that mean: it is not there."`
	Pick   *pick         `yaml:"pick" help:"The one element of a list that is meant."`
}

type pick struct {
	At      strict.Pos
	From    strict.Text            `yaml:"from" need:"true" help:"An expression that gives a list."`
	Where   map[string]strict.Node `yaml:"where" help:"Members of the element and what they are."`
	Several strict.Text            `yaml:"several" among:"first" help:"first: take the first of several."`
}

type expectation struct {
	At        strict.Pos
	Subject   strict.Text   `yaml:"subject" help:"What it is about: S3 bucket $bucket. It holds for what follows."`
	Exists    strict.Text   `yaml:"exists" help:"The read that must find something. What follows is judged only then."`
	Near      *near         `yaml:"near" help:"Where to look for what was probably meant."`
	Of        strict.Node   `yaml:"of" help:"The read, or a list of reads, that the expression looks at."`
	Each      strict.Text   `yaml:"each" help:"A list: what is said holds for each of its elements."`
	Empty     strict.Text   `yaml:"empty" among:"pass fail" help:"pass or fail: what an empty list decides."`
	Count     strict.Text   `yaml:"count" help:"A list whose elements are counted."`
	That      strict.Text   `yaml:"that" help:"JMESPath, letter for letter what follows --query."`
	Is        strict.Node   `yaml:"is" help:"The value that it must have."`
	Not       strict.Node   `yaml:"not" help:"A value that it must not have."`
	In        strict.Node   `yaml:"in" help:"A list of values, one of which it must have."`
	NotIn     strict.Node   `yaml:"not-in" help:"A list of values, none of which it may have."`
	Contains  strict.Node   `yaml:"contains" help:"An element of the list, or a part of the text."`
	Matches   strict.Node   `yaml:"matches" help:"A regular expression (RE2) for the whole text."`
	AtLeast   strict.Node   `yaml:"at-least" help:"The least number."`
	AtMost    strict.Node   `yaml:"at-most" help:"The greatest number."`
	NewerThan strict.Node   `yaml:"newer-than" help:"An age, such as 30d, that it has not reached."`
	OlderThan strict.Node   `yaml:"older-than" help:"An age, such as 30d, that it has reached."`
	Null      strict.Text   `yaml:"null" among:"fail pass unknown" help:"fail, pass or unknown: what null decides."`
	Absent    strict.Text   `yaml:"absent" among:"fail pass" help:"fail or pass: what decides where it is not there."`
	Wait      []strict.Node `yaml:"wait" help:"Values that mean: not finished yet."`
	Partial   *int          `yaml:"partial" help:"The share in percent, 1 to 99, where it is not met."`
	Expected  strict.Text   `yaml:"expected" help:"What is expected, in words."`

	Found   map[string]strict.Text `yaml:"found" help:"Words for values; null and absent among them."`
	Advice  strict.Text            `yaml:"advice" help:"What is worth changing, in words."`
	Fix     []strict.Text          `yaml:"fix" help:"The commands that put it right."`
	Console strict.Text            `yaml:"console" help:"The path of clicks that puts it right."`
}

type near struct {
	At          strict.Pos
	Call        strict.Text `yaml:"call" need:"true" help:"SERVICE:Operation that lists what there is."`
	With        strict.Node `yaml:"with" help:"The input."`
	Region      strict.Text `yaml:"region" help:"A Region or $param; the lab's if it is left out."`
	Names       strict.Text `yaml:"names" need:"true" help:"An expression that gives the names."`
	To          strict.Text `yaml:"to" need:"true" help:"The name that was meant, such as $bucket."`
	EveryRegion bool        `yaml:"every-region" help:"Look in other Regions, too."`
}
