package workstation

import (
	"errors"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"
)

// awsSetting is a setting without a fitting value of which no command of the AWS CLI runs.
type awsSetting struct {
	name     string // in a profile; "" for none
	variable string // in the environment, over the profile; "" for none
	// since are the minor numbers of the first versions 1 and 2 that mind it.
	since [2]int
	fits  func(value string, version cliVersion) bool
}

// never is for a version that does not mind a setting.
const never = math.MaxInt

// awsSettings were found by asking the AWS CLI itself: checks/cli/testdata/homes.json holds its answers.
var awsSettings = []awsSetting{
	{"output", "AWS_DEFAULT_OUTPUT", [2]int{}, outputFormat},
	{"retry_mode", "AWS_RETRY_MODE", [2]int{}, retryMode},
	{"max_attempts", "AWS_MAX_ATTEMPTS", [2]int{}, numberFrom(1)},
	{"metadata_service_timeout", "AWS_METADATA_SERVICE_TIMEOUT", [2]int{}, numberFrom(math.MinInt)},
	{"metadata_service_num_attempts", "AWS_METADATA_SERVICE_NUM_ATTEMPTS", [2]int{}, numberFrom(math.MinInt)},
	{"ec2_metadata_service_endpoint_mode", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", [2]int{}, addressKind},
	{"cli_timestamp_format", "", [2]int{}, timestampFormat},
	{"sts_regional_endpoints", "AWS_STS_REGIONAL_ENDPOINTS", [2]int{0, never}, oneOf("legacy", "regional")},
	{
		"defaults_mode", "AWS_DEFAULTS_MODE",
		[2]int{0, never},
		oneOf("legacy", "auto", "standard", "in-region", "cross-region", "mobile"),
	},
	{"api_versions", "", [2]int{0, never}, nested},
	{"cli_binary_format", "", [2]int{never, 0}, oneOf("base64", "raw-in-base64-out")},
	{"endpoint_url", "AWS_ENDPOINT_URL", [2]int{29, 13}, webAddress},
	{"", "AWS_ENDPOINT_URL_STS", [2]int{29, 13}, webAddress},
	{
		"account_id_endpoint_mode", "AWS_ACCOUNT_ID_ENDPOINT_MODE",
		[2]int{36, 22},
		oneOf("preferred", "disabled", "required"),
	},
	{"request_checksum_calculation", "AWS_REQUEST_CHECKSUM_CALCULATION", [2]int{37, 23}, checksumMode},
	{"response_checksum_validation", "AWS_RESPONSE_CHECKSUM_VALIDATION", [2]int{37, 23}, checksumMode},
	{
		"request_min_compression_size_bytes", "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES",
		[2]int{29, 13},
		numberFrom(math.MinInt),
	},
}

var checksumMode = oneOf("when_supported", "when_required")

func oneOf(values ...string) func(string, cliVersion) bool {
	return func(value string, _ cliVersion) bool { return slices.Contains(values, strings.ToLower(value)) }
}

// numberFrom is a whole number of at least so much.
func numberFrom(least int) func(string, cliVersion) bool {
	return func(value string, _ cliVersion) bool {
		n, err := strconv.Atoi(strings.TrimSpace(value))
		return err == nil && n >= least
	}
}

// nested is a setting with settings of its own on the lines below it.
func nested(value string, _ cliVersion) bool { return value == "" || strings.HasPrefix(value, "\n") }

func outputFormat(value string, version cliVersion) bool {
	formats := []string{"json", "text", "table"}
	if version.major > 1 {
		formats = append(formats, "yaml", "yaml-stream")
	}
	if version.atLeast(2, 34) {
		formats = append(formats, "off")
	}
	return slices.Contains(formats, value)
}

func retryMode(value string, version cliVersion) bool {
	return value == "standard" || value == "adaptive" || value == "legacy" && version.major == 1
}

func timestampFormat(value string, version cliVersion) bool {
	asAnswered := "wire"
	if version.major == 1 {
		asAnswered = "none"
	}
	return value == asAnswered || value == "iso8601"
}

func addressKind(value string, _ cliVersion) bool {
	return slices.Contains([]string{"", "ipv4", "ipv6"}, strings.ToLower(value))
}

func webAddress(value string, _ cliVersion) bool {
	return value == "" || strings.HasPrefix(value, "http://") || strings.HasPrefix(value, "https://")
}

// settingFlaws are the settings of a profile and of the environment with which no command runs.
func (d *Door) settingFlaws(s awsSections, profile string, version cliVersion) []Flaw {
	var flaws []Flaw
	settings := s.profiles[profile]
	ignoresAddresses := strings.EqualFold(d.env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true") ||
		strings.EqualFold(settings["ignore_configured_endpoint_urls"], "true")
	for _, setting := range awsSettings {
		name := setting.variable
		value, set := d.machine.Env(name)
		if !set || name == "" {
			name = setting.name
			value, set = settings[name]
		}
		switch {
		case !set || !version.minds(setting) || ignoresAddresses && strings.HasPrefix(setting.variable, "AWS_ENDPOINT_URL"):
		case !setting.fits(value, version):
			flaws = append(flaws, Flaw{name, NotKnown})
		}
	}
	if named, set := settings["services"]; set && !s.services[named] && version.minds(awsSetting{since: [2]int{29, 13}}) {
		flaws = append(flaws, Flaw{"services", NoSuchName})
	}
	return append(flaws, d.bundleFlaws(settings)...)
}

func (v cliVersion) minds(s awsSetting) bool {
	if v.major == 1 {
		return v.minor >= s.since[0]
	}
	return v.minor >= s.since[1]
}

// bundleFlaws looks for the file of the certificates that are trusted. The AWS CLI puts no home folder in the place of
// a ~ there.
func (d *Door) bundleFlaws(settings map[string]string) []Flaw {
	name := "AWS_CA_BUNDLE"
	value, set := d.machine.Env(name)
	if !set {
		name = "ca_bundle"
		value = settings[name]
	}
	switch {
	case value == "":
	case strings.HasPrefix(value, "~"):
		return []Flaw{{name, HomeSign}}
	case d.machine.Open != nil:
		if f, err := d.machine.Open(value); errors.Is(err, fs.ErrNotExist) {
			return []Flaw{{name, NoSuchFile}}
		} else if err == nil {
			f.Close()
		}
	}
	return nil
}
