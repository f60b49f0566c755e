package cost

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/checks"
)

// page is the page size that EC2 wants to be given: it allows fewer requests that ask for everything at once.
var page = map[string]any{"MaxResults": int64(1000)}

// snapshotsOfOurs leaves out the public ones.
var snapshotsOfOurs = map[string]any{"MaxResults": int64(1000), "OwnerIds": []any{"self"}}

// noLightsail are the Regions without Lightsail.
const noLightsail = "af-south-1 ap-east-2 ap-northeast-3 ap-south-2 ap-southeast-4 ap-southeast-6 ap-southeast-7 " +
	"ca-west-1 eu-central-2 eu-south-1 il-central-1 me-central-1 me-south-1 mx-central-1 us-west-1"

// network is what the network costs.
var network = group{
	{
		call: "ec2:DescribeNatGateways", with: page,
		find: "NatGateways[].{id: NatGatewayId, state: State, type: ConnectivityType, kind: AvailabilityMode, " +
			"ips: NatGatewayAddresses[].PublicIp, of: NatGatewayAddresses[].AllocationId, " +
			"zones: NatGatewayAddresses[].AvailabilityZone}",
		noun: "NAT gateway", gone: "deleted, failed", going: "deleting",
		price: func(t Thing) rate {
			if t.Kind == regional { // it is billed for each zone
				return daily("NAT gateway").times(float64(max(1, len(t.Zones), len(t.IPs))))
			}
			return daily("NAT gateway")
		},
		remove: func(t Thing) []string {
			remove := []string{
				"aws ec2 delete-nat-gateway --nat-gateway-id {id}",
				"aws ec2 wait nat-gateway-deleted --nat-gateway-ids {id}",
			}
			if t.Kind == regional { // its addresses go with it
				return remove[:1]
			}
			return append(remove, "aws ec2 release-address --allocation-id {of}")
		},
		order: second, console: "VPC › NAT gateways",
	},
	{
		call: "elbv2:DescribeLoadBalancers",
		find: "LoadBalancers[].{id: LoadBalancerArn, name: LoadBalancerName, type: Type, kind: Scheme, " +
			"zones: AvailabilityZones[].ZoneName}",
		noun: "load balancer", price: each("application balancer"),
		remove: always("aws elbv2 delete-load-balancer --load-balancer-arn {id}"),
		order:  first, console: "EC2 › Load balancers",
	},
	{
		call: "elb:DescribeLoadBalancers",
		find: "LoadBalancerDescriptions[].{id: LoadBalancerName, kind: Scheme, zones: AvailabilityZones}",
		noun: "classic load balancer", price: each("classic balancer"),
		remove: always("aws elb delete-load-balancer --load-balancer-name {id}"),
		order:  first, console: "EC2 › Load balancers",
	},
	{
		call: "ec2:DescribeVpcEndpoints", with: page,
		find: "VpcEndpoints[].{id: VpcEndpointId, state: State, type: VpcEndpointType, kind: ServiceName, zones: SubnetIds}",
		noun: "VPC endpoint", gone: "deleted, failed, rejected, expired", going: "deleting",
		left: func(t Thing) checks.Verdict {
			if strings.EqualFold(t.Type, "Gateway") { // S3 and DynamoDB: free
				return checks.Skipped
			}
			return checks.Fail
		},
		price:  func(t Thing) rate { return daily("interface endpoint").times(float64(max(1, len(t.Zones)))) },
		remove: always("aws ec2 delete-vpc-endpoints --vpc-endpoint-ids {id}"),
		order:  first, console: "VPC › Endpoints",
	},
	{
		call: "ec2:DescribeTransitGatewayAttachments", with: page,
		find: "TransitGatewayAttachments[].{id: TransitGatewayAttachmentId, state: State, type: ResourceType, " +
			"of: [TransitGatewayId]}",
		noun: "transit gateway attachment", gone: "deleted, failed, rejected", going: "deleting",
		price: each("transit attachment"),
		remove: func(t Thing) []string {
			whole := "aws ec2 delete-transit-gateway --transit-gateway-id {of}"
			switch t.Type {
			case "vpc":
				return []string{"aws ec2 delete-transit-gateway-vpc-attachment --transit-gateway-attachment-id {id}", whole}
			case "peering":
				return []string{"aws ec2 delete-transit-gateway-peering-attachment --transit-gateway-attachment-id {id}", whole}
			case "connect":
				return []string{"aws ec2 delete-transit-gateway-connect --transit-gateway-attachment-id {id}", whole}
			}
			return []string{whole} // it goes with what is attached
		},
		order: second, console: "VPC › Transit gateway attachments",
	},
	{
		call: "ec2:DescribeVpnConnections",
		find: "VpnConnections[].{id: VpnConnectionId, state: State, type: Type}",
		noun: "VPN connection", gone: "deleted", going: "deleting",
		price: func(Thing) rate { // and two addresses of AWS's own end
			return daily("VPN connection").plus(daily("public IPv4 address").times(2)) //nolint:mnd // tunnels
		},
		remove: always("aws ec2 delete-vpn-connection --vpn-connection-id {id}"),
		order:  first, console: "VPC › Site-to-Site VPN connections",
	},
	{
		call: "ec2:DescribeAddresses",
		find: "Addresses[].{id: not_null(AllocationId, PublicIp), name: PublicIp, ips: [PublicIp], " +
			"type: ServiceManaged, kind: PublicIpv4Pool, note: AssociationId, of: [InstanceId]}",
		noun: "Elastic IP address",
		left: func(t Thing) checks.Verdict {
			if t.Kind != "" && t.Kind != "amazon" { // of a pool of one's own
				return checks.Skipped
			}
			return checks.Fail
		},
		remove: func(t Thing) []string {
			switch {
			case t.Type != "": // it goes with what it serves
				return nil
			case len(t.Of) > 0:
				return []string{
					"aws ec2 disassociate-address --association-id " + t.Note, "aws ec2 release-address --allocation-id {id}",
				}
			}
			return []string{"aws ec2 release-address --allocation-id {id}"}
		},
		order: fourth, console: "EC2 › Elastic IPs",
	},
	{
		call: "ec2:DescribeNetworkInterfaces", with: page,
		find: "NetworkInterfaces[?Association.PublicIp].{id: NetworkInterfaceId, name: Description, type: InterfaceType, " +
			"ips: [Association.PublicIp], note: Association.AllocationId, of: [Attachment.InstanceId]}",
		noun: "network interface",
		remove: func(t Thing) []string {
			switch owner := ownerOf(t); owner.kind {
			case ownedByBalancer:
				return []string{"aws elbv2 delete-load-balancer --load-balancer-arn " + owner.name}
			case ownedByClassic:
				return []string{"aws elb delete-load-balancer --load-balancer-name " + owner.name}
			case ownedByTask:
				return []string{"aws ecs update-service --cluster CLUSTER --service SERVICE --desired-count 0"}
			default:
				return nil
			}
		},
		order: third, console: "EC2 › Network Interfaces",
	},
	{
		call: "network-firewall:ListFirewalls", find: "Firewalls[].{id: FirewallName, name: FirewallName}", more: true,
		noun: "network firewall", price: each("network firewall"),
		remove: always("aws network-firewall delete-firewall --firewall-name {id}"),
		order:  first, console: "VPC › Network firewalls",
	},
	{
		call: "globalaccelerator:ListAccelerators", more: true, home: "us-west-2",
		find: "Accelerators[].{id: not_null(AcceleratorArn, Name), name: Name, state: Status}",
		noun: "accelerator", going: "IN_PROGRESS", price: each("accelerator"),
		remove: always("aws globalaccelerator update-accelerator --accelerator-arn {id} --no-enabled",
			"aws globalaccelerator delete-accelerator --accelerator-arn {id}"),
		order: first, console: "Global Accelerator › Accelerators",
	},
}

