package leftovers

// kinds are the kinds of things that are left. The names are those of AWS's models (botocore 1.44.8) on the wire.
var kinds = []kind{
	{
		service: "ec2", list: "DescribeNatGateways", set: "natGatewaySet", id: "natGatewayId", ask: "NatGatewayId[]",
		remove: "DeleteNatGateway", in: "NatGatewayId", becomes: "state=deleted",
	},
	{
		service: "ec2", list: "DescribeAddresses", set: "addressesSet", id: "allocationId",
		remove: "ReleaseAddress", in: "AllocationId",
		also: []change{{"DisassociateAddress", "AssociationId", "associationId=,instanceId=", "associationId"}},
	},
	{service: "ec2", list: "DescribeNetworkInterfaces", set: "networkInterfaceSet", id: "networkInterfaceId"},
	{
		service: "ec2", list: "DescribeVpcEndpoints", set: "vpcEndpointSet", id: "vpcEndpointId",
		remove: "DeleteVpcEndpoints", in: "VpcEndpointId[]",
	},
	{
		service: "ec2", list: "DescribeTransitGatewayAttachments", set: "transitGatewayAttachments",
		id:     "transitGatewayAttachmentId",
		remove: "DeleteTransitGatewayVpcAttachment", in: "TransitGatewayAttachmentId", becomes: "state=deleted",
	},
	{
		service: "ec2", list: "DescribeVpnConnections", set: "vpnConnectionSet", id: "vpnConnectionId",
		remove: "DeleteVpnConnection", in: "VpnConnectionId", becomes: "state=deleted",
	},
	{
		service: "ec2", list: "DescribeInstances", set: "reservationSet", within: "instancesSet", id: "instanceId",
		ask: "InstanceId[]", remove: "TerminateInstances", in: "InstanceId[]", becomes: "instanceState.name=terminated",
	},
	{
		service: "ec2", list: "DescribeSpotInstanceRequests", set: "spotInstanceRequestSet", id: "spotInstanceRequestId",
		remove: "CancelSpotInstanceRequests", in: "SpotInstanceRequestId[]", becomes: "state=cancelled",
	},
	{
		service: "ec2", list: "DescribeVolumes", set: "volumeSet", id: "volumeId",
		remove: "DeleteVolume", in: "VolumeId",
	},
	{
		service: "ec2", list: "DescribeSnapshots", set: "snapshotSet", id: "snapshotId",
		remove: "DeleteSnapshot", in: "SnapshotId",
	},
	{
		service: "elbv2", list: "DescribeLoadBalancers", set: "LoadBalancers", id: "LoadBalancerArn",
		remove: "DeleteLoadBalancer", in: "LoadBalancerArn",
	},
	{
		service: "elb", list: "DescribeLoadBalancers", set: "LoadBalancerDescriptions", id: "LoadBalancerName",
		remove: "DeleteLoadBalancer", in: "LoadBalancerName",
	},
	{
		service: "autoscaling", list: "DescribeAutoScalingGroups", set: "AutoScalingGroups", id: "AutoScalingGroupName",
		remove: "DeleteAutoScalingGroup", in: "AutoScalingGroupName",
	},
	{
		service: "lightsail", list: "GetInstances", set: "instances", id: "name",
		remove: "DeleteInstance", in: "instanceName",
	},
	{
		service: "efs", list: "DescribeFileSystems", set: "FileSystems", id: "FileSystemId",
		remove: "DeleteFileSystem", in: "FileSystemId,in=uri",
	},
	{service: "efs", list: "DescribeMountTargets", set: "MountTargets", id: "MountTargetId"},
	{
		service: "fsx", list: "DescribeFileSystems", set: "FileSystems", id: "FileSystemId",
		remove: "DeleteFileSystem", in: "FileSystemId",
	},
	{
		service: "rds", list: "DescribeDBInstances", set: "DBInstances:DBInstance", id: "DBInstanceIdentifier",
		ask: "DBInstanceIdentifier", remove: "DeleteDBInstance", in: "DBInstanceIdentifier",
		also: []change{
			{"StartDBInstance", "DBInstanceIdentifier", "DBInstanceStatus=available", ""},
			{"ModifyDBInstance", "DBInstanceIdentifier", "DeletionProtection=false", ""},
		},
	},
	{
		service: "rds", list: "DescribeDBClusters", set: "DBClusters:DBCluster", id: "DBClusterIdentifier",
		remove: "DeleteDBCluster", in: "DBClusterIdentifier",
	},
	{
		service: "elasticache", list: "DescribeCacheClusters", set: "CacheClusters:CacheCluster", id: "CacheClusterId",
		remove: "DeleteCacheCluster", in: "CacheClusterId",
	},
	{
		service: "redshift", list: "DescribeClusters", set: "Clusters:Cluster", id: "ClusterIdentifier",
		remove: "DeleteCluster", in: "ClusterIdentifier",
	},
	{
		service: "opensearch", list: "ListDomainNames", set: "DomainNames", id: "DomainName", only: "DomainName",
		show: "DescribeDomain", as: "DomainStatus", by: "DomainName,in=uri", remove: "DeleteDomain", in: "DomainName,in=uri",
	},
	{
		service: "eks", list: "ListClusters", set: "clusters", id: "name", only: names,
		show: "DescribeCluster", as: "cluster", by: "name,in=uri", remove: "DeleteCluster", in: "name,in=uri",
	},
	{service: "eks", list: "ListNodegroups", set: "nodegroups", id: "nodegroupName", only: names},
	{
		service: "sagemaker", list: "ListEndpoints", set: "Endpoints", id: "EndpointName",
		remove: "DeleteEndpoint", in: "EndpointName",
	},
	{
		service: "sagemaker", list: "ListNotebookInstances", set: "NotebookInstances", id: "NotebookInstanceName",
		show: "DescribeNotebookInstance", by: "NotebookInstanceName",
		remove: "DeleteNotebookInstance", in: "NotebookInstanceName",
		also: []change{{"StopNotebookInstance", "NotebookInstanceName", "NotebookInstanceStatus=Stopped", ""}},
	},
	{
		service: "kafka", list: "ListClustersV2", set: "clusterInfoList", id: "clusterArn",
		remove: "DeleteCluster", in: "clusterArn,in=uri",
	},
	{
		service: "secretsmanager", list: "ListSecrets", set: "SecretList", id: "Name",
		remove: "DeleteSecret", in: "SecretId",
	},
	{
		service: "kms", list: "ListKeys", set: "Keys", id: "KeyId", only: "KeyId",
		show: "DescribeKey", as: "KeyMetadata", by: "KeyId",
		remove: "ScheduleKeyDeletion", in: "KeyId", becomes: "KeyState=PendingDeletion",
	},
}
