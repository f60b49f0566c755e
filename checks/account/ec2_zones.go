package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// AvailabilityZones are the names of the ordinary zones of a Region that this account can use, such as us-east-1a: not
// every account sees the same ones. Local and Wavelength zones are left out.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html
var AvailabilityZones = &facts.Read[NetworkKey, []string]{
	Name:       "ec2.availability-zones",
	Operations: []string{"ec2:DescribeAvailabilityZones"},
	Fetch: func(ctx context.Context, a *facts.Access, key NetworkKey) ([]string, error) {
		client, err := clientFor(a, key.Region, ec2.NewFromConfig)
		if err != nil {
			return nil, err
		}
		out, err := client.DescribeAvailabilityZones(ctx, &ec2.DescribeAvailabilityZonesInput{
			Filters: []types.Filter{
				{Name: aws.String("zone-type"), Values: []string{"availability-zone"}},
				{Name: aws.String("state"), Values: []string{string(types.AvailabilityZoneStateAvailable)}},
			},
		})
		if err != nil {
			return nil, err
		}
		var zones []string
		for _, z := range out.AvailabilityZones {
			if name := aws.ToString(z.ZoneName); name != "" {
				zones = append(zones, name)
			}
		}
		return zones, nil
	},
}
