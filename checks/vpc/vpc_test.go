package vpc_test

import (
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
)

const createDefaultVPC = "aws ec2 create-default-vpc --region us-east-1"

// network is a Region's network as AWS makes it, for a case to change.
type network struct {
	vpc      account.VPC
	subnets  []account.Subnet
	gateways []account.InternetGateway
	tables   []account.RouteTable
	block    string
	zones    []string
}

const (
	vpcID     = "vpc-0aaaaaaa"
	gatewayID = "igw-0bbbbbbb"
	mainTable = "rtb-0ccccccc"
	ownTable  = "rtb-0ddddddd"
)

func fresh(zones ...string) network {
	n := network{
		vpc: account.VPC{Exists: true, ID: vpcID, State: "available", CIDR: "172.31.0.0/16"},
		gateways: []account.InternetGateway{
			{ID: "igw-0eeeeeee", Attachments: []account.Attachment{{VPC: "vpc-0other00", State: "available"}}},
			{ID: gatewayID, Attachments: []account.Attachment{{VPC: vpcID, State: "available"}}},
		},
		tables: []account.RouteTable{
			{ID: "rtb-0other00", VPC: "vpc-0other00", Main: true},
			{ID: mainTable, VPC: vpcID, Main: true, Routes: []account.Route{
				{Destination: "172.31.0.0/16", Target: "local", State: "active"},
				{Destination: "0.0.0.0/0", Target: gatewayID, State: "active"},
			}},
		},
		block: "off",
		zones: []string{"us-east-1a", "us-east-1b", "us-east-1c", "us-east-1bos-1a"},
	}
	for _, zone := range zones {
		n.subnets = append(n.subnets, account.Subnet{
			ID: "subnet-" + zone[len(zone)-1:], VPC: vpcID, State: "available", Zone: zone,
		})
	}
	other := account.Subnet{ID: "subnet-x", VPC: "vpc-0other00", State: "available", Zone: "us-east-1c"}
	n.subnets = append(n.subnets, other)
	return n
}

func (n network) with(change func(*network)) network {
	change(&n)
	return n
}

func key() account.NetworkKey { return account.NetworkKey{Region: checktest.Region} }

// forSubnets are the facts that vpc-subnets asks for, zones only if it fails.
func (n network) forSubnets() []facts.Given {
	return []facts.Given{account.DefaultVPC.Given(key(), n.vpc), account.Subnets.Given(key(), n.subnets)}
}

func (n network) forRoute() []facts.Given {
	return append(n.forSubnets(), account.InternetGateways.Given(key(), n.gateways),
		account.RouteTables.Given(key(), n.tables), account.PublicAccessBlock.Given(key(), n.block))
}

func (n network) zonesToo(given []facts.Given) []facts.Given {
	return append(given, account.AvailabilityZones.Given(key(), n.zones))
}
