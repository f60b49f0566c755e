package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/sandbox/ec2"
	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// KeyPairExists passes when a key pair is there to sign in to machines with. labcheck's practice account knows no key
// pairs: practice is further down.
var KeyPairExists = checks.New(checks.Spec[KeyPairParams]{
	ID:       "ec2-key-pair",
	Title:    "There is a key pair to sign in with",
	Why:      "Without a key pair nobody gets into a machine that has started.",
	Verify:   "aws ec2 describe-key-pairs",
	Reads:    []facts.Source{keyPairs},
	Defaults: KeyPairParams{Name: "lab"},
	Run:      keyPairExists,
})

// KeyPairParams are what a lab can choose.
type KeyPairParams struct {
	Name string `json:"key-pair" help:"the key pair of the lab"`
}

func keyPairExists(v *facts.View, p KeyPairParams) (checks.Result, error) {
	region := v.Site().Region
	names, err := keyPairs.Get(v, keyPairsKey{Region: region})
	if err != nil {
		return checks.Result{}, err
	}
	f := checks.Finding{
		Subject:  "Key pair " + p.Name,
		LookedAt: fmt.Sprintf("the %d key pairs in %s", len(names), region),
		Expected: "the key pair exists",
	}
	if slices.Contains(names, p.Name) {
		return checks.Of(f.Pass("the key pair " + p.Name)), nil
	}
	return checks.Of(f.Fail("no key pair " + p.Name)).WithFix(checks.Fix{
		Commands: []checks.Command{checks.Sh("aws", "ec2", "create-key-pair", "--key-name", p.Name)},
		Console:  "EC2 › Key pairs › Create key pair",
	}), nil
}

type keyPairsKey struct {
	Region string `json:"region"`
}

var keyPairs = &facts.Read[keyPairsKey, []string]{
	Name:       "own.key-pairs",
	Operations: []string{"ec2:DescribeKeyPairs"},
	Actions:    []string{"ec2:DescribeKeyPairs"},
	Fetch: func(ctx context.Context, access *facts.Access, key keyPairsKey) ([]string, error) {
		type pair struct{ KeyName string }
		out, err := account.Ask[struct{ KeyPairs []pair }](ctx, access, "ec2:DescribeKeyPairs", key.Region, nil)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, p := range out.KeyPairs {
			names = append(names, p.KeyName)
		}
		return names, nil
	},
}

// Practice is the practice account's EC2 with key pairs. A service that the practice account does not have at all is a
// wire.Service like this one, from its names on; package generate writes its types from AWS's model.
func Practice() *wire.Service {
	s := *ec2.Service
	s.Operations = append(slices.Clone(s.Operations), wire.Op("DescribeKeyPairs", describeKeyPairs))
	s.Parts = append(slices.Clone(s.Parts), kept)
	return &s
}

// kept is what a state file says of the key pairs of a Region, as "keyPairs": [{"name": "lab"}].
var kept = &wire.Part[[]keyPair]{Key: "keyPairs", Regional: true}

type keyPair struct {
	Name string `json:"name" wire:"keyName"`
}

type describeKeyPairsOutput struct {
	KeyPairs []keyPair `wire:"keySet"`
}

func describeKeyPairs(r *wire.Request, _ *wire.None) (*describeKeyPairsOutput, error) {
	return &describeKeyPairsOutput{KeyPairs: *kept.Of(r)}, nil
}
