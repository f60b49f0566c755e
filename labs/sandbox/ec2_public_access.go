package sandbox

import "slices"

// blockModes are the values of EC2State.BlockPublicAccess.
var blockModes = []string{"off", "block-bidirectional", "block-ingress"}

type blockPublicAccessOutput struct {
	Options blockPublicAccess `wire:"vpcBlockPublicAccessOptions"`
}

type blockPublicAccess struct {
	Account    string `wire:"awsAccountId"`
	Region     string `wire:"awsRegion"`
	State      string `wire:"state"`
	Mode       string `wire:"internetGatewayBlockMode"`
	ManagedBy  string `wire:"managedBy"`
	Exclusions string `wire:"exclusionsAllowed"`
}

func describeVPCBlockPublicAccessOptions(r *request, _ *none) (*blockPublicAccessOutput, error) {
	options := blockPublicAccess{
		Account: r.accountID(), Region: r.Region,
		State: "default-state", Mode: blockModes[0], ManagedBy: "account", Exclusions: "allowed",
	}
	if mode := r.regional().EC2.BlockPublicAccess; mode != "" {
		options.State, options.Mode = "update-complete", mode
	}
	return &blockPublicAccessOutput{Options: options}, nil
}

type modifyBlockPublicAccessInput struct {
	Mode string `wire:"internetGatewayBlockMode,required"`
}

func modifyVPCBlockPublicAccessOptions(r *request, in *modifyBlockPublicAccessInput) (*blockPublicAccessOutput, error) {
	if !slices.Contains(blockModes, in.Mode) {
		return nil, failf("InvalidParameterValue", "Value (%s) for parameter InternetGatewayBlockMode is invalid.", in.Mode)
	}
	r.regional().EC2.BlockPublicAccess = in.Mode
	return describeVPCBlockPublicAccessOptions(r, &none{})
}
