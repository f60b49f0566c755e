package api

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/smithy-go/endpoints/private/rulesfn"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// An Endpoint is where a request goes and how it is signed.
type Endpoint struct {
	URL     string
	Headers map[string][]string
	// SigningName and SigningRegion are the service and the Region of the signature.
	SigningName, SigningRegion string
	// EscapeOnce says that the path is signed as it is sent, as S3 wants it.
	EscapeOnce bool
}

// Settings say which of AWS's endpoints is asked.
type Settings struct {
	// URL takes the place of AWS's endpoint.
	URL             string
	FIPS, DualStack bool
	// Rules keep what was read of AWS's rules; nil keeps nothing.
	Rules *Rules
}

// Rules are AWS's rules for endpoints, as far as they were read. The zero value has read none. It is safe for
// concurrent use.
type Rules struct {
	services   sync.Map // of a service to the func that reads its rules once
	partitions struct {
		sync.Once
		all []partition
		err error
	}
}

// of are the rules of a service, with the partitions that they ask about.
func (r *Rules) of(service string) (*ruleSet, error) {
	if r == nil {
		r = &Rules{}
	}
	set, _ := r.services.LoadOrStore(service, sync.OnceValues(func() (*ruleSet, error) {
		r.partitions.Do(func() { r.partitions.all, r.partitions.err = readPartitions() })
		if r.partitions.err != nil {
			return nil, r.partitions.err
		}
		return readRuleSet(service, r.partitions.all)
	}))
	return set.(func() (*ruleSet, error))()
}

// Apply gives a request that is written its address.
func (e Endpoint) Apply(r *smithyhttp.Request) error {
	to, err := url.Parse(e.URL)
	if err != nil {
		return err
	}
	r.URL.Scheme, r.URL.Host = to.Scheme, to.Host
	if r.URL.RawPath != "" {
		r.URL.RawPath = smithyhttp.JoinPath(to.EscapedPath(), r.URL.RawPath)
	}
	r.URL.Path = smithyhttp.JoinPath(to.Path, r.URL.Path)
	for name, values := range e.Headers {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	return nil
}

// A rule is a node of the rules by which AWS's own tools find an endpoint:
// https://smithy.io/2.0/additional-specs/rules-engine/specification.html
type rule struct {
	Conditions []int // the numbers of their lines
	Type       string
	Rules      []int // of a tree, likewise
	Error      any   // an expression
	Endpoint   struct {
		URL        any
		Headers    map[string][]any
		Properties map[string]any
	}
}

type condition struct {
	Fn     string
	Argv   []any
	Assign string
}

type ruleSet struct {
	Parameters map[string]struct {
		BuiltIn string
		Default any
	}
	Rules []int

	lines      []string // the rules and the conditions, read as they are reached
	read       sync.Map // those that were, by number
	partitions []partition
}

func readRuleSet(service string, partitions []partition) (*ruleSet, error) {
	text, err := readRules(service)
	if err != nil {
		return nil, err
	}
	head, lines, _ := strings.Cut(text, "\n")
	set := &ruleSet{lines: strings.Split(lines, "\n"), partitions: partitions}
	return set, json.Unmarshal([]byte(head), set)
}

func readPartitions() ([]partition, error) {
	text, err := readRules("partitions")
	if err != nil {
		return nil, err
	}
	var all struct{ Partitions []partition }
	err = json.Unmarshal([]byte(text), &all)
	return all.Partitions, err
}

// lineOf reads a rule or a condition, once.
func lineOf[T any](s *ruleSet, number int) (*T, error) {
	if known, ok := s.read.Load(number); ok {
		return known.(*T), nil
	}
	if number < 0 || number >= len(s.lines) {
		return nil, fmt.Errorf("the rules have no line %d", number)
	}
	v := new(T)
	if err := json.Unmarshal([]byte(s.lines[number]), v); err != nil {
		return nil, err
	}
	s.read.Store(number, v)
	return v, nil
}

func readRules(name string) (string, error) {
	file, err := rules.Open("rules/" + name + ".json.gz")
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	_, err = io.Copy(&text, unpacked)
	return text.String(), err
}

// Endpoint finds the operation's endpoint in a Region for an input that CheckInput returned.
func (o *Operation) Endpoint(region string, s Settings, input map[string]any) (Endpoint, error) {
	// A Region may come from an answer, and stands in the address.
	if !rulesfn.IsValidHostLabel(region, false) {
		return Endpoint{}, fmt.Errorf("%q is not the name of a Region", region)
	}
	set, err := s.Rules.of(o.Service)
	if err != nil {
		return Endpoint{}, err
	}
	e := &evaluator{set: set, values: map[string]any{}}
	builtIns := map[string]any{
		"AWS::Region": region, "AWS::UseFIPS": s.FIPS, "AWS::UseDualStack": s.DualStack,
		"AWS::S3::ForcePathStyle": o.bucketInPath(s, input),
	}
	if s.URL != "" {
		builtIns["SDK::Endpoint"] = s.URL
	}
	for name, p := range set.Parameters {
		if p.Default != nil {
			e.values[name] = p.Default
		}
		if v, ok := builtIns[p.BuiltIn]; ok {
			e.values[name] = v
		}
	}
	maps.Copy(e.values, o.Static)
	for name, path := range o.Context {
		if v := search(path, input); v != nil {
			e.values[name] = v
		}
	}
	if o.Input != nil {
		for _, m := range o.Input.Members {
			if v, ok := input[m.Name]; ok && m.context != "" {
				e.values[m.context] = v
			}
		}
	}
	r, err := e.run(set.Rules)
	if err != nil {
		return Endpoint{}, err
	}
	if r == nil {
		return Endpoint{}, fmt.Errorf("no rule of AWS's gives an endpoint of %s in %q", o.Service, region)
	}
	return o.endpoint(e, r, region)
}

// endpoint makes the endpoint of the rule that fits.
func (o *Operation) endpoint(e *evaluator, r *rule, region string) (Endpoint, error) {
	address, _ := e.value(r.Endpoint.URL).(string)
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return Endpoint{}, fmt.Errorf("the rules give %q, which is no address", address)
	}
	end := Endpoint{URL: u.String(), SigningName: o.Signing, SigningRegion: region, Headers: map[string][]string{}}
	for name, values := range r.Endpoint.Headers {
		for _, v := range values {
			text, _ := e.value(v).(string)
			end.Headers[name] = append(end.Headers[name], text)
		}
	}
	schemes, _ := e.value(r.Endpoint.Properties["authSchemes"]).([]any)
	for _, scheme := range schemes {
		scheme, _ := scheme.(map[string]any)
		if scheme["name"] != "sigv4" {
			continue
		}
		if name, ok := scheme["signingName"].(string); ok {
			end.SigningName = name
		}
		if r, ok := scheme["signingRegion"].(string); ok {
			end.SigningRegion = r
		}
		end.EscapeOnce = scheme["disableDoubleEncoding"] == true
		return end, nil
	}
	if len(schemes) > 0 {
		return Endpoint{}, fmt.Errorf("%s is signed there in a way that this program does not know", o.Service)
	}
	return end, nil
}

