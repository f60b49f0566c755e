package leftovers

import (
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// ecsList is where the clusters of ECS stand in a state. A cluster has its services and its tasks in it:
//
//	{"clusterName": "lab", "services": [{"serviceName": "docker-api", "desiredCount": 1, …}], "tasks": [{"taskArn": …}]}
const ecsList = "ecs:ListClusters"

type clusterInput struct {
	Cluster *string `wire:"cluster"`
}

type servicesInput struct {
	Cluster  *string  `wire:"cluster"`
	Services []string `wire:"services"`
}

type tasksInput struct {
	Cluster *string  `wire:"cluster"`
	Tasks   []string `wire:"tasks"`
}

type serviceInput struct {
	Cluster *string `wire:"cluster"`
	Service string  `wire:"service,required"`
	Desired *int32  `wire:"desiredCount"`
}

type taskInput struct {
	Cluster *string `wire:"cluster"`
	Task    string  `wire:"task,required"`
}

func ecsOperations() []wire.Operation {
	return []wire.Operation{
		wire.Op("ListClusters", func(r *wire.Request, _ *wire.None) (*wire.Object, error) {
			arns := []any{}
			for _, c := range (*Left.Of(r))[ecsList] {
				arns = append(arns, r.ARN("ecs", "cluster/"+text(c, "clusterName")))
			}
			return wire.Tree(map[string]any{"clusterArns": arns}), nil
		}),
		wire.Op("ListServices", func(r *wire.Request, in *clusterInput) (*wire.Object, error) {
			c, err := cluster(r, in.Cluster)
			arns := []any{}
			for _, s := range of(c, "services") {
				arns = append(arns, r.ARN("ecs", "service/"+text(c, "clusterName")+"/"+text(s, "serviceName")))
			}
			return wire.Tree(map[string]any{"serviceArns": arns}), err
		}),
		wire.Op("DescribeServices", func(r *wire.Request, in *servicesInput) (*wire.Object, error) {
			c, err := cluster(r, in.Cluster)
			list := []any{}
			for _, s := range of(c, "services") {
				if slices.Contains(lastParts(in.Services), text(s, "serviceName")) {
					list = append(list, s)
				}
			}
			return wire.Tree(map[string]any{"services": list, "failures": []any{}}), err
		}),
		wire.Op("ListTasks", func(r *wire.Request, in *clusterInput) (*wire.Object, error) {
			c, err := cluster(r, in.Cluster)
			arns := []any{}
			for _, t := range of(c, "tasks") {
				arns = append(arns, t["taskArn"])
			}
			return wire.Tree(map[string]any{"taskArns": arns}), err
		}),
		wire.Op("DescribeTasks", func(r *wire.Request, in *tasksInput) (*wire.Object, error) {
			c, err := cluster(r, in.Cluster)
			list := []any{}
			for _, t := range of(c, "tasks") {
				if slices.Contains(in.Tasks, text(t, "taskArn")) {
					list = append(list, t)
				}
			}
			return wire.Tree(map[string]any{"tasks": list, "failures": []any{}}), err
		}),
		wire.Change("UpdateService", func(r *wire.Request, in *serviceInput) (*wire.Object, error) {
			c, s, err := service(r, in)
			if err == nil && in.Desired != nil { // its tasks are there at once, or gone
				s["desiredCount"], s["runningCount"] = float64(*in.Desired), float64(*in.Desired)
				if *in.Desired == 0 {
					drop(c, "tasks", func(t map[string]any) bool { return t["group"] == "service:"+in.Service })
				}
			}
			return wire.Tree(map[string]any{"service": s}), err
		}),
		wire.Change("DeleteService", func(r *wire.Request, in *serviceInput) (*wire.Object, error) {
			c, s, err := service(r, in)
			if err == nil {
				drop(c, "services", func(t map[string]any) bool { return text(t, "serviceName") == text(s, "serviceName") })
			}
			return wire.Tree(map[string]any{"service": s}), err
		}),
		wire.Change("StopTask", func(r *wire.Request, in *taskInput) (*wire.Object, error) {
			c, err := cluster(r, in.Cluster)
			drop(c, "tasks", func(t map[string]any) bool { return text(t, "taskArn") == in.Task })
			return wire.Tree(map[string]any{"task": map[string]any{"taskArn": in.Task}}), err
		}),
	}
}

// cluster finds a cluster by its name or its ARN; without either it is the one named default.
func cluster(r *wire.Request, named *string) (map[string]any, error) {
	name := "default"
	if named != nil {
		name = lastPart(*named)
	}
	for _, c := range (*Left.Of(r))[ecsList] {
		if text(c, "clusterName") == name {
			return c, nil
		}
	}
	return nil, wire.Failf("ClusterNotFoundException", "Cluster not found.")
}

func service(r *wire.Request, in *serviceInput) (c, s map[string]any, err error) {
	if c, err = cluster(r, in.Cluster); err != nil {
		return nil, nil, err
	}
	for _, s := range of(c, "services") {
		if text(s, "serviceName") == lastPart(in.Service) {
			return c, s, nil
		}
	}
	return nil, nil, wire.Failf("ServiceNotFoundException", "Service not found.")
}

// of are the things in a cluster.
func of(c map[string]any, list string) []map[string]any {
	things, _ := c[list].([]any)
	var all []map[string]any
	for _, t := range things {
		if thing, ok := t.(map[string]any); ok {
			all = append(all, thing)
		}
	}
	return all
}

// drop takes things out of a cluster.
func drop(c map[string]any, list string, gone func(map[string]any) bool) {
	kept := []any{}
	for _, t := range of(c, list) {
		if !gone(t) {
			kept = append(kept, t)
		}
	}
	if c != nil {
		c[list] = kept
	}
}

func lastPart(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

func lastParts(arns []string) []string {
	all := make([]string, len(arns))
	for i, arn := range arns {
		all[i] = lastPart(arn)
	}
	return all
}
