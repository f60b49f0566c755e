//go:build conformance

package conformance

// network is a Region with two zones, in which the default VPC is broken and fixed.
func network() story {
	region := []string{"--region", "us-west-1"}
	return story{name: "the default VPC", scenarios: []scenario{
		{
			name: "subnets in one zone", flags: region,
			types: `
				subnets=$(aws ec2 describe-subnets --region us-west-1 --query 'Subnets[1:].SubnetId' --output text)
				for subnet in $subnets; do
					aws ec2 delete-subnet --region us-west-1 --subnet-id "$subnet"
				done`,
			changes: table{"vpc-subnets": "fail"},
			says:    table{"vpc-subnets": "subnets in 1 zone"},
		},
		{name: "a subnet in another zone", flags: region, fix: "vpc-subnets", changes: table{"vpc-subnets": "pass"}},
		{
			name: "the way to the internet", flags: region, fix: "vpc-internet-route",
			changes: table{"vpc-internet-route": "pass"},
		},
		{
			name: "the internet gateway is gone, and the route with it", flags: region,
			types: `
				gateway=$(aws ec2 describe-internet-gateways --region us-west-1 \
				  --query 'InternetGateways[0].InternetGatewayId' --output text)
				vpc=$(aws ec2 describe-vpcs --region us-west-1 --query 'Vpcs[0].VpcId' --output text)
				aws ec2 detach-internet-gateway --region us-west-1 --internet-gateway-id "$gateway" --vpc-id "$vpc"`,
			changes: table{"vpc-internet-route": "fail"},
		},
		{
			name: "no default VPC", flags: region,
			types: `
				for subnet in $(aws ec2 describe-subnets --region us-west-1 --query 'Subnets[].SubnetId' --output text); do
					aws ec2 delete-subnet --region us-west-1 --subnet-id "$subnet"
				done
				aws ec2 delete-vpc --region us-west-1 \
				  --vpc-id "$(aws ec2 describe-vpcs --region us-west-1 --query 'Vpcs[0].VpcId' --output text)"`,
			changes: table{
				"vpc-default":        "fail",
				"vpc-subnets":        "blocked by vpc-default",
				"vpc-internet-route": "blocked by vpc-default",
			},
		},
		{
			name: "a new default VPC", flags: region, fix: "vpc-default",
			changes: table{"vpc-default": "pass", "vpc-subnets": "pass", "vpc-internet-route": "fail"},
		},
		{
			name: "the internet gateway that is left over", flags: region, fix: "vpc-internet-route",
			changes: table{"vpc-internet-route": "pass"},
		},
	}}
}
