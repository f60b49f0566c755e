package author

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/declared"
)

// A Draft is a check made of a line: complete, with tests, and proven.
type Draft struct {
	ID    string
	Text  string // of the file
	File  *declared.File
	Proof declared.Proof
	// Expects says what is expected, in words, and Guessed that nobody said so.
	Expects string
	Guessed bool
	// Params are what a lab gives, with the values of the line.
	Params []Param
	// Stands says where the expectation stands in the file.
	Stands int

	value any // what is expected
}

// A Param is a parameter of a draft.
type Param struct {
	Name, Help string
	Value      any // of the line
	own        any // of a test: its own name
}

// DraftOptions say what the line does not.
type DraftOptions struct {
	ID, Title, Why string
	Is             string // what is expected; "" is guessed
	Taken          func(id string) bool
}

// NewDraft makes a check of a line. The error says what to do.
func NewDraft(l *Line, o DraftOptions) (*Draft, error) {
	d := &drafting{Line: l, DraftOptions: o, with: map[string]any{}}
	if l.Query == "" {
		return nil, d.nothingShown()
	}
	d.thing = thingOf(l.Operation.Name)
	d.read = d.thing
	if slices.Contains(reservedReads, d.read) {
		d.read = "answer"
	}
	d.readInput()
	d.absent = d.absentCodes()
	var first error
	forms, err := d.forms()
	if err != nil {
		return nil, err
	}
	for _, f := range forms {
		for _, near := range slices.Compact([]string{d.near(f), ""}) {
			made, err := d.write(f, near)
			if err == nil && len(made.Proof.Errors) == 0 {
				return made, nil
			}
			if err == nil {
				err = made.Proof.Errors
			}
			first = cmp.Or(first, err)
		}
	}
	if o.Is == "" {
		return nil, fmt.Errorf("no check can be made of the expression %q alone; say with --is what is right, or name one "+
			"member with --query. The file that was tried says:\n%w", l.Query, first)
	}
	return nil, fmt.Errorf("no check can be made of the expression %q with --is %s. The file that was tried says:\n%w",
		l.Query, o.Is, first)
}

// reservedReads are names that no read can have.
var reservedReads = strings.Fields(
	"name verdict found params now region near nearMiss account partition caller fix console")

// drafting is a check that is being made.
type drafting struct {
	*Line
	DraftOptions
	thing, read string
	with        map[string]any // the input, with parameters
	params      []Param
	named       map[string]string // the parameter that an input's member became
	identifies  bool              // the input names one thing by a list with one name
	absent      []string
}

// thingOf is what an operation is about: "bucket-versioning" of GetBucketVersioning.
func thingOf(operation string) string {
	name := api.CLIName(operation)
	for _, verb := range []string{"batch-get-", "get-", "list-", "describe-", "head-"} {
		if rest, ok := strings.CutPrefix(name, verb); ok {
			return rest
		}
	}
	return name
}

var accountID = regexp.MustCompile(`^\d{12}$`)

// readInput makes parameters of the names in the line: what a lab calls its own.
func (d *drafting) readInput() {
	d.named = map[string]string{}
	if d.Operation.Input == nil {
		return
	}
	for _, m := range d.Operation.Input.Members {
		v, given := d.Input[m.Name]
		if !given {
			continue
		}
		switch v := v.(type) {
		case string:
			d.with[m.Name] = d.textInput(m.Name, m.Shape, v)
		case []any:
			d.with[m.Name] = d.listInput(m, v)
		default:
			d.with[m.Name] = escaped(v)
		}
	}
}

func (d *drafting) textInput(member string, shape *api.Shape, v string) any {
	if shape.Kind != api.Text {
		return escaped(v)
	}
	if accountID.MatchString(v) {
		return "$account"
	}
	return "$" + d.param(member, v)
}

func (d *drafting) listInput(m *api.Member, list []any) any {
	made := make([]any, len(list))
	for i, item := range list {
		made[i] = escaped(item)
		if text, ok := item.(string); ok && len(list) == 1 && m.Shape.Element.Shape.Kind == api.Text {
			made[i] = "$" + d.param(m.Name, text)
			d.identifies = true
		}
		object, ok := item.(map[string]any)
		if !ok {
			continue
		}
		filter, _ := object["Name"].(string)
		values, _ := object["Values"].([]any)
		if isOwn := strings.HasPrefix(filter, "tag:") || strings.HasSuffix(filter, "-id") ||
			strings.HasSuffix(filter, "-name"); !isOwn || len(values) != 1 {
			continue
		}
		if text, ok := values[0].(string); ok {
			changed := escaped(object).(map[string]any)
			changed["Values"] = []any{"$" + d.param(strings.TrimPrefix(strings.TrimPrefix(filter, "tag:"), "group-"), text)}
			made[i] = changed
		}
	}
	return made
}

