package account

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

func TestLogGroups(t *testing.T) {
	a := stateOf(t, `"regions": {"us-east-1": {"logs": {"groups": [
		{"name": "/ecs/docker-api", "created": "-24h", "retentionInDays": 7, "storedBytes": 4096},
		{"name": "/ecs/docker-api-dev", "created": "-24h", "retentionPolicy": "keep-all", "class": "INFREQUENT_ACCESS"},
		{"name": "/other", "created": "-24h"}
	]}}}`)
	days, stored, none := int32(7), int64(4096), int64(0)
	require.Equal(t, []LogGroup{
		{Name: "/ecs/docker-api", Class: "STANDARD", RetentionDays: &days, StoredBytes: &stored},
		{Name: "/ecs/docker-api-dev", Class: "INFREQUENT_ACCESS", RetentionPolicy: "keep-all", StoredBytes: &none},
	}, readFrom(t, a, LogGroups, LogGroupsKey{Region: "us-east-1", Prefix: "/ecs/docker-api"}))
	require.Len(t, readFrom(t, a, LogGroups, LogGroupsKey{Region: "us-east-1"}), 3)
	require.Empty(t, readFrom(t, a, LogGroups, LogGroupsKey{Region: "us-west-2"}))
}

func TestLogGroupsAreReadPageByPage(t *testing.T) {
	var groups []string
	for i := range 2*logGroupsPerPage + 1 {
		groups = append(groups, fmt.Sprintf(`{"name": "/ecs/%03d", "created": "-24h"}`, i))
	}
	a := stateOf(t, `"regions": {"us-east-1": {"logs": {"groups": [`+strings.Join(groups, ",")+`]}}}`)
	require.Len(t, readFrom(t, a, LogGroups, LogGroupsKey{Region: "us-east-1"}), 2*logGroupsPerPage+1)
	require.Len(t, a.Calls(), 3)
}

func TestALogGroupWithoutItsName(t *testing.T) {
	v := openTest(t, answer(http.StatusOK, jsonType, `{"logGroups": [{"storedBytes": null}]}`), LogGroups)
	_, err := LogGroups.Get(v, LogGroupsKey{Region: "us-east-1"})
	require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason)
}