// regional is the mode of a NAT gateway that is in several zones.
const regional = "regional"

// compute is what computing costs.
var compute = group{
	{
		call: "autoscaling:DescribeAutoScalingGroups",
		find: "AutoScalingGroups[].{id: AutoScalingGroupName, state: not_null(Status, 'there'), count: DesiredCapacity, " +
			"size: MinSize}",
		noun: "Auto Scaling group", going: "Delete in progress",
		left: func(t Thing) checks.Verdict {
			if t.Count == 0 && t.Size == 0 {
				return checks.Skipped
			}
			return checks.Fail
		},
		remove: always("aws autoscaling delete-auto-scaling-group --auto-scaling-group-name {id} --force-delete"),
		order:  first, console: "EC2 › Auto Scaling groups",
	},
	{
		call: "ec2:DescribeSpotInstanceRequests", with: page,
		find: "SpotInstanceRequests[].{id: SpotInstanceRequestId, state: State, type: Type}",
		noun: "Spot request", gone: "closed, cancelled, failed",
		left: func(t Thing) checks.Verdict {
			if t.Type == "one-time" && t.State != "open" { // its instance is listed
				return checks.Skipped
			}
			return checks.Fail
		},
		remove: always("aws ec2 cancel-spot-instance-requests --spot-instance-request-ids {id}"),
		order:  first, console: "EC2 › Spot Requests",
	},
	{
		call: "ecs:ListClusters", ask: ecsServices,
		calls: []string{"ecs:ListServices", "ecs:DescribeServices", "ecs:ListTasks", "ecs:DescribeTasks"},
		noun:  "ECS service", gone: "INACTIVE, STOPPED, DELETED", going: "DRAINING, DEACTIVATING, STOPPING, DEPROVISIONING",
		left: func(t Thing) checks.Verdict {
			if t.Kind == ecsService && t.Count == 0 && t.Size == 0 {
				return checks.Skipped
			}
			return checks.Fail
		},
		price: fargate,
		remove: func(t Thing) []string {
			if t.Kind == ecsService {
				return []string{
					"aws ecs update-service --cluster {of} --service {id} --desired-count 0",
					"aws ecs delete-service --cluster {of} --service {id} --force",
				}
			}
			return []string{"aws ecs stop-task --cluster {of} --task {id}"}
		},
		order: second, console: "ECS › Clusters › Services",
	},
	{
		call: "ec2:DescribeInstances", with: page,
		find: "Reservations[].Instances[].{id: InstanceId, state: State.Name, type: InstanceType, ips: [PublicIpAddress], " +
			"of: BlockDeviceMappings[].Ebs.VolumeId}",
		noun: "instance", gone: "terminated", going: "shutting-down", idle: "stopped, stopping",
		price:  running(sized),
		remove: always("aws ec2 terminate-instances --instance-ids {id}"),
		order:  third, console: "EC2 › Instances",
	},
	{
		call: "lightsail:GetInstances", find: "instances[].{id: name, state: state.name, type: bundleId}", not: noLightsail,
		noun: "Lightsail instance", gone: "terminated", going: "shutting-down", // one that is stopped is billed in full
		price: func(t Thing) rate {
			size, _, _ := strings.Cut(t.Type, "_")
			if r := daily("Lightsail " + size); r.high > 0 {
				return r
			}
			return between("Lightsail nano", "Lightsail 4xlarge")
		},
		remove: always("aws lightsail delete-instance --instance-name {id}"),
		order:  third, console: "Lightsail › Instances",
	},
	{
		call: "ec2:DescribeCapacityReservations", with: page, more: true,
		find: "CapacityReservations[].{id: CapacityReservationId, state: State, type: InstanceType, " +
			"count: AvailableInstanceCount, size: TotalInstanceCount}",
		noun: "Capacity Reservation", gone: "cancelled, expired, payment-failed, unsupported, failed",
		price:  func(t Thing) rate { return sized(t.Type).times(t.Count) }, // those in use are billed as instances
		remove: always("aws ec2 cancel-capacity-reservation --capacity-reservation-id {id}"),
		order:  last, console: "EC2 › Capacity Reservations",
	},
	{
		call: "elasticbeanstalk:DescribeEnvironments", more: true, not: "ap-east-2 mx-central-1",
		find: "Environments[].{id: EnvironmentName, state: Status}",
		noun: "Elastic Beanstalk environment", gone: "Terminated", going: "Terminating",
		price: func(Thing) rate { // what it makes is listed too: at most a small instance and a balancer
			return sized("t3.micro").plus(daily("application balancer")).upTo()
		},
		remove: always("aws elasticbeanstalk terminate-environment --environment-name {id}"),
		order:  first, console: "Elastic Beanstalk › Environments",
	},
	{
		call: "lambda:ListFunctions", find: "Functions[].FunctionName", more: true,
		each: &detail{
			call: "lambda:ListProvisionedConcurrencyConfigs", member: "FunctionName",
			find: "ProvisionedConcurrencyConfigs[].{id: FunctionArn, state: Status, " +
				"count: not_null(AllocatedProvisionedConcurrentExecutions, RequestedProvisionedConcurrentExecutions)}",
		},
		noun:  "provisioned concurrency",
		price: func(t Thing) rate { return daily("provisioned GB of Lambda").times(t.Count / 2) }, //nolint:mnd // 512 MB
		remove: func(t Thing) []string {
			i := strings.LastIndex(t.ID, ":")
			return []string{
				"aws lambda delete-provisioned-concurrency-config --function-name " + t.ID[:max(i, 0)] +
					" --qualifier " + t.ID[i+1:],
			}
		},
		order: second, console: "Lambda › Functions › Configuration › Concurrency",
	},
	{
		call: "workspaces:DescribeWorkspaces", more: true,
		not: "ap-east-1 ap-east-2 ap-northeast-3 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-6 ap-southeast-7 " +
			"ca-west-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 me-central-1 me-south-1 mx-central-1 us-west-1",
		find: "Workspaces[].{id: WorkspaceId, state: State, type: WorkspaceProperties.RunningMode}",
		noun: "WorkSpace", gone: "TERMINATED", going: "TERMINATING",
		price: func(t Thing) rate {
			if t.Type == "ALWAYS_ON" {
				return daily("WorkSpace, always on")
			}
			return daily("WorkSpace, monthly part")
		},
		remove: always("aws workspaces terminate-workspaces --terminate-workspace-requests WorkspaceId={id}"),
		order:  second, console: "WorkSpaces › WorkSpaces",
	},
}