// escaped is a value of a file in which a dollar is a dollar.
func escaped(v any) any {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(v, "$", "$$")
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = escaped(v[i])
		}
		return list
	case map[string]any:
		object := map[string]any{}
		for name, below := range v {
			object[name] = escaped(below)
		}
		return object
	}
	return v
}

// nameSuffix is the end of a member's name that says that it names something.
var nameSuffix = regexp.MustCompile(`-(?:names?|ids?|identifiers?)$`)

// param makes a parameter of a member, and returns its name.
func (d *drafting) param(member, value string) string {
	name := nameSuffix.ReplaceAllString(api.CLIName(member), "")
	switch m := hole.FindStringSubmatch(value); {
	case m != nil:
		name = cmp.Or(m[1:]...)
		name = strings.Trim(strings.ToLower(strings.NewReplacer("_", "-", " ", "-").Replace(name)), "-")
		value = name
	case name == "name" || name == "names":
		name = singular(d.thing)
	case strings.HasSuffix(name, "-arns") || strings.HasSuffix(name, "-urls"):
		name = name[:len(name)-1]
	}
	if slices.Contains(reservedReads, name) {
		name += "-name"
	}
	for slices.ContainsFunc(d.params, func(p Param) bool { return p.Name == name }) {
		name += "-2"
	}
	d.params = append(d.params, Param{
		Name: name, Help: "the " + strings.ReplaceAll(api.CLIName(member), "-", " ") + " in the lab", Value: value, own: name,
	})
	d.named[member] = name
	return name
}

// singular is a plural of AWS without its ending.
func singular(name string) string {
	if rest, ok := strings.CutSuffix(name, "ies"); ok {
		return rest + "y"
	}
	return strings.TrimSuffix(name, "s")
}

// notThere is an error of AWS's models that says that there is no such thing.
var notThere = regexp.MustCompile(`NotFound|NoSuch|NonExist|DoesNotExist|NotExist`)

// unmodelled are the codes for absence of services whose models have none.
var unmodelled = map[string]string{
	"s3:GetPublicAccessBlock": "NoSuchPublicAccessBlockConfiguration", "s3:GetBucketPolicy": "NoSuchBucketPolicy",
	"s3:GetBucketPolicyStatus": "NoSuchBucketPolicy", "s3:GetBucketTagging": "NoSuchTagSet",
	"s3:GetBucketLifecycleConfiguration": "NoSuchLifecycleConfiguration",
	"s3:GetBucketWebsite":                "NoSuchWebsiteConfiguration",
	"s3:GetBucketEncryption":             "ServerSideEncryptionConfigurationNotFoundError",
	"s3:GetBucketCors":                   "NoSuchCORSConfiguration",
	"s3:GetBucketReplication":            "ReplicationConfigurationNotFoundError",
	"s3:GetBucketOwnershipControls":      "OwnershipControlsNotFoundError",
	"ec2:InstanceIds":                    "InvalidInstanceID.NotFound", "ec2:VpcIds": "InvalidVpcID.NotFound",
	"ec2:GroupIds": "InvalidGroup.NotFound", "ec2:GroupNames": "InvalidGroup.NotFound",
	"ec2:VolumeIds": "InvalidVolume.NotFound", "ec2:SubnetIds": "InvalidSubnetID.NotFound",
	"ec2:ImageIds": "InvalidAMIID.NotFound", "ec2:KeyNames": "InvalidKeyPair.NotFound",
	"ec2:SnapshotIds": "InvalidSnapshot.NotFound", "ec2:RouteTableIds": "InvalidRouteTableID.NotFound",
	"ec2:InternetGatewayIds": "InvalidInternetGatewayID.NotFound", "ec2:AllocationIds": "InvalidAllocationID.NotFound",
}

// absentCodes are the error codes that say that what the line names is not there.
func (d *drafting) absentCodes() []string {
	if len(d.params) == 0 {
		return nil
	}
	var codes []string
	if d.Operation.Service == "s3" && d.named["Bucket"] != "" {
		codes = append(codes, "NoSuchBucket")
	}
	if code := unmodelled[d.Operation.String()]; code != "" {
		codes = append(codes, code)
	}
	for _, p := range slices.Sorted(maps.Keys(d.named)) {
		if code := unmodelled[d.Operation.Service+":"+p]; code != "" {
			codes = append(codes, code)
		}
	}
	for _, code := range d.Operation.ErrorCodes() {
		if !notThere.MatchString(code) || account.ReasonOfCode(code) != "" {
			continue
		}
		same := d.Operation.Codes(code)
		if !slices.ContainsFunc(codes, func(c string) bool { return slices.Contains(same, c) }) {
			codes = append(codes, code)
		}
	}
	return codes
}