// bucketInPath says whether S3 is given the bucket in the path: an emulator has no name for each one, and AWS's tools
// ask the service itself where a bucket is. An ARN is never in the path.
func (o *Operation) bucketInPath(s Settings, input map[string]any) bool {
	bucket, _ := input["Bucket"].(string)
	return !strings.HasPrefix(bucket, "arn:") && (s.URL != "" || o.Name == "GetBucketLocation")
}

// An evaluator holds the parameters of the rules and what they assign.
type evaluator struct {
	set    *ruleSet
	values map[string]any
}

// run returns the first rule that gives an endpoint, or the error of the one that gives none; nil if no rule fits. What
// a rule assigns holds below it.
func (e *evaluator) run(numbers []int) (*rule, error) {
	for _, number := range numbers {
		r, err := lineOf[rule](e.set, number)
		if err != nil {
			return nil, err
		}
		before := maps.Clone(e.values)
		fits, err := e.fits(r)
		if err != nil {
			return nil, err
		}
		if fits {
			switch r.Type {
			case "error":
				text, _ := e.value(r.Error).(string)
				return nil, errors.New(text)
			case "endpoint":
				return r, nil
			}
			if found, err := e.run(r.Rules); found != nil || err != nil {
				return found, err
			}
		}
		e.values = before
	}
	return nil, nil
}

// fits says whether all conditions of a rule hold, and assigns what they assign.
func (e *evaluator) fits(r *rule) (bool, error) {
	for _, number := range r.Conditions {
		c, err := lineOf[condition](e.set, number)
		if err != nil {
			return false, err
		}
		v := e.call(c.Fn, c.Argv)
		if v == nil || v == false {
			return false, nil
		}
		if c.Assign != "" {
			e.values[c.Assign] = v
		}
	}
	return true, nil
}

// value evaluates an expression: a reference, a call, a template, or lists and objects of them.
func (e *evaluator) value(expression any) any {
	switch x := expression.(type) {
	case string:
		return e.template(x)
	case map[string]any:
		if name, ok := x["ref"].(string); ok {
			return e.values[name]
		}
		if fn, ok := x["fn"].(string); ok {
			argv, _ := x["argv"].([]any)
			return e.call(fn, argv)
		}
		all := map[string]any{}
		for name, v := range x {
			all[name] = e.value(v)
		}
		return all
	case []any:
		all := make([]any, len(x))
		for i, v := range x {
			all[i] = e.value(v)
		}
		return all
	}
	return expression
}

// template puts values into a text: "https://{Region}.{PartitionResult#dnsSuffix}".
func (e *evaluator) template(text string) string {
	if !strings.ContainsAny(text, "{}") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(strings.ReplaceAll(before, "}}", "}"))
		if !found {
			return b.String()
		}
		if strings.HasPrefix(rest, "{") {
			b.WriteByte('{')
			text = rest[1:]
			continue
		}
		name, after, _ := strings.Cut(rest, "}")
		name, path, isPath := strings.Cut(name, "#")
		v := e.values[name]
		if isPath {
			v = attribute(v, path)
		}
		if s, ok := v.(string); ok {
			b.WriteString(s)
		}
		text = after
	}
}

