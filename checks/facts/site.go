package facts

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Site is where a check looks: who asks, in which account and Region. It is known before any check runs.
type Site struct {
	Account   string `json:"account"`   // twelve digits
	Partition string `json:"partition"` // "aws", "aws-cn", "aws-us-gov", …
	Region    string `json:"region"`
	Caller    Caller `json:"caller"`
	// Practice is the host and port of the practice account that answers in place of AWS; "" for AWS, and for a practice
	// account inside this process, which answers behind AWS's own names.
	Practice string `json:"practice,omitempty"`
}

// IsAccountID says whether a text is the id of an AWS account: twelve digits. A masked one is not.
func IsAccountID(text string) bool { return accountID.MatchString(text) }

// keyLetters is the alphabet of access key ids, in the order of the values: base 32. Behind the four letters of its
// kind, an id holds one bit that is set, the number of its account in 40 bits, and what tells one key from another. AWS
// does not document it; it answers the same by sts:GetAccessKeyInfo.
const keyLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

const (
	keyKind  = 4 // how long the part of a key's id is that says of what kind it is
	headBits = 9 // how many letters behind it hold the account
)

// AccountOfKey is the account that made an access key, by the key's id or by its head alone; "" for the ids of before
// 2019, which do not tell, for the examples of documentation and for whatever is no id.
func AccountOfKey(id string) string {
	if len(id) < keyKind+headBits || !strings.HasPrefix(id, "AKIA") && !strings.HasPrefix(id, "ASIA") ||
		strings.HasSuffix(id, "EXAMPLE") {
		return ""
	}
	number := uint64(0)
	for _, letter := range id[keyKind : keyKind+headBits] {
		value := strings.IndexRune(keyLetters, letter)
		if value < 0 {
			return ""
		}
		number = number<<5 | uint64(value)
	}
	const set = 1 << 44
	account := fmt.Sprintf("%012d", number&^set>>4)
	if number&set == 0 || !IsAccountID(account) {
		return ""
	}
	return account
}

// KeyHead is the beginning of the ids of all access keys of an account: nothing in it says which key it is. "" without
// an account. In a report it is the account's number as a search for its digits does not find it.
func KeyHead(account string) string {
	number, err := strconv.ParseUint(account, 10, 40)
	if err != nil {
		return ""
	}
	head := []byte("AKIA")
	for shift := 5 * (headBits - 1); shift >= 0; shift -= 5 {
		head = append(head, keyLetters[(1<<44|number<<4)>>shift&31])
	}
	return string(head)
}

// IsRegion says whether a text has the form of a Region's name. Names of Regions not yet opened have it too.
func IsRegion(text string) bool { return regionName.MatchString(text) }

// RegionOfZone is the Region of an Availability Zone, whose name has a letter behind the Region's, such as us-east-1a;
// "" for any other text.
func RegionOfZone(text string) string {
	if text == "" {
		return ""
	}
	last := len(text) - 1
	if region := text[:last]; text[last] >= 'a' && text[last] <= 'z' && IsRegion(region) {
		return region
	}
	return ""
}

