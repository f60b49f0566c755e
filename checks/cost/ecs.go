package cost

import (
	"context"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// The kinds of things of ECS.
const (
	ecsService = "service"
	ecsTask    = "task" // that no service keeps
)

// The most that one request of ECS describes.
const (
	servicesAtOnce = 10
	tasksAtOnce    = 100
)

// What Fargate gives a task of which it is not known how much it has: the least.
const (
	leastCPU    = 0.25
	leastMemory = 0.5
	cpuUnits    = 1024 // of a vCPU
	megabytes   = 1024 // of a gigabyte
)

// task is a running task.
type task struct{ ID, State, Launch, Group, CPU, Memory string }

// ecsServices asks for the services of all clusters, and for the tasks that run in them alone. Of a thing, Of is
// its cluster, Type how it is launched, Count how many tasks are wanted and Size how many run.
func ecsServices(ctx context.Context, access *facts.Access, region string) ([]Thing, error) {
	clusters, err := account.Search[[]string](ctx, access, "ecs:ListClusters", region, nil, "clusterArns")
	if err != nil || clusters == nil {
		return nil, err
	}
	all := []Thing{}
	for _, cluster := range clusters {
		in := map[string]any{"cluster": cluster}
		services, err := described[Thing](ctx, access, region, "ecs:ListServices", "serviceArns", in, "ecs:DescribeServices",
			"services", "services[].{id: serviceName, state: status, kind: 'service', type: launchType, "+
				"count: desiredCount, size: runningCount}", servicesAtOnce)
		if err != nil {
			return nil, err
		}
		tasks, err := described[task](ctx, access, region, "ecs:ListTasks", "taskArns",
			map[string]any{"cluster": cluster, "desiredStatus": "RUNNING"}, "ecs:DescribeTasks", "tasks",
			"tasks[].{ID: taskArn, State: lastStatus, Launch: launchType, Group: group, CPU: cpu, Memory: memory}", tasksAtOnce)
		if err != nil {
			return nil, err
		}
		all = append(all, thingsOf(cluster, services, tasks)...)
	}
	return all, nil
}

// described lists names and asks for what they are, some at a time.
func described[V any](
	ctx context.Context, access *facts.Access, region, list, names string, in map[string]any,
	describe, member, find string, atOnce int,
) ([]V, error) {
	arns, err := account.Search[[]string](ctx, access, list, region, in, names)
	if err != nil {
		return nil, err
	}
	if arns == nil {
		return nil, facts.Errorf(facts.InvalidResponse, "the answer of %s does not hold the list", list)
	}
	var all []V
	for some := range slices.Chunk(arns, atOnce) {
		asked := make([]any, len(some))
		for i, arn := range some {
			asked[i] = arn
		}
		found, err := account.Search[[]V](ctx, access, describe, region,
			map[string]any{"cluster": in["cluster"], member: asked}, find)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// thingsOf are the services of a cluster, and the tasks that none of them keeps.
func thingsOf(cluster string, services []Thing, tasks []task) []Thing {
	for i := range services {
		services[i].Of = []string{cluster}
	}
	for _, t := range tasks {
		if strings.HasPrefix(t.Group, "service:") {
			continue
		}
		services = append(services, Thing{
			ID: t.ID, State: t.State, Kind: ecsTask, Type: t.Launch, Count: 1, Size: 1, Of: []string{cluster},
			Note: t.CPU + " " + t.Memory,
		})
	}
	return services
}

// fargate is what tasks cost on Fargate, at least as long as nobody says how large they are. On instances the instances
// cost.
func fargate(t Thing) rate {
	if t.Type == "EC2" || t.Type == "EXTERNAL" {
		return rate{}
	}
	cpu, memory := leastCPU, leastMemory
	if units, size, ok := strings.Cut(t.Note, " "); ok {
		cpu, memory = shareOf(units, cpuUnits, cpu), shareOf(size, megabytes, memory)
	}
	return daily("Fargate vCPU").times(cpu).plus(daily("Fargate GB").times(memory)).times(t.Size)
}