// freeImages is how much of ECR is free in a month, in bytes.
const freeImages = 500 << 20

// storage is what is stored.
var storage = group{
	{
		call: "ec2:DescribeVolumes", with: page,
		find: "Volumes[].{id: VolumeId, state: State, type: VolumeType, size: Size, of: Attachments[].InstanceId, " +
			"note: to_string(Attachments[0].DeleteOnTermination)}",
		noun: "volume", gone: "deleted", going: "deleting", idle: "in-use",
		price: func(t Thing) rate {
			switch t.Type {
			case "gp2", "st1", "sc1":
				return daily(t.Type + " GB").times(t.Size)
			case "io1", "io2": // and its operations, which the list does not price
				return daily("io GB").times(t.Size)
			case "standard":
				return daily("magnetic GB").times(t.Size)
			}
			return daily("gp3 GB").times(t.Size)
		},
		remove: func(t Thing) []string {
			remove := []string{
				"aws ec2 terminate-instances --instance-ids {of}", "aws ec2 wait instance-terminated --instance-ids {of}",
				"aws ec2 delete-volume --volume-id {id}",
			}
			if t.Note == "true" { // it goes with its instance
				return remove[:1]
			}
			return remove
		},
		order: third, console: "EC2 › Volumes",
	},
	{
		call: "ec2:DescribeSnapshots", with: snapshotsOfOurs,
		find: "Snapshots[].{id: SnapshotId, state: State, type: StorageTier, size: VolumeSize, note: Description}",
		noun: "snapshot", gone: "recoverable, recovering", left: partly,
		price: func(t Thing) rate { // the blocks that are stored count, and nobody says how many those are
			if t.Type == "archive" {
				return daily("archived snapshot GB").times(t.Size).upTo()
			}
			return daily("snapshot GB").times(t.Size).upTo()
		},
		remove: func(t Thing) []string {
			remove := []string{"aws ec2 delete-snapshot --snapshot-id {id}"}
			if image := imageID.FindString(t.Note); image != "" { // it is a part of the image
				return append([]string{"aws ec2 deregister-image --image-id " + image}, remove...)
			}
			return remove
		},
		order: fourth, console: "EC2 › Snapshots",
	},
	{
		call: "ecr:DescribeRepositories", find: "repositories[].repositoryName",
		each: &detail{
			call: "ecr:DescribeImages", member: "repositoryName",
			find: "[{id: not_null(imageDetails[0].repositoryName, 'images'), size: sum(imageDetails[].imageSizeInBytes)}]",
			most: 20, //nolint:mnd // repositories
		},
		noun: "ECR repository", order: last, console: "ECR › Repositories",
		left: func(t Thing) checks.Verdict {
			if t.Size <= freeImages {
				return checks.Skipped
			}
			return checks.Pass // cents, and the lab of images needs them
		},
		price: func(t Thing) rate { return daily("ECR GB").times(max(0, t.Size/(1<<30)-0.5)) }, //nolint:mnd // free
	},
	{
		call: "logs:DescribeLogGroups",
		find: "logGroups[].{id: logGroupName, count: retentionInDays, size: storedBytes}",
		noun: "log group",
		left: func(t Thing) checks.Verdict {
			if t.Count > 0 {
				return checks.Skipped
			}
			return checks.Partial
		},
		price:  func(t Thing) rate { return daily("log GB").times(t.Size / (1 << 30)) },
		remove: always("aws logs put-retention-policy --log-group-name {id} --retention-in-days 7"),
		order:  last, console: "CloudWatch › Log groups › Actions › Edit retention setting",
	},
	{
		call: "efs:DescribeFileSystems",
		find: "FileSystems[].{id: FileSystemId, state: LifeCycleState, type: ThroughputMode, " +
			"count: ProvisionedThroughputInMibps, size: SizeInBytes.Value}",
		noun: "EFS file system", gone: "deleted", going: "deleting",
		left: func(t Thing) checks.Verdict {
			switch {
			case t.Type == "provisioned":
				return checks.Fail
			case t.Size >= 1<<20:
				return checks.Partial
			}
			return checks.Pass
		},
		price: func(t Thing) rate {
			return daily("EFS MiB/s").times(t.Count).plus(daily("EFS GB").times(t.Size / (1 << 30)))
		},
		remove: always(
			"aws efs describe-mount-targets --file-system-id {id} --query MountTargets[].[MountTargetId] --output text | "+
				"xargs -I ID aws efs delete-mount-target --mount-target-id ID",
			"aws efs delete-file-system --file-system-id {id}"),
		order: fourth, console: "EFS › File systems",
	},
	{
		call: "fsx:DescribeFileSystems",
		find: "FileSystems[].{id: FileSystemId, state: Lifecycle, type: FileSystemType, size: StorageCapacity}",
		noun: "FSx file system", going: "DELETING",
		price:  func(t Thing) rate { return between("FSx GB at least", "FSx GB at most").times(t.Size) },
		remove: always("aws fsx delete-file-system --file-system-id {id}"),
		order:  third, console: "FSx › File systems",
	},
	{
		call: "backup:ListBackupVaults", more: true,
		find: "BackupVaultList[].{id: BackupVaultName, count: NumberOfRecoveryPoints, type: to_string(Locked)}",
		noun: "backup vault",
		left: func(t Thing) checks.Verdict {
			if t.Count == 0 {
				return checks.Skipped
			}
			return checks.Partial
		},
		price: func(t Thing) rate { return daily("recovery point at most").times(t.Count).upTo() },
		remove: func(t Thing) []string {
			if t.Type == "true" {
				return nil // nobody can delete what is in it before its time
			}
			return []string{
				"aws backup list-recovery-points-by-backup-vault --backup-vault-name {id} --query " +
					"RecoveryPoints[].[RecoveryPointArn] --output text | " +
					"xargs -I ID aws backup delete-recovery-point --backup-vault-name {id} --recovery-point-arn ID",
			}
		},
		order: last, console: "AWS Backup › Vaults",
	},
}