// nothingShown is the error of a line without --query: it proposes members.
func (d *drafting) nothingShown() error {
	var found []string
	var walk func(shape *api.Shape, path string, depth int)
	walk = func(shape *api.Shape, path string, depth int) {
		if shape == nil || depth > 4 || len(found) > 40 {
			return
		}
		for _, m := range shape.Members {
			at := strings.TrimPrefix(path+"."+m.Name, ".")
			switch {
			case m.Sensitive:
			case m.Shape.Kind == api.Enum || m.Shape.Kind == api.Boolean:
				found = append(found, at)
			case m.Shape.Kind == api.Structure:
				walk(m.Shape, at, depth+1)
			case m.Shape.Kind == api.List && m.Shape.Element.Shape.Kind == api.Structure:
				walk(m.Shape.Element.Shape, at+"[]", depth+1)
			}
		}
	}
	walk(d.Operation.Output, "", 0)
	slices.SortStableFunc(found, func(a, b string) int { return strings.Count(a, ".") - strings.Count(b, ".") })
	if len(found) == 0 {
		return errors.New("say with --query which member of the answer is meant")
	}
	return fmt.Errorf("say with --query which member of the answer is meant, such as %s",
		strings.Join(found[:min(len(found), 5)], ", "))
}

// near is the read that lists the names that there are, for a near miss; "" if there is none.
func (d *drafting) near(f form) string {
	if f.whereParam != "" && len(d.with) == 0 {
		return fmt.Sprintf("{ call: %s, names: %s, to: $%s }", d.Operation,
			declared.Flow(f.from+"."+f.whereMember), f.whereParam)
	}
	for _, p := range d.params {
		for member, name := range d.named {
			if name != p.Name {
				continue
			}
			if call, names := listing(d.Operation.Service, member, singular(d.thing)); call != "" {
				return fmt.Sprintf("{ call: %s, names: %s, to: $%s }", call, declared.Flow(names), name)
			}
		}
	}
	return ""
}

// listing is an operation that lists what a member of an input names, with the expression for the names.
func listing(service, member, thing string) (call, names string) {
	base := nameSuffix.ReplaceAllString(api.CLIName(member), "")
	if base == "name" {
		base = thing
	}
	for _, verb := range []string{"List", "Describe"} {
		for _, name := range api.Operations(service) {
			if !strings.HasPrefix(name, verb) {
				continue
			}
			o, err := api.Find(service + ":" + name)
			if err != nil || o.Output == nil || o.Input != nil && slices.ContainsFunc(o.Input.Members,
				func(m *api.Member) bool { return m.Required }) {
				continue
			}
			for _, list := range o.Output.Members {
				if list.Shape.Kind != api.List || list.Sensitive || list.Shape.Element.Sensitive {
					continue
				}
				of := nameSuffix.ReplaceAllString(api.CLIName(list.Name), "")
				if of = singular(of); of != base && of != singular(base) {
					continue
				}
				element := list.Shape.Element.Shape
				if element.Kind == api.Text {
					return o.String(), list.Name + "[]"
				}
				for _, m := range element.Members {
					if m.Shape.Kind == api.Text && !m.Sensitive && (strings.EqualFold(m.Name, strings.TrimSuffix(member, "s")) ||
						m.Name == "Name" || m.Name == "name") {
						return o.String(), list.Name + "[]." + m.Name
					}
				}
			}
		}
	}
	return "", ""
}

