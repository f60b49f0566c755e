package sweep

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// The engines count as their pages say, some from 0 and some from 1.
func TestAutoShard(t *testing.T) {
	for name, c := range map[string]struct {
		env   map[string]string
		count int
		want  Shard
		err   string
	}{
		"Slurm": {env: map[string]string{
			"SLURM_ARRAY_TASK_ID": "5", "SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_MAX": "15",
			"SLURM_ARRAY_TASK_COUNT": "16", "SLURM_ARRAY_TASK_STEP": "1",
		}, want: Shard{5, 16}},
		"Slurm from 1": {env: map[string]string{
			"SLURM_ARRAY_TASK_ID": "16", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_MAX": "16",
			"SLURM_ARRAY_TASK_COUNT": "16",
		}, want: Shard{15, 16}},
		"Slurm with holes": {env: map[string]string{
			"SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_MIN": "3", "SLURM_ARRAY_TASK_MAX": "9",
			"SLURM_ARRAY_TASK_COUNT": "2",
		}, err: "--shards"},
		"Slurm with holes, and told": {env: map[string]string{
			"SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_MIN": "3", "SLURM_ARRAY_TASK_MAX": "9",
			"SLURM_ARRAY_TASK_COUNT": "2",
		}, count: 16, want: Shard{9, 16}},
		"Kubernetes without a count": {env: map[string]string{"JOB_COMPLETION_INDEX": "0"}, err: "--shards N"},
		"Kubernetes":                 {env: map[string]string{"JOB_COMPLETION_INDEX": "0"}, count: 4, want: Shard{0, 4}},
		"AWS Batch": {env: map[string]string{
			"AWS_BATCH_JOB_ARRAY_INDEX": "3", "AWS_BATCH_JOB_ARRAY_SIZE": "4",
		}, want: Shard{3, 4}},
		"Grid Engine": {env: map[string]string{
			"SGE_TASK_ID": "8", "SGE_TASK_FIRST": "2", "SGE_TASK_LAST": "8", "SGE_TASK_STEPSIZE": "2",
		}, want: Shard{3, 4}},
		"Grid Engine without an array": {env: map[string]string{"SGE_TASK_ID": "undefined"}, err: "K/N"},
		"GitLab": {
			env: map[string]string{"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "8"}, want: Shard{0, 8},
		},
		"GitHub": {env: map[string]string{
			"LABCHECK_SHARD_INDEX": "7", "LABCHECK_SHARD_COUNT": "8",
		}, want: Shard{7, 8}},
		"nothing": {err: "no task of an array"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseShard("auto", c.count, func(name string) string { return c.env[name] })
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
	for _, wrong := range []string{"1", "4/4", "0/0", "-1/4", "a/b", "1/4/2"} {
		_, err := ParseShard(wrong, 0, func(string) string { return "" })
		require.Error(t, err, wrong)
	}
}

// Every account is in one part, and the parts are about as large as one another.
func TestShardsAreWhole(t *testing.T) {
	sizes := make([]int, 16)
	for i := range 10_000 {
		for k := range sizes {
			if (Shard{k, len(sizes)}).Has(fmt.Sprintf("%012d", i)) {
				sizes[k]++
			}
		}
	}
	total := 0
	for _, size := range sizes {
		total += size
		require.InDelta(t, 10_000/len(sizes), size, 150)
	}
	require.Equal(t, 10_000, total)
}