// imageID is the machine image that a snapshot was made for, in its description.
var imageID = regexp.MustCompile(`\bami-[0-9a-z]+`)

// running prices a machine that runs.
func running(price func(of string) rate) func(Thing) rate {
	return func(t Thing) rate {
		if t.State == "stopped" || t.State == "stopping" {
			return rate{}
		}
		return price(t.Type)
	}
}

// database is what databases cost.
var database = group{
	{
		call: "rds:DescribeDBInstances",
		find: "DBInstances[].{id: DBInstanceIdentifier, state: DBInstanceStatus, type: DBInstanceClass, kind: Engine, " +
			"size: AllocatedStorage, zones: [to_string(MultiAZ)], note: AutomaticRestartTime, of: [DBClusterIdentifier], " +
			"name: to_string(DeletionProtection)}",
		noun: "DB instance", going: "deleting",
		price: func(t Thing) rate {
			stored := daily("RDS GB").times(t.Size)
			if len(t.Of) > 0 { // of a cluster, which has the storage
				stored = rate{}
			}
			if t.Type == "db.serverless" || t.State == "stopped" { // the cluster is priced; the storage alone
				return stored
			}
			running := sized(t.Type).plus(stored)
			if strings.Join(t.Zones, "") == "true" {
				return running.times(2) //nolint:mnd // one in each of two zones
			}
			return running
		},
		remove: func(t Thing) []string {
			var remove []string
			if t.State == "stopped" {
				remove = append(remove, "aws rds start-db-instance --db-instance-identifier {id}",
					"aws rds wait db-instance-available --db-instance-identifier {id}")
			}
			if t.Name == "true" {
				remove = append(remove, "aws rds modify-db-instance --db-instance-identifier {id} --no-deletion-protection")
			}
			line := "aws rds delete-db-instance --db-instance-identifier {id} --skip-final-snapshot"
			if len(t.Of) == 0 {
				line += " --delete-automated-backups"
			}
			return append(remove, line)
		},
		order: first, console: "RDS › Databases",
	},
	{
		call: "rds:DescribeDBClusters",
		find: "DBClusters[].{id: DBClusterIdentifier, state: Status, type: Engine, " +
			"count: ServerlessV2ScalingConfiguration.MinCapacity, of: DBClusterMembers[].DBInstanceIdentifier}",
		noun: "DB cluster", going: "deleting",
		price: func(t Thing) rate { return daily("Aurora ACU").times(t.Count) },
		remove: always("aws rds delete-db-instance --db-instance-identifier {of} --skip-final-snapshot",
			"aws rds delete-db-cluster --db-cluster-identifier {id} --skip-final-snapshot"),
		order: second, console: "RDS › Databases",
	},
	{
		call: "elasticache:DescribeCacheClusters",
		find: "CacheClusters[].{id: CacheClusterId, state: CacheClusterStatus, type: CacheNodeType, count: NumCacheNodes, " +
			"of: [ReplicationGroupId]}",
		noun: "cache", gone: "deleted", going: "deleting",
		price: func(t Thing) rate { return sized(t.Type).times(max(1, t.Count)) },
		remove: func(t Thing) []string {
			if len(t.Of) > 0 {
				return []string{"aws elasticache delete-replication-group --replication-group-id {of}"}
			}
			return []string{"aws elasticache delete-cache-cluster --cache-cluster-id {id}"}
		},
		order: first, console: "ElastiCache › Caches",
	},
	{
		call: "redshift:DescribeClusters",
		find: "Clusters[].{id: ClusterIdentifier, state: ClusterStatus, type: NodeType, count: NumberOfNodes}",
		noun: "Redshift cluster", going: "deleting, final-snapshot", idle: "paused",
		price: func(t Thing) rate {
			if t.State == "paused" { // its snapshots, of which the list does not say how large they are
				return rate{}
			}
			if r := daily(t.Type); r.high > 0 {
				return r.times(max(1, t.Count))
			}
			return between("dc2.large", "ra3.16xlarge").times(max(1, t.Count))
		},
		remove: always("aws redshift delete-cluster --cluster-identifier {id} --skip-final-cluster-snapshot"),
		order:  first, console: "Redshift › Clusters",
	},
	{
		call: "opensearch:ListDomainNames", find: "DomainNames[].DomainName",
		each: &detail{
			call: "opensearch:DescribeDomain", member: "DomainName",
			find: "[DomainStatus.{id: DomainName, state: to_string(Deleted), type: ClusterConfig.InstanceType, " +
				"count: ClusterConfig.InstanceCount, size: EBSOptions.VolumeSize}]",
		},
		noun: "OpenSearch domain", going: "true",
		price: func(t Thing) rate {
			return sized(t.Type).plus(daily("OpenSearch GB").times(t.Size)).times(max(1, t.Count))
		},
		remove: always("aws opensearch delete-domain --domain-name {id}"),
		order:  first, console: "OpenSearch Service › Domains",
	},
	{
		call: "rds:DescribeDBSnapshots", with: map[string]any{"SnapshotType": "manual"}, more: true,
		find: "DBSnapshots[].{id: DBSnapshotIdentifier, state: Status, size: AllocatedStorage}",
		noun: "DB snapshot", going: "deleting", left: partly, price: gigabytes("RDS snapshot GB"),
		remove: always("aws rds delete-db-snapshot --db-snapshot-identifier {id}"),
		order:  last, console: "RDS › Snapshots",
	},
	{
		call: "rds:DescribeDBProxies", more: true, find: "DBProxies[].{id: DBProxyName, state: Status}",
		noun: "RDS Proxy", going: "deleting",
		price:  func(Thing) rate { return daily("RDS Proxy vCPU").times(2) }, //nolint:mnd // at least
		remove: always("aws rds delete-db-proxy --db-proxy-name {id}"),
		order:  first, console: "RDS › Proxies",
	},
	{
		call: "dynamodb:ListTables", find: "TableNames", more: true,
		each: &detail{
			call: "dynamodb:DescribeTable", member: "TableName",
			find: "[Table.{id: TableName, state: TableStatus, count: ProvisionedThroughput.ReadCapacityUnits, " +
				"size: ProvisionedThroughput.WriteCapacityUnits}]",
		},
		noun: "DynamoDB table", going: "DELETING",
		left: func(t Thing) checks.Verdict {
			if t.Count <= freeUnits && t.Size <= freeUnits { // free in all Regions together; on demand has none
				return checks.Skipped
			}
			return checks.Fail
		},
		price: func(t Thing) rate {
			return daily("read capacity unit").times(t.Count).plus(daily("write capacity unit").times(t.Size))
		},
		remove: always("aws dynamodb delete-table --table-name {id}"),
		order:  last, console: "DynamoDB › Tables",
	},
}

