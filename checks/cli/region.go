package cli

import (
	"fmt"
	"regexp"

	"github.com/labcheck/labcheck/checks"
)

const wantRegion = "a Region is set, such as us-east-1"

var (
	// regionCode is the form of a Region's name, such as us-gov-west-1 or eusc-de-east-1.
	regionCode = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d+$`)
	// zoneName is an Availability Zone's name: a Region's with a letter.
	zoneName = regexp.MustCompile(`^([a-z]{2,4}(?:-[a-z]+)+-\d+)[a-z]$`)
)

// region is the finding about the Region that commands use when they name none.
func (s settings) region(known map[string]string) checks.Finding {
	f := checks.Finding{Subject: "AWS CLI Region", LookedAt: s.places(), Expected: wantRegion}
	value, from := s.regionVariable()
	if value == "" {
		profile, _ := s.profile()
		value, from = profile.Region, "the profile "+s.Profile
	} else if !regionCode.MatchString(value) {
		known[knownVariable] = from
	}
	switch {
	case regionCode.MatchString(value):
		f.Verdict, f.Found = checks.Pass, fmt.Sprintf("%s sets the Region %s", from, value)
		if s.site.Region != "" && value != s.site.Region {
			f.Advice = fmt.Sprintf("commands without --region go to %s, and the lab is in %s", value, s.site.Region)
		}
	case value != "":
		f.Verdict, f.Found = checks.Fail, fmt.Sprintf("%s sets the Region to %s", from, value)
		f.NearMiss = likeness(value)
	default:
		f.Verdict, f.Found = checks.Fail, "no Region is set"
		if s.overlooksVariable() {
			f.NearMiss = "found AWS_REGION; version 1 of the AWS CLI knows only " + olderVariable
		}
	}
	return f
}

// olderVariable sets the Region in every version of the AWS CLI. Version 1 knows no other:
// https://docs.aws.amazon.com/cli/v1/userguide/cli-configure-envvars.html
const olderVariable = "AWS_DEFAULT_REGION"

// regionVariable is the Region that a variable sets, and its name.
func (s settings) regionVariable() (value, name string) {
	if s.overlooksVariable() {
		return s.Environment.OlderRegion, olderVariable
	}
	return s.Environment.Region, s.Environment.RegionFrom
}

// overlooksVariable says whether the installed version does not know the variable that sets the Region.
func (s settings) overlooksVariable() bool {
	return s.major == 1 && s.Environment.RegionFrom != "" && s.Environment.RegionFrom != olderVariable
}

// likeness says what a value is that is no Region.
func likeness(value string) string {
	if zone := zoneName.FindStringSubmatch(value); zone != nil {
		return fmt.Sprintf("%s is an Availability Zone; its Region is %s", value, zone[1])
	}
	return "the setting takes a Region's code, in lower case and with hyphens"
}
