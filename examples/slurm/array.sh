#!/usr/bin/env bash
# A full audit as an array of Slurm jobs, then the report:
#
#   jobs=$(sbatch --parsable --array=0-15 array.sh results.json /shared/audit)
#   sbatch --dependency=afterany:"$jobs" array.sh results.json /shared/audit merge
#
# Other schedulers: the last block, with their name of the job's number.
#SBATCH --job-name=repaudit
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --time=04:00:00
#SBATCH --requeue
set -euo pipefail

results="$1"    # on a file system that every node sees at this path, as is the folder
out="$2"        # the folder of the audit
what="${3:-${SLURM_ARRAY_TASK_COUNT:-1}}"    # the number of jobs, or merge

if [ "$what" = merge ]; then
  exec repaudit shard merge "$results" --out "$out" ${REPAUDIT_OPTIONS:-}
fi
exec repaudit shard run "$results" --out "$out" \
  --index "${SLURM_ARRAY_TASK_ID:-0}" --count "$what" ${REPAUDIT_OPTIONS:-}
