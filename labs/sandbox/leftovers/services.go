package leftovers

import (
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Services are the services that have nothing but leftovers here. The things of those that have more, such as EC2, are
// added to them by With.
func Services() []*wire.Service { return slices.Clone(services) }

var services = makeServices()

func makeServices() []*wire.Service {
	all := make([]*wire.Service, len(apis))
	for i, api := range apis {
		all[i] = &wire.Service{API: api, Operations: operations(api.ID)}
		if api.ID == "ecs" {
			all[i].Operations = ecsOperations()
			all[i].Parts = []wire.AnyPart{Left} // of one service, though all of them have a share in it
		}
		if prefix := prefixes[api.ID]; prefix != "" { // which names the actions
			all[i].Actions = map[string]string{}
			for _, o := range all[i].Operations {
				all[i].Actions[o.Name] = prefix + ":" + o.Name
			}
		}
	}
	return all
}

// With adds to a service the lists of its things that are left, and the operations that delete them.
func With(s *wire.Service) *wire.Service {
	more := *s
	more.Operations = slices.Concat(s.Operations, operations(s.ID))
	slices.SortFunc(more.Operations, func(a, b wire.Operation) int { return strings.Compare(a.Name, b.Name) })
	return &more
}

// prefixes are the IAM prefixes that are not the name of the service in the AWS CLI.
var prefixes = map[string]string{
	"elbv2": "elasticloadbalancing", "elb": "elasticloadbalancing", "efs": "elasticfilesystem", "opensearch": "es",
}

func jsonAPI(id, target string) wire.API {
	return wire.API{ID: id, Protocols: []wire.Protocol{wire.JSON11}, Target: target}
}

func queryAPI(id, signing, version string) wire.API {
	return wire.API{
		ID: id, Signing: signing, Protocols: []wire.Protocol{wire.Query}, Version: version,
		Namespace: "http://" + signing + ".amazonaws.com/doc/" + version + "/",
	}
}

func restAPI(id, signing string, routes ...wire.Route) wire.API {
	return wire.API{ID: id, Signing: signing, Protocols: []wire.Protocol{wire.RESTJSON}, Routes: routes}
}

// apis are what AWS's models (botocore 1.44.8) say of the services.
var apis = []wire.API{
	jsonAPI("ecs", "AmazonEC2ContainerServiceV20141113"),
	queryAPI("elbv2", "elasticloadbalancing", "2015-12-01"),
	queryAPI("elb", "elasticloadbalancing", "2012-06-01"),
	queryAPI("autoscaling", "autoscaling", "2011-01-01"),
	jsonAPI("lightsail", "Lightsail_20161128"),
	restAPI("efs", "elasticfilesystem",
		wire.Route{Operation: "DescribeFileSystems", Method: "GET", Path: "/2015-02-01/file-systems"},
		wire.Route{
			Operation: "DeleteFileSystem", Method: "DELETE", Path: "/2015-02-01/file-systems/{FileSystemId}", Status: 204,
		},
		wire.Route{Operation: "DescribeMountTargets", Method: "GET", Path: "/2015-02-01/mount-targets"},
	),
	jsonAPI("fsx", "AWSSimbaAPIService_v20180301"),
	queryAPI("rds", "rds", "2014-10-31"),
	queryAPI("elasticache", "elasticache", "2015-02-02"),
	queryAPI("redshift", "redshift", "2012-12-01"),
	restAPI("opensearch", "es",
		wire.Route{Operation: "ListDomainNames", Method: "GET", Path: "/2021-01-01/domain"},
		wire.Route{Operation: "DescribeDomain", Method: "GET", Path: "/2021-01-01/opensearch/domain/{DomainName}"},
		wire.Route{Operation: "DeleteDomain", Method: "DELETE", Path: "/2021-01-01/opensearch/domain/{DomainName}"},
	),
	restAPI("eks", "eks",
		wire.Route{Operation: "ListClusters", Method: "GET", Path: "/clusters"},
		wire.Route{Operation: "DescribeCluster", Method: "GET", Path: "/clusters/{name}"},
		wire.Route{Operation: "DeleteCluster", Method: "DELETE", Path: "/clusters/{name}"},
		wire.Route{Operation: "ListNodegroups", Method: "GET", Path: "/clusters/{name}/node-groups"},
	),
	jsonAPI("sagemaker", "SageMaker"),
	restAPI("kafka", "kafka",
		wire.Route{Operation: "ListClustersV2", Method: "GET", Path: "/api/v2/clusters"},
		wire.Route{Operation: "DeleteCluster", Method: "DELETE", Path: "/v1/clusters/{clusterArn+}"},
	),
	jsonAPI("secretsmanager", "secretsmanager"),
	jsonAPI("kms", "TrentService"),
}
