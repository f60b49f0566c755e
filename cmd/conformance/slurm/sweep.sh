#!/bin/bash
# Proves labcheck sweep on Debian's Slurm: two nodes on loopback, without authentication, so that it is for this machine
# only; 300 accounts on moto. 16 parts write the files that one does; a worker and a node's daemon that are killed, and a
# full disk, lose nothing. LABCHECK and MOTO name the two programs.
set -u
LABCHECK=${LABCHECK:?the binary} MOTO=${MOTO:-moto_server}
ACCOUNTS=${ACCOUNTS:-300} PARTS=16
DIR=$(mktemp -d -t labcheck-slurm.XXXXXX)
export SLURM_CONF=$DIR/slurm.conf PIDS=""
HOST=$(hostname -s)
stop() { for pid in $PIDS; do kill "$pid" 2>/dev/null; done; wait 2>/dev/null; }
trap stop EXIT
fail() { echo "FAIL: $*"; exit 1; }

mkdir -p "$DIR"/state "$DIR"/n1 "$DIR"/n2 "$DIR"/home
cat > "$SLURM_CONF" <<CONF
ClusterName=labcheck
SlurmctldHost=$HOST(127.0.0.1)
SlurmctldPort=17817
AuthType=auth/none
CredType=cred/none
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$DIR/state
SlurmdSpoolDir=$DIR/%n
SlurmctldPidFile=$DIR/ctld.pid
SlurmdPidFile=$DIR/%n.pid
SlurmctldLogFile=$DIR/ctld.log
SlurmdLogFile=$DIR/%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SchedulerType=sched/backfill
SelectType=select/cons_tres
ReturnToService=2
SlurmdTimeout=15
MpiDefault=none
SlurmdParameters=config_overrides
JobAcctGatherType=jobacct_gather/none
NodeName=n1 NodeHostname=$HOST NodeAddr=127.0.0.1 Port=17001 CPUs=4 RealMemory=2000
NodeName=n2 NodeHostname=$HOST NodeAddr=127.0.0.1 Port=17002 CPUs=4 RealMemory=2000
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
CONF
slurmctld -D >/dev/null 2>&1 & PIDS="$PIDS $!"
slurmd -D -N n1 >/dev/null 2>&1 & PIDS="$PIDS $!"; N1=$!
slurmd -D -N n2 >/dev/null 2>&1 & PIDS="$PIDS $!"
"$MOTO" -H 127.0.0.1 -p 17500 >"$DIR/moto.log" 2>&1 & PIDS="$PIDS $!"
export AWS_ENDPOINT_URL=http://127.0.0.1:17500 AWS_ACCESS_KEY_ID=teacher AWS_SECRET_ACCESS_KEY=teacher HOME=$DIR/home
export AWS_REGION=us-east-1
for _ in $(seq 60); do sinfo -h -o %T 2>/dev/null | grep -q idle && curl -s "$AWS_ENDPOINT_URL/moto-api/" >/dev/null && break; sleep 1; done
sinfo -h -o '%n %T'

echo student,account > "$DIR/class.csv"
for i in $(seq "$ACCOUNTS"); do printf 's%d,1%011d\n' "$i" "$i" >> "$DIR/class.csv"; done
LAB=${LAB:-module-1.2}
sweep() { "$LABCHECK" sweep "$LAB" --roster "$DIR/class.csv" --role-name labcheck-grader --quiet "$@"; }
array() { # FOLDER: prints the job's number
  cat > "$DIR/job.sh" <<JOB
#!/bin/sh
#SBATCH --array=0-$((PARTS-1))
#SBATCH --requeue
#SBATCH --output=$DIR/out-%A-%a.txt
exec $LABCHECK sweep $LAB --roster $DIR/class.csv --role-name labcheck-grader --out $1 --shard auto --quiet
JOB
  sbatch --parsable -n1 "$DIR/job.sh"
}
first() { # FOLDER: waits for a task that writes there, and prints its number
  for _ in $(seq 200); do pgrep -f "labcheck sweep .*/$1 --shard" | head -1 | grep . && return; sleep 0.1; done
}
settle() { while [ -n "$(squeue -h -j "$1" 2>/dev/null)" ]; do sleep 1; done; }
list() { (cd "$1" && find . -type f -name '*.md' -not -path '*/history/*' | sort); }
# same A B: the same files, and the same in them but for times and the ids of requests.
content() { (cd "$1" && list . | while read -r f; do "$LABCHECK" report "$f" --report json 2>/dev/null |
  sed -E 's/"requestId": "[^"]*"//; s/20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z//' | sha256sum; done); }
same() { diff <(list "$1") <(list "$2") && diff <(content "$1") <(content "$2"); }
# A slow emulator may leave accounts for the next run, as AWS may: what failed is tried again until nothing is missing.
finish() { for _ in 1 2 3 4 5 6; do sweep --out "$1" >"$DIR/last.txt" && break; done; tail -n +1 "$DIR/last.txt" | head -3; }

echo "== one run"; time finish "$DIR/whole"
echo "== $PARTS parts"; start=$(date +%s); job=$(array "$DIR/parts"); settle "$job"; echo "$(($(date +%s)-start)) s"
sweep --out "$DIR/parts" --status | head -3; echo "status ${PIPESTATUS[0]}"; finish "$DIR/parts"
same "$DIR/whole" "$DIR/parts" && echo "the same files" || fail "other files"

echo "== a worker is killed"; job=$(array "$DIR/killed")
kill -9 "$(first killed)" && echo killed; settle "$job"
sweep --out "$DIR/killed" --status | head -3; echo "status ${PIPESTATUS[0]}"; finish "$DIR/killed"
same "$DIR/whole" "$DIR/killed" && echo "nothing lost" || fail "lost"

echo "== a node's daemon is killed, its tasks go on"; job=$(array "$DIR/node"); first node >/dev/null
kill -9 "$N1" && echo killed; settle "$job"
sweep --out "$DIR/node" --status | head -3
slurmd -D -N n1 >/dev/null 2>&1 & PIDS="$PIDS $!"
finish "$DIR/node"; same "$DIR/whole" "$DIR/node" && echo "nothing lost" || fail "lost"

echo "== SIGTERM"
"$LABCHECK" sweep "$LAB" --roster "$DIR/class.csv" --role-name labcheck-grader --quiet --out "$DIR/term" & pid=$!; sleep 2; kill -TERM $pid; wait $pid; echo "exit $?"
finish "$DIR/term"; same "$DIR/whole" "$DIR/term" && echo "nothing lost" || fail "lost"

echo "== a full disk"; mkdir -p "$DIR/small"; mount -t tmpfs -o size=1m tmpfs "$DIR/small" 2>/dev/null && {
  sweep --out "$DIR/small/out" >/dev/null; echo "exit $?"
  find "$DIR/small/out" -name '*.md' | while read -r f; do tail -c4 "$f" | grep -q -- '-->' || echo "cut off: $f"; done
  mount -o remount,size=200m "$DIR/small"; finish "$DIR/small/out"
  same "$DIR/whole" "$DIR/small/out" && echo "nothing lost" || fail "lost"; umount "$DIR/small"; }
echo "== graded"; "$LABCHECK" grade "$DIR/whole" --roster "$DIR/class.csv" --allow-simulated --open low --report csv | wc -l
