package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"time"
)

// Parse reads a state file: one JSON object, as in the folder accounts of a lab. Ages in it are counted back from now. A field that the state does
// not know, and anything else that is not as it should be, is an error that says where.
func Parse(data []byte, now time.Time) (*State, error) {
	s := &State{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(s); err != nil {
		return nil, fmt.Errorf("practice state: %s%w", position(data, err), err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("practice state: %ssomething follows the state", lineColumn(data, d.InputOffset()))
	}
	resolveTimes(reflect.ValueOf(s), now)
	if err := s.validate(); err != nil {
		return nil, fmt.Errorf("practice state: %w", err)
	}
	return s, nil
}

var accountNumber = regexp.MustCompile(`^\d{12}$`)

// validate finds what a state needs and JSON cannot say.
func (s *State) validate() error {
	if !accountNumber.MatchString(s.Account) {
		return fmt.Errorf("account: %q is not an account number of twelve digits", s.Account)
	}
	if s.Caller.ARN == "" || s.Caller.AccessKeyID == "" || s.Caller.SecretAccessKey == "" {
		return errors.New("caller: arn, accessKeyId and secretAccessKey are needed")
	}
	if where := findNull(reflect.ValueOf(s), ""); where != "" {
		return fmt.Errorf("%s: null cannot stand for anything here", where)
	}
	for _, region := range slices.Sorted(maps.Keys(s.Regions)) {
		if !enabledRegion(region) {
			return fmt.Errorf("regions: %q is not a Region that the account can use", region)
		}
		if err := s.Regions[region].validate(); err != nil {
			return fmt.Errorf("regions: %s: %w", region, err)
		}
	}
	return errors.Join(s.IAM.validate(), s.Workstation.validate())
}

// validate asks the services that can tell a bad state from a good one.
func (r *Regional) validate() error {
	return errors.Join(r.ECR.validate(), r.Logs.validate(), r.EC2.validate())
}
