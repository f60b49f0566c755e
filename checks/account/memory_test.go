package account

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

// bombs are answers that are small and become large, or large from the beginning, by the protocol of the probe that
// gets them. Each has about size bytes.
func bombs(size int) map[string]struct {
	protocol string
	answer   *answering
} {
	fill := func(head, part, tail string) string {
		return head + strings.Repeat(part, (size-len(head)-len(tail))/len(part)) + tail
	}
	const vpcs, endOfVPCs = "<DescribeVpcsResponse><vpcSet>", "</vpcSet></DescribeVpcsResponse>"
	type bomb = struct {
		protocol string
		answer   *answering
	}
	return map[string]bomb{
		"blanks":                         {"json", answer(200, jsonType, fill("", " ", "{}"))},
		"objects":                        {"json", answer(200, jsonType, fill(`{"repositories":[`, "{},", "{}]}"))},
		"numbers":                        {"json", answer(200, jsonType, fill(`{"repositories":[`, "1,", "1]}"))},
		"lists":                          {"json", answer(200, jsonType, fill(`{"repositories":[`, "[],", "[]]}"))},
		"items":                          {"ec2", answer(200, xmlType, fill(vpcs, "<item/>", endOfVPCs))},
		"items that are said to be JSON": {"ec2", answer(200, jsonType, fill(vpcs, "<item/>", endOfVPCs))},
		"members": {"query", answer(200, xmlType, fill("<ListUsersResponse><ListUsersResult><Users>", "<member/>",
			"</Users></ListUsersResult></ListUsersResponse>"))},
		"maps":     {"cbor", answer(200, cborType, fill("\xa1\x6cMetricAlarms\x9f", "\xa0", "\xff"))},
		"a string": {"cbor", answer(200, cborType, "\xa1\x69NextToken\x7b\x7f\xff\xff\xff\xff\xff\xff\xff")},
		"an error": {"json", answer(400, jsonType, fill(`{"__type":"AccessDeniedException","message":"`, "x", `"}`))},
	}
}

// A run against an endpoint that lies stays small, however many questions it has, and never learns anything from it.
func TestARunHasOnlySoMuchMemory(t *testing.T) {
	for _, size := range []int{7 << 20, 64 << 10} {
		for name, c := range bombs(size) {
			t.Run(fmt.Sprint(name, " of ", size), func(t *testing.T) {
				p := probes()[c.protocol]
				v := openTest(t, c.answer, p)
				before := allocated()
				const questions = 100
				pending := make([]*facts.Pending[bool], questions)
				for n := range pending {
					pending[n] = p.Start(v, probeKey{Region: "us-east-1", N: n})
				}
				refused := 0
				for _, question := range pending {
					if _, err := question.Get(); err != nil {
						refused++
					}
				}
				t.Logf("%d MiB allocated, %d of %d refused", (allocated()-before)>>20, refused, questions)
				require.True(t, refused > 0 || size < 1<<20)
				require.Less(t, allocated()-before, uint64(256<<20), "allocated in all, with what is collected as garbage")
			})
		}
	}
}

// allocated is how much this process has ever allocated, in bytes.
func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}