// attribute is a part of a value: "a.b", "a[0]", "[-1]".
func attribute(v any, path string) any {
	for part := range strings.SplitSeq(path, ".") {
		name, index, isIndex := strings.Cut(part, "[")
		if name != "" {
			object, _ := v.(map[string]any)
			v = object[name]
		}
		if !isIndex {
			continue
		}
		list, _ := v.([]any)
		n, err := strconv.Atoi(strings.TrimSuffix(index, "]"))
		if n < 0 {
			n += len(list)
		}
		if err != nil || n < 0 || n >= len(list) {
			return nil
		}
		v = list[n]
	}
	return v
}

// call evaluates a function of the rules. Nil and false are that a condition does not hold.
func (e *evaluator) call(fn string, argv []any) any {
	args := make([]any, len(argv))
	for i, a := range argv {
		args[i] = e.value(a)
	}
	text := func(i int) string {
		if i >= len(args) {
			return ""
		}
		s, _ := args[i].(string)
		return s
	}
	number := func(i int) int {
		f, _ := args[i].(float64)
		return int(f)
	}
	switch fn {
	case "isSet":
		return args[0] != nil
	case "not":
		return args[0] == nil || args[0] == false
	case "booleanEquals", "stringEquals":
		return args[0] != nil && args[0] == args[1]
	case "getAttr":
		return attribute(args[0], text(1))
	case "substring":
		if s := rulesfn.SubString(text(0), number(1), number(2), args[3] == true); s != nil && args[0] != nil {
			return *s
		}
		return nil
	case "isValidHostLabel":
		return text(0) != "" && rulesfn.IsValidHostLabel(text(0), args[1] == true)
	case "parseURL":
		return parseURL(text(0))
	case "uriEncode":
		if args[0] == nil {
			return nil
		}
		return rulesfn.URIEncode(text(0))
	case "aws.partition":
		return e.partition(text(0))
	case "aws.parseArn":
		return parseARN(text(0))
	case "aws.isVirtualHostableS3Bucket":
		return isHostBucket(text(0), args[1] == true)
	case "split":
		return splitText(text(0), text(1), number(2))
	case "coalesce":
		for _, a := range args {
			if a != nil {
				return a
			}
		}
		return nil
	case "ite":
		if args[0] == true {
			return args[1]
		}
		return args[2]
	}
	return nil
}

func splitText(text, by string, limit int) any {
	var all []any
	for _, part := range rulesfn.Split(text, by, limit) {
		all = append(all, part)
	}
	return all
}

func parseURL(address string) any {
	u := rulesfn.ParseURL(address)
	if u == nil {
		return nil
	}
	return map[string]any{
		"scheme": u.Scheme, "authority": u.Authority, "path": u.Path, "normalizedPath": u.NormalizedPath, "isIp": u.IsIp,
	}
}

// A partition is a group of Regions that AWS keeps apart from the others.
type partition struct {
	ID          string
	RegionRegex string
	Regions     map[string]map[string]any
	Outputs     map[string]any
}

// partition is what the rules need to know of the partition of a Region, also of one not yet opened. The first one is
// AWS's own, and answers for names that fit nowhere.
func (e *evaluator) partition(region string) any {
	found := slices.IndexFunc(e.set.partitions, func(p partition) bool { return p.Regions[region] != nil })
	if found < 0 {
		found = slices.IndexFunc(e.set.partitions, func(p partition) bool {
			match, err := regexp.MatchString(p.RegionRegex, region)
			return err == nil && match
		})
	}
	p := e.set.partitions[max(found, 0)]
	about := maps.Clone(p.Outputs)
	maps.Copy(about, p.Regions[region])
	about["name"] = p.ID
	return about
}

func parseARN(text string) any {
	const fields = 6
	parts := strings.SplitN(text, ":", fields)
	if len(parts) < fields || parts[0] != "arn" || parts[1] == "" || parts[2] == "" || parts[5] == "" {
		return nil
	}
	return map[string]any{
		"partition": parts[1], "service": parts[2], "region": parts[3], "accountId": parts[4],
		"resourceId": splitText(strings.ReplaceAll(parts[5], "/", ":"), ":", 0),
	}
}

// bucketLabel is the form of the parts of a bucket's name that can stand in an endpoint's name.
var bucketLabel = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

func isHostBucket(bucket string, subDomains bool) bool {
	labels := []string{bucket}
	if subDomains {
		labels = strings.Split(bucket, ".")
	}
	const shortest = 3
	if _, err := netip.ParseAddr(bucket); err == nil || len(bucket) < shortest {
		return false
	}
	for _, label := range labels {
		if !bucketLabel.MatchString(label) {
			return false
		}
	}
	return true
}
