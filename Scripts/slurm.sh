#!/usr/bin/env bash
# A Slurm of one node on this machine, for tests: slurm.sh start DIR, slurm.sh stop DIR. Needs root.
# Prints the line that makes sbatch, squeue and scontrol find it.
set -euo pipefail
PATH=$PATH:/usr/sbin
folder=$(mkdir -p "$2" && cd "$2" && pwd)

if [ "$1" = stop ]; then
  for daemon in slurmd slurmctld munged; do
    if [ -f "$folder/$daemon.pid" ]; then
      pid=$(cat "$folder/$daemon.pid")
      kill "$pid" 2>/dev/null || true
      for _ in $(seq 20); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
      kill -KILL "$pid" 2>/dev/null || true
      rm -f "$folder/$daemon.pid"
    fi
  done
  exit 0
fi

host=$(hostname -s)
# Ports of its own: others may be running.
port=$((20000 + $$ % 20000))
mkdir -p "$folder/state" "$folder/spool"
# A credential that expires soon lets a requeued task start again soon.
cat >"$folder/slurm.conf" <<END
ClusterName=inkling
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=cred_expire=2
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1,requeue_setup_env_fail
KillWait=5
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END

if ! pgrep -x munged >/dev/null; then
  mkdir -p /run/munge
  chown munge: /run/munge
  su -s /bin/sh munge -c /usr/sbin/munged >&2
  pgrep -x munged | head -n 1 >"$folder/munged.pid"
fi
export SLURM_CONF=$folder/slurm.conf
slurmctld >&2
slurmd >&2
for _ in $(seq 60); do
  if sinfo -h -o %T 2>/dev/null | grep -q idle; then
    echo "export SLURM_CONF=$SLURM_CONF"
    exit 0
  fi
  sleep 0.5
done
echo "the node does not come up; see $folder/slurmctld.log and $folder/slurmd.log" >&2
exit 1
