#!/bin/sh
# Reads the accounts of a class in 16 parts, on the nodes of a Slurm cluster: sbatch sweep.sh
# A task that fails is not started again by Slurm: submit the same file again, what is there is not read twice.
#SBATCH --job-name=labcheck
#SBATCH --array=0-15
#SBATCH --time=01:00:00
#SBATCH --mem=512M
#SBATCH --requeue
# The folder results has to be on a file system that the nodes share; so have the roster and ~/.aws.
exec labcheck sweep LAB_ID --roster class.csv --role-name labcheck-grader --out results --shard auto --quiet
