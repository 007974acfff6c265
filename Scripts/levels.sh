#!/usr/bin/env bash
# The instruction-set levels below the best one that this machine has: the best is what every other test uses.
set -euo pipefail
[ "$(uname -m)" = x86_64 ] || exit 0
flags=$(grep -m1 '^flags' /proc/cpuinfo 2>/dev/null || true)
case " $flags " in *" avx2 "*) echo baseline ;; esac
case " $flags " in *" avx512vl "*) echo avx2 ;; esac
