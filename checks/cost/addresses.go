package cost

import (
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
)

// One public address is charged once, however many lists show it: those of addresses and of network interfaces, and
// that of what uses it. Here it is decided which of them is the one that is left.

// ownerKind is what a network interface with a public address belongs to.
type ownerKind int

const (
	ownedByNobody ownerKind = iota // an interface of the student's own, or one of a service that has no list here
	ownedByInstance
	ownedByBalancer
	ownedByClassic
	ownedByTask
)

// owner is what an interface belongs to, by the name that the command takes that deletes it.
type owner struct {
	kind ownerKind
	name string
}

// ownerOf reads the description that AWS gives the interfaces which it makes.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
func ownerOf(t Thing) owner {
	if balancer, ok := strings.CutPrefix(t.Name, "ELB "); ok {
		if strings.Contains(balancer, "/") {
			return owner{ownedByBalancer, balancer}
		}
		return owner{ownedByClassic, balancer}
	}
	switch {
	case strings.HasPrefix(t.Name, "arn:") && strings.Contains(t.Name, ":ecs:"):
		return owner{ownedByTask, ""}
	case len(t.Of) > 0 && t.Note == "": // an Elastic IP address is listed as such
		return owner{ownedByInstance, t.Of[0]}
	}
	return owner{}
}

// balancerName is a load balancer as the descriptions of its interfaces name it: app/web/50dc6c495c0c9188, or the name
// of a classic one.
func balancerName(t Thing) string {
	if _, name, ok := strings.Cut(t.ID, ":loadbalancer/"); ok {
		return name
	}
	return t.ID
}

// claim takes out of what is left in a Region the interfaces whose address something else accounts for.
func claim(items []item) []item {
	claimed := map[string]bool{}
	own := map[string]bool{} // addresses of the student's own, which are free
	for _, it := range items {
		switch it.list.call {
		case "elbv2:DescribeLoadBalancers", "elb:DescribeLoadBalancers":
			claimed["ELB "+balancerName(it.thing)] = true
		case interfaces:
		default:
			for _, ip := range it.thing.IPs {
				claimed[ip] = true
				own[ip] = own[ip] || it.list.call == addresses && it.verdict == checks.Skipped
			}
		}
	}
	return slices.DeleteFunc(items, func(it item) bool {
		switch it.list.call {
		case interfaces:
			return claimed[it.thing.Name] || ownerOf(it.thing).kind == ownedByInstance ||
				slices.ContainsFunc(it.thing.IPs, func(ip string) bool { return claimed[ip] })
		case addresses: // one that AWS manages goes with what it serves
			return it.thing.Type != "" && it.thing.Type != "rds" && slices.ContainsFunc(items, func(other item) bool {
				return other.list.call != addresses && other.list.call != interfaces && other.uses(it.thing)
			})
		}
		return false
	})
}

// The lists of addresses.
const (
	addresses  = "ec2:DescribeAddresses"
	interfaces = "ec2:DescribeNetworkInterfaces"
)

// uses says whether something accounts for an address that AWS manages.
func (it item) uses(address Thing) bool {
	switch it.list.call {
	case "ec2:DescribeNatGateways":
		return address.Type == "rnat" && slices.Contains(it.thing.IPs, address.Name)
	case "elbv2:DescribeLoadBalancers":
		return address.Type == "alb" || address.Type == "nlb"
	}
	return false
}

// addressCharges are the public addresses that a thing takes, each by what tells it from others.
func addressCharges(it item, taskNumber *int) []checks.Charge {
	price := daily("public IPv4 address")
	charge := func(of string, r rate) checks.Charge {
		return checks.Charge{Of: "address " + of, Low: r.low, High: r.high}
	}
	var all []checks.Charge
	switch t := it.thing; it.list.call {
	case "elbv2:DescribeLoadBalancers", "elb:DescribeLoadBalancers":
		if t.Kind == "internal" {
			return nil
		}
		for i := range max(1, len(t.Zones)) { // one in each zone
			all = append(all, charge(fmt.Sprintf("%d of ELB %s in %s", i+1, balancerName(t), it.region), price))
		}
	case "ecs:ListClusters":
		for range int(min(t.Size, mostTasks)) {
			*taskNumber++
			all = append(all, charge(fmt.Sprintf("%d of tasks in %s", *taskNumber, it.region), price.upTo()))
		}
	case interfaces:
		switch o := ownerOf(t); o.kind {
		case ownedByBalancer, ownedByClassic:
			*taskNumber++ // the interfaces of one balancer are counted up
			return append(all, charge(fmt.Sprintf("%d of ELB %s in %s", *taskNumber, o.name, it.region), price))
		case ownedByTask:
			*taskNumber++
			return append(all, charge(fmt.Sprintf("%d of tasks in %s", *taskNumber, it.region), price))
		default:
		}
		fallthrough
	default:
		if it.list.call == addresses && len(t.Of) > 0 {
			price = price.upTo() // on an instance it may be in a free tier
		}
		for _, ip := range t.IPs {
			all = append(all, charge(ip, price))
		}
	}
	return all
}

// mostTasks is how many addresses of one service are told apart.
const mostTasks = 1000