var (
	accountID  = regexp.MustCompile(`^[0-9]{12}$`)
	regionName = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$`)
)

// ARN builds an Amazon Resource Name of this site's partition and account. An empty region makes a global name.
func (s Site) ARN(service, region, resource string) string {
	return strings.Join([]string{"arn", s.Partition, service, region, s.Account, resource}, ":")
}

// ManagedPolicyARN is the ARN of a policy that AWS manages, such as "PowerUserAccess".
func (s Site) ManagedPolicyARN(name string) string {
	return "arn:" + s.Partition + ":iam::aws:policy/" + name
}

// NearbyRegions are the other Regions in which a thing most likely landed when the Region was forgotten: those that the
// consoles begin with and that the examples of the documentation use. None is near in a partition other than aws.
func (s Site) NearbyRegions() []string {
	if s.Partition != "aws" {
		return nil
	}
	likely := []string{"us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-central-1"}
	return slices.DeleteFunc(likely, func(region string) bool { return region == s.Region })
}

// CallerKind is the kind of principal that runs labcheck. It decides which checks apply.
type CallerKind string

// The kinds of caller that sts:GetCallerIdentity can name.
const (
	UnknownCaller  CallerKind = "unknown"
	Root           CallerKind = "root"
	IAMUser        CallerKind = "iam-user"
	IdentityCenter CallerKind = "identity-center"
	AssumedRole    CallerKind = "assumed-role"
	FederatedUser  CallerKind = "federated-user"
	LearnerLab     CallerKind = "learner-lab" // AWS Academy Learner Lab
)

// Caller is the principal behind the credentials.
type Caller struct {
	ARN  string     `json:"arn"`
	Kind CallerKind `json:"kind"`
	// Name is the IAM user's or role's name without its path, or the Identity Center permission set.
	Name string `json:"name"`
	// Session is the role session's name; in a Learner Lab it may hold the student's e-mail address.
	Session string `json:"session,omitempty"`
}

// learnerSession is how AWS Academy names the session of a student: a number, then a name or an e-mail address. The
// role's name alone could be anybody's.
var learnerSession = regexp.MustCompile(`^user[0-9]+=`)

// learnerRole is the role that AWS Academy makes for what runs in a Learner Lab: an EC2 instance, a Cloud9 environment
// or a task. Its students cannot make roles, and so whoever works there has this one.
const learnerRole = "LabRole"

// ssoRolePrefix begins the name of every role that IAM Identity Center makes:
// AWSReservedSSO_<permission set>_<16 hex digits>.
const ssoRolePrefix = "AWSReservedSSO_"

// ParseSite reads the answer of sts:GetCallerIdentity. An ARN of an unknown shape gives UnknownCaller.
func ParseSite(account, arn, userID, region string) Site {
	site := Site{Account: account, Partition: "aws", Region: region, Caller: Caller{ARN: arn, Kind: UnknownCaller}}
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" {
		return site
	}
	site.Partition = parts[1]
	site.Caller = parseCaller(arn, parts[2], parts[5], userID == account)
	return site
}

func parseCaller(arn, service, resource string, idIsAccount bool) Caller {
	caller := Caller{ARN: arn, Kind: UnknownCaller}
	kind, path, _ := strings.Cut(resource, "/")
	switch {
	case service == "iam" && resource == "root", idIsAccount:
		caller.Kind, caller.Name = Root, "root"
	case service == "iam" && kind == "user" && path != "":
		caller.Kind, caller.Name = IAMUser, path[strings.LastIndexByte(path, '/')+1:]
	case service == "sts" && kind == "federated-user" && path != "":
		caller.Kind, caller.Name = FederatedUser, path
	case service == "sts" && kind == "assumed-role":
		role, session, found := strings.Cut(path, "/")
		if !found || role == "" {
			return caller
		}
		caller.Kind, caller.Name, caller.Session = AssumedRole, role, session
		switch {
		case role == "voclabs" && learnerSession.MatchString(session), role == learnerRole:
			caller.Kind = LearnerLab
		case strings.HasPrefix(role, ssoRolePrefix):
			caller.Kind, caller.Name = IdentityCenter, permissionSet(role)
		}
	}
	return caller
}

// permissionSet cuts the permission set's name out of the role's.
func permissionSet(role string) string {
	name := strings.TrimPrefix(role, ssoRolePrefix)
	if cut := strings.LastIndexByte(name, '_'); cut > 0 {
		name = name[:cut]
	}
	return name
}

// Hidden stands where a secret was.
const Hidden = "(hidden)"

// likeSecret is any long run of the alphabets that keys and tokens are written in.
var likeSecret = regexp.MustCompile(`(?:AKIA|ASIA)[A-Za-z0-9]{12,}|[A-Za-z0-9/+_=]{40,}`)

// HideSecrets hides what looks like a key or a token in a setting that may be shown, such as a profile's name: a person
// who pastes a key at the wrong prompt must not find it in a report. A long path looks like one too: give it folder by
// folder.
func HideSecrets(setting string) string { return likeSecret.ReplaceAllString(setting, Hidden) }

// nameLike is what keys, names and schemas look like.
var nameLike = regexp.MustCompile(`^(?:[\w$][\w$.-]{0,31}|labcheck\.[a-z]+/v\d{1,3})$`)

// NameOf is a key or a name that a file holds, for a message about the file. What does not look like one is not
// repeated: it may be another file than the person believes, such as one with a password.
func NameOf(text string) string {
	if text == "" || nameLike.MatchString(text) {
		return text
	}
	return "…"
}