// write makes the file of a form, and proves it.
func (d *drafting) write(f form, near string) (*Draft, error) {
	made := &Draft{Params: slices.Clone(d.params), Guessed: d.Is == "", value: f.value}
	made.Params = append(made.Params, f.params...)
	made.ID = d.id(f)
	made.Expects = f.words()
	isThere := len(d.absent) > 0 || f.from != ""
	subject := d.subject(made.Params)
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("schema: %s", declared.Schema)
	line("id: %s", made.ID)
	line("title: %s", declared.Flow(cmp.Or(d.Title, declared.NewTitle)))
	line("why: %s", declared.Flow(cmp.Or(d.Why, declared.NewWhy)))
	if len(made.Params) > 0 {
		line("params:")
		for _, p := range made.Params {
			line("  %s: { help: %s }", p.Name, declared.Flow(p.Help))
		}
	}
	line("reads:\n  %s:\n    call: %s", d.read, d.Operation)
	if len(d.with) > 0 {
		line("    with: %s", declared.Flow(d.with))
	}
	if len(d.absent) > 0 {
		codes := make([]any, len(d.absent))
		for i, code := range d.absent {
			codes[i] = code
		}
		line("    absent: %s", declared.Flow(codes))
	}
	if f.from != "" {
		where := ""
		if f.whereMember != "" {
			where = fmt.Sprintf(", where: { %s: $%s }", f.whereMember, f.whereParam)
		}
		line("    pick: { from: %s%s }", declared.Flow(f.from), where)
	}
	line("expect:")
	begin := "  - subject: " + declared.Flow(subject)
	if isThere {
		line("%s\n    exists: %s", begin, d.read)
		if near != "" {
			line("    near: %s", near)
		}
		begin = "  - of: " + d.read
	}
	made.Stands = strings.Count(b.String(), "\n") + 1
	if !f.isExists() {
		line("%s", begin)
		for _, l := range f.lines() {
			line("    %s", l)
		}
	}
	line("    # fix: [ aws %s … ]   # the command that puts it right, with $names", api.CLIService(d.Operation.Service))
	line("console: %s", declared.Flow(d.console(made.Params)))
	line("tests:")
	for _, t := range d.tests(f, isThere) {
		line("%s", strings.TrimRight(t, "\n"))
	}
	made.Text = b.String()
	var err error
	if made.File, err = declared.Load(made.ID+".yaml", []byte(made.Text)); err != nil {
		return nil, err
	}
	made.Proof = made.File.Prove()
	return made, nil
}

// id is the check's name.
func (d *drafting) id(f form) string {
	if d.ID != "" {
		return d.ID
	}
	words := append([]string{d.Operation.Service}, strings.Split(d.thing, "-")...)
	for _, word := range strings.Split(api.CLIName(f.label()), "-") {
		if word = strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(word, "-"), "-"); word != "" {
			words = append(words, word)
		}
	}
	var once []string
	for _, word := range words {
		if !slices.Contains(once, word) {
			once = append(once, word)
		}
	}
	id := strings.Join(once, "-")
	if len(once) == 1 || d.Taken != nil && d.Taken(id) {
		id += "-own"
	}
	return id
}

// subject is what the expectation is about.
func (d *drafting) subject(params []Param) string {
	text := api.ServiceID(d.Operation.Service) + " " + strings.ReplaceAll(d.thing, "-", " ")
	if len(params) > 0 {
		text = api.ServiceID(d.Operation.Service) + " " + strings.ReplaceAll(params[0].Name, "-", " ") + " $" + params[0].Name
	}
	return text
}

func (d *drafting) console(params []Param) string {
	text := api.ServiceID(d.Operation.Service)
	for _, p := range params {
		text += " › $" + p.Name
	}
	return text + " › " + strings.ReplaceAll(d.thing, "-", " ")
}

// tests are the tests of a form: one that passes, one for each way in which it does not.
func (d *drafting) tests(f form, isThere bool) []string {
	test := func(name, verdict string, answer any) string {
		return fmt.Sprintf("  - { name: %s, %s: %s, verdict: %s }", declared.Flow(name), d.read, declared.Flow(answer),
			verdict)
	}
	own := map[string]any{}
	for _, p := range append(slices.Clone(d.params), f.params...) {
		own[p.Name] = p.own
	}
	list := []string{test("as it should be", "pass", f.sample(own, f.good))}
	if f.bad != nil {
		list = append(list, test("otherwise", "fail", f.sample(own, f.bad)))
	}
	if f.missing != "" {
		list = append(list, test("not said", f.missing, f.sample(own, nothing{})))
	}
	if f.none != "" {
		list = append(list, test("none at all", f.none, f.sample(own, emptyList{})))
	}
	if isThere {
		list = append(list, test("not there", "fail", "absent"))
	}
	return append(list, test("nobody may look", "unknown", "denied"))
}

// InLab is the step of a lab that uses the check.
func (d *Draft) InLab() string {
	var b strings.Builder
	fmt.Fprintf(&b, "      - check: %s\n", d.ID)
	if len(d.Params) > 0 {
		with := map[string]any{}
		for _, p := range d.Params {
			with[p.Name] = p.Value
		}
		fmt.Fprintf(&b, "        with: %s\n", declared.Flow(with))
	}
	b.WriteString("        points: 5\n        hints: [ \"What does the lab say about it?\" ]\n")
	return b.String()
}

// Given are the values of the line, for a look at the author's account.
func (d *Draft) Given() (map[string]json.RawMessage, error) {
	given := map[string]json.RawMessage{}
	for _, p := range d.Params {
		data, err := json.Marshal(p.Value)
		if err != nil {
			return nil, err
		}
		given[p.Name] = data
	}
	return given, nil
}
