package s3

import (
	"net/http"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Control is S3 Control, as far as the practice account has it: what an account as a whole lets be public.
var Control = &wire.Service{
	API: wire.API{
		ID: "s3control", Signing: "s3", Protocols: []wire.Protocol{wire.RESTXML},
		Namespace: "http://awss3control.amazonaws.com/doc/2018-08-20/",
		Routes: []wire.Route{
			controlRoute("GetPublicAccessBlock", http.MethodGet, 0),
			controlRoute("PutPublicAccessBlock", http.MethodPut, 0),
			controlRoute("DeletePublicAccessBlock", http.MethodDelete, http.StatusNoContent),
		},
	},
	Actions: map[string]string{
		"DeletePublicAccessBlock": "s3:PutAccountPublicAccessBlock",
		"GetPublicAccessBlock":    "s3:GetAccountPublicAccessBlock",
		"PutPublicAccessBlock":    "s3:PutAccountPublicAccessBlock",
	},
	Operations: []wire.Operation{
		wire.Op("GetPublicAccessBlock", getAccountBlock),
		wire.Change("PutPublicAccessBlock", putAccountBlock),
		wire.Change("DeletePublicAccessBlock", deleteAccountBlock),
	},
}

func controlRoute(operation, method string, status int) wire.Route {
	return wire.Route{
		Operation: operation, Method: method, Path: "/v20180820/configuration/publicAccessBlock",
		Headers: []string{"X-Amz-Account-Id"}, Status: status,
	}
}

// accountBlockInput is the input of Control's operations; only the one that puts has a configuration.
type accountBlockInput struct {
	AccountID string                              `wire:"X-Amz-Account-Id,required,in=header"`
	Block     *publicAccessBlockConfigurationWire `wire:"PublicAccessBlockConfiguration,in=payload"`
}

type accountBlockOutput struct {
	Block *publicAccessBlockConfigurationWire `wire:"PublicAccessBlockConfiguration,in=payload"`
}

// account is what S3 holds, if it is the caller's own account that is asked for.
func (in *accountBlockInput) account(r *wire.Request) (*State, error) {
	if in.AccountID != r.AccountID() {
		return nil, &wire.Error{Code: "AccessDenied", Message: "Access Denied", Status: http.StatusForbidden}
	}
	return Part.Of(r), nil
}

func getAccountBlock(r *wire.Request, in *accountBlockInput) (*accountBlockOutput, error) {
	s, err := in.account(r)
	if err != nil {
		return nil, err
	}
	if s.PublicAccessBlock == nil {
		return nil, noBlock()
	}
	return &accountBlockOutput{Block: s.PublicAccessBlock}, nil
}

func putAccountBlock(r *wire.Request, in *accountBlockInput) (*wire.None, error) {
	s, err := in.account(r)
	if err != nil {
		return nil, err
	}
	if in.Block == nil {
		return nil, wire.Failf("MalformedXML", "The XML you provided was not well-formed")
	}
	s.PublicAccessBlock = in.Block
	return &wire.None{}, nil
}

func deleteAccountBlock(r *wire.Request, in *accountBlockInput) (*wire.None, error) {
	s, err := in.account(r)
	if err != nil {
		return nil, err
	}
	s.PublicAccessBlock = nil
	return &wire.None{}, nil
}

func noBlock() error {
	return &wire.Error{
		Code: "NoSuchPublicAccessBlockConfiguration", Status: http.StatusNotFound,
		Message: "The public access block configuration was not found",
	}
}

func getPublicAccessBlock(r *wire.Request, in *getPublicAccessBlockInput) (*getPublicAccessBlockOutput, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.PublicAccessBlock == nil {
		return nil, noBlock()
	}
	return &getPublicAccessBlockOutput{PublicAccessBlockConfiguration: b.PublicAccessBlock}, nil
}

func putPublicAccessBlock(r *wire.Request, in *putPublicAccessBlockInput) (*wire.None, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	block := in.PublicAccessBlockConfiguration
	for _, setting := range []**bool{
		&block.BlockPublicAcls, &block.IgnorePublicAcls, &block.BlockPublicPolicy, &block.RestrictPublicBuckets,
	} {
		*setting = new(wire.Value(*setting)) // what is not said is off
	}
	b.PublicAccessBlock = &block
	return &wire.None{}, nil
}

func deletePublicAccessBlock(r *wire.Request, in *deletePublicAccessBlockInput) (*wire.None, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.PublicAccessBlock = nil
	return &wire.None{}, nil
}
