package sweep

import (
	"errors"
	"fmt"
	"hash/fnv"
	"regexp"
	"strconv"
)

// Shard is one part of the accounts: number Index, from 0, of Count. The zero value is all of them.
type Shard struct{ Index, Count int }

// Has says whether an account belongs to the shard. It goes by the account alone: no order of a roster changes it.
func (s Shard) Has(account string) bool {
	if s.Count <= 1 {
		return true
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(account)) // it never fails
	return int(h.Sum32()%uint32(s.Count)) == s.Index
}

var written = regexp.MustCompile(`^([0-9]{1,6})/([0-9]{1,6})$`)

// ParseShard reads K/N, K from 0, or auto, which asks the environment of the engine that runs this. count is that of
// --shards, which some engines do not tell; 0 is none.
func ParseShard(text string, count int, getenv func(string) string) (Shard, error) {
	if text == "" {
		return Shard{}, nil
	}
	if text == "auto" {
		return autoShard(count, getenv)
	}
	parts := written.FindStringSubmatch(text)
	if parts == nil {
		return Shard{}, fmt.Errorf("%q: write it as K/N, K from 0, such as 0/16, or auto", text)
	}
	index, _ := strconv.Atoi(parts[1])
	total, _ := strconv.Atoi(parts[2])
	if total == 0 || index >= total {
		return Shard{}, fmt.Errorf("%s: the parts of %d are numbered from 0 to %d", text, total, max(total-1, 0))
	}
	return Shard{index, total}, nil
}

// engine is how an engine tells a task its number.
type engine struct {
	name         string
	index, first string // variables; first is the lowest number, where the engine tells it
	last, step   string // the highest number, and how far one is from the next
	count        string
	from         int // the lowest number, where no variable tells it
}

// engines are those that auto knows. Their own pages name the variables:
// https://slurm.schedmd.com/job_array.html
// https://docs.gitlab.com/ci/variables/predefined_variables/
// https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode
// https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html
// https://gridscheduler.sourceforge.net/htmlman/htmlman1/qsub.html
// A GitHub matrix tells its number only in expressions: the job file puts it into LABCHECK_SHARD_INDEX.
func engines() []engine {
	return []engine{
		{name: "labcheck", index: "LABCHECK_SHARD_INDEX", count: "LABCHECK_SHARD_COUNT"},
		{
			name: "Slurm", index: "SLURM_ARRAY_TASK_ID", first: "SLURM_ARRAY_TASK_MIN", last: "SLURM_ARRAY_TASK_MAX",
			step: "SLURM_ARRAY_TASK_STEP", count: "SLURM_ARRAY_TASK_COUNT",
		},
		{name: "AWS Batch", index: "AWS_BATCH_JOB_ARRAY_INDEX", count: "AWS_BATCH_JOB_ARRAY_SIZE"},
		{name: "Kubernetes", index: "JOB_COMPLETION_INDEX"},
		{
			name: "Grid Engine", index: "SGE_TASK_ID", first: "SGE_TASK_FIRST", last: "SGE_TASK_LAST",
			step: "SGE_TASK_STEPSIZE", from: 1,
		},
		{name: "GitLab", index: "CI_NODE_INDEX", count: "CI_NODE_TOTAL", from: 1},
	}
}

func autoShard(count int, getenv func(string) string) (Shard, error) {
	for _, e := range engines() {
		// Grid Engine says "undefined" where there is no array.
		if index, err := strconv.Atoi(getenv(e.index)); err == nil {
			return e.shard(index, count, getenv)
		}
	}
	return Shard{}, errors.New("auto: this is no task of an array that is known (Slurm, Kubernetes, AWS Batch, Grid " +
		"Engine, GitLab, or LABCHECK_SHARD_INDEX and LABCHECK_SHARD_COUNT): write K/N, K from 0")
}

// shard makes the shard of a number, as the engine counts.
func (e engine) shard(index, count int, getenv func(string) string) (Shard, error) {
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(getenv(name)); name != "" && err == nil {
			return n
		}
		return otherwise
	}
	first, step := number(e.first, e.from), max(number(e.step, 1), 1)
	total := number(e.count, 0)
	if last := number(e.last, -1); last >= 0 {
		inAll := (last-first)/step + 1
		if total > 0 && total != inAll && count == 0 {
			return Shard{}, fmt.Errorf("auto: %s runs %d tasks with numbers from %d to %d, of which some are left out: say "+
				"with --shards how many parts there are", e.name, total, first, last)
		}
		total = inAll
	}
	if count > 0 { // a part of an array that runs again has the numbers that it had
		return Shard{((index-e.from)%count + count) % count, count}, nil
	}
	if total == 0 {
		return Shard{}, fmt.Errorf("auto: %s does not tell how many parts there are: say it with --shards N", e.name)
	}
	at := (index - first) / step
	if at < 0 || at >= total {
		return Shard{}, fmt.Errorf("auto: the number %d of %s is not among its %d", index, e.name, total)
	}
	return Shard{at, total}, nil
}