// freeUnits is how many units of DynamoDB's capacity are always free.
const freeUnits = 25

// supportedEKS is the oldest version of Kubernetes in standard support: those before it cost six times as much.
// https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
const supportedEKS = 1.34

// other is everything else.
var other = group{
	{
		call: "eks:ListClusters", find: "clusters",
		each: &detail{
			call: "eks:DescribeCluster", member: "name",
			find: "[cluster.{id: name, state: status, type: version, kind: upgradePolicy.supportType}]",
		},
		noun: "EKS cluster", going: "DELETING",
		price: func(t Thing) rate {
			version, err := strconv.ParseFloat(t.Type, 64)
			switch {
			case t.Kind == "STANDARD" || err == nil && version >= supportedEKS:
				return daily("EKS cluster")
			case err == nil && t.Kind == "EXTENDED":
				return daily("EKS cluster, extended")
			}
			return between("EKS cluster", "EKS cluster, extended")
		},
		remove: always("aws eks list-nodegroups --cluster-name {id} --query nodegroups[].[@] --output text | "+
			"xargs -I ID aws eks delete-nodegroup --cluster-name {id} --nodegroup-name ID",
			"aws eks delete-cluster --name {id}"),
		order: first, console: "EKS › Clusters",
	},
	{
		call: "sagemaker:ListEndpoints", find: "Endpoints[].{id: EndpointName, state: EndpointStatus}",
		noun: "SageMaker endpoint", going: "Deleting",
		price:  func(Thing) rate { return between("endpoint at least", "endpoint at most") },
		remove: always("aws sagemaker delete-endpoint --endpoint-name {id}"),
		order:  first, console: "SageMaker AI › Endpoints",
	},
	{
		call: "sagemaker:ListNotebookInstances",
		find: "NotebookInstances[].{id: NotebookInstanceName, state: NotebookInstanceStatus, type: InstanceType}",
		noun: "notebook instance", going: "Deleting", idle: "Stopped, Stopping, Failed",
		price: func(t Thing) rate {
			stored := daily("notebook GB").times(5) //nolint:mnd // the usual size
			if strings.EqualFold(t.State, "InService") {
				return sized(t.Type).plus(stored)
			}
			return stored
		},
		remove: func(t Thing) []string {
			remove := []string{"aws sagemaker delete-notebook-instance --notebook-instance-name {id}"}
			if strings.EqualFold(t.State, "InService") {
				return append([]string{
					"aws sagemaker stop-notebook-instance --notebook-instance-name {id}",
					"aws sagemaker wait notebook-instance-stopped --notebook-instance-name {id}",
				}, remove...)
			}
			return remove
		},
		order: first, console: "SageMaker AI › Notebooks",
	},
	{
		call: "kafka:ListClustersV2",
		find: "ClusterInfoList[].{id: ClusterArn, name: ClusterName, state: State, kind: ClusterType, " +
			"type: Provisioned.BrokerNodeGroupInfo.InstanceType, count: Provisioned.NumberOfBrokerNodes, " +
			"size: Provisioned.BrokerNodeGroupInfo.StorageInfo.EbsStorageInfo.VolumeSize}",
		noun: "MSK cluster", going: "DELETING",
		price: func(t Thing) rate {
			if t.Kind == "SERVERLESS" {
				return daily("MSK Serverless")
			}
			return sized(t.Type).plus(daily("MSK GB").times(t.Size)).times(max(1, t.Count))
		},
		remove: always("aws kafka delete-cluster --cluster-arn {id}"),
		order:  first, console: "MSK › Clusters",
	},
	{
		call: "secretsmanager:ListSecrets",
		find: "SecretList[].{id: Name, note: OwningService, name: to_string(DeletedDate)}",
		noun: "secret", price: each("secret"),
		left: func(t Thing) checks.Verdict {
			if t.Name != "null" { // on its way out, and free
				return checks.Skipped
			}
			return checks.Fail
		},
		remove: func(t Thing) []string {
			if t.Note != "" { // it goes with what it is of
				return nil
			}
			return []string{"aws secretsmanager delete-secret --secret-id {id} --recovery-window-in-days 7"}
		},
		order: last, console: "Secrets Manager › Secrets",
	},
	{
		call: "kms:ListKeys", find: "Keys[].KeyId",
		each: &detail{
			call: "kms:DescribeKey", member: "KeyId",
			find: "[KeyMetadata.{id: KeyId, state: KeyState, type: KeyManager, kind: Origin}]",
		},
		noun: "KMS key", gone: "PendingDeletion, PendingReplicaDeletion",
		left: func(t Thing) checks.Verdict {
			if t.Type == "AWS" {
				return checks.Skipped
			}
			return checks.Fail // a disabled one costs the same
		},
		price:  each("key"),
		remove: always("aws kms schedule-key-deletion --key-id {id} --pending-window-in-days 7"),
		order:  last, console: "KMS › Customer managed keys",
	},
	{
		call: "ssm:DescribeParameters", find: "Parameters[].{id: Name, type: Tier}", more: true,
		noun: "parameter", price: each("advanced parameter"),
		left: func(t Thing) checks.Verdict {
			if t.Type != "Advanced" {
				return checks.Skipped
			}
			return checks.Fail
		},
		remove: always("aws ssm delete-parameter --name {id}"),
		order:  last, console: "Systems Manager › Parameter Store",
	},
	{
		call: "route53:ListHostedZones", home: "us-east-1", more: true,
		find: "HostedZones[].{id: Id, name: Name, note: LinkedService.ServicePrincipal}",
		noun: "hosted zone", price: each("hosted zone"),
		remove: func(t Thing) []string {
			return []string{"aws route53 delete-hosted-zone --id " + strings.TrimPrefix(t.ID, "/hostedzone/")}
		},
		order: last, console: "Route 53 › Hosted zones",
	},
	{
		call: "cloudwatch:ListDashboards", home: "us-east-1", more: true,
		find: "DashboardEntries[].{id: DashboardName}",
		noun: "dashboard", price: each("dashboard"), left: partly, free: 3,
		remove: always("aws cloudwatch delete-dashboards --dashboard-names {id}"),
		order:  last, console: "CloudWatch › Dashboards",
	},
	{
		call: "bedrock:ListProvisionedModelThroughputs", more: true, not: "ap-east-1",
		find: "provisionedModelSummaries[].{id: not_null(provisionedModelArn, provisionedModelName), " +
			"name: provisionedModelName, state: status, count: modelUnits, note: commitmentDuration}",
		noun: "Bedrock throughput", gone: "Failed",
		price: func(t Thing) rate {
			return between("Bedrock unit at least", "Bedrock unit at most").times(max(1, t.Count))
		},
		remove: always("aws bedrock delete-provisioned-model-throughput --provisioned-model-id {id}"),
		order:  first, console: "Bedrock › Provisioned Throughput",
	},
	{
		call: "kendra:ListIndices", more: true,
		not: "af-south-1 ap-east-1 ap-east-2 ap-northeast-2 ap-northeast-3 ap-south-2 ap-southeast-3 ap-southeast-4 " +
			"ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 " +
			"eu-south-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-west-1",
		find: "IndexConfigurationSummaryItems[].{id: not_null(Id, Name), name: Name, state: Status, type: Edition}",
		noun: "Kendra index", going: "DELETING",
		price: func(t Thing) rate {
			if t.Type == "DEVELOPER_EDITION" {
				return daily("Kendra Developer")
			}
			return daily("Kendra Enterprise")
		},
		remove: always("aws kendra delete-index --id {id}"),
		order:  first, console: "Kendra › Indexes",
	},
	{
		call: "kinesis:ListStreams", more: true,
		find: "StreamSummaries[].{id: StreamName, state: StreamStatus, type: StreamModeDetails.StreamMode}",
		noun: "Kinesis stream", going: "DELETING",
		price: func(t Thing) rate {
			if t.Type == "ON_DEMAND" {
				return daily("Kinesis stream")
			}
			return daily("Kinesis shard")
		},
		remove: always("aws kinesis delete-stream --stream-name {id}"),
		order:  first, console: "Kinesis › Data streams",
	},
	{
		call: "mq:ListBrokers", more: true,
		find: "BrokerSummaries[].{id: BrokerId, name: BrokerName, state: BrokerState, type: HostInstanceType}",
		noun: "MQ broker", going: "DELETION_IN_PROGRESS", price: each("broker of MQ"),
		remove: always("aws mq delete-broker --broker-id {id}"),
		order:  first, console: "Amazon MQ › Brokers",
	},
	{
		call: "savingsplans:DescribeSavingsPlans", home: "us-east-1", more: true,
		find: "savingsPlans[].{id: not_null(savingsPlanId, savingsPlanArn, start, end), name: commitment, " +
			"state: state, note: end}",
		noun: "Savings Plan", gone: "retired, payment-failed, queued-deleted, returned",
		price: func(t Thing) rate {
			perHour, err := strconv.ParseFloat(t.Name, 64)
			if err != nil {
				return rate{}
			}
			return rate{perHour, perHour}.times(float64(hour))
		},
		order: last, console: "Billing and Cost Management › Savings Plans › Inventory",
	},
	{
		call: "cloudformation:ListStacks", more: true,
		find: "StackSummaries[].{id: StackName, state: StackStatus}",
		noun: "stack", left: func(t Thing) checks.Verdict {
			if t.State == "DELETE_FAILED" { // something of it is left, which the other lists know
				return checks.Pass
			}
			return checks.Skipped
		},
		remove: always("aws cloudformation delete-stack --stack-name {id}"),
		order:  first, console: "CloudFormation › Stacks",
	},
}

// leftOut is what no list here shows, and why.
var leftOut = []struct{ what, why string }{
	{"S3 buckets", "what a lab stores costs cents a month, and a listing does not show how much it is"},
	{"CloudFront distributions", "without traffic they cost nothing"},
	{"target groups, empty clusters, security groups, roles", "they cost nothing"},
	{"Reserved Instances and Savings Plans", "nobody can give them back: they end by themselves"},
	{"Client VPN, Resolver endpoints, Directory Service, Transfer, OpenSearch Serverless, Managed Airflow " +
		"and DAX clusters", "the models that labcheck reads AWS by do not have them yet"},
	{"Marketplace subscriptions and domains that renew themselves", "AWS has no list of them for an account"},
}
