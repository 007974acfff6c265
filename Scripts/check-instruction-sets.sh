#!/usr/bin/env bash
# Proves that no AVX instruction stands outside the kernels compiled for it, so that the program
# runs on processors without it: check-instruction-sets.sh BUILD_FOLDER
set -euo pipefail
[ "$(uname -m)" = x86_64 ] || { echo "instruction sets: nothing to check on $(uname -m)"; exit 0; }
build=$1
failed=0

for module in KernelsV3:ymm KernelsV4:zmm; do
  grep -q "${module#*:}" <(objdump -d --no-show-raw-insn "$build/${module%:*}.build"/*.o) || {
    echo "instruction sets: $build/${module%:*}.build has no ${module#*:} instruction" >&2
    exit 1
  }
done

# The vector registers that an object file uses beyond SSE's.
registers() { objdump -d --no-show-raw-insn "$1" | grep -oE '%[yz]mm[0-9]+' | sort -u; }

for folder in "$build"/*.build; do
  module=$(basename "$folder" .build)
  case $module in
    KernelsV3) allowed=ymm ;;
    KernelsV4) allowed='[yz]mm' ;;
    # BoringSSL picks its own assembly at run time.
    CCryptoBoringSSL | CCryptoBoringSSLShims | CXKCP | CXKCPShims) continue ;;
    *) allowed=none ;;
  esac
  while IFS= read -r object; do
    found=$(registers "$object" | grep -vE "%($allowed)[0-9]+" || true)
    if [ -n "$found" ]; then
      echo "instruction sets: $object uses $(echo "$found" | head -1)" >&2
      failed=1
    fi
  done < <(find "$folder" -name '*.o')
done

# A function that the linker may take from either module must not be one compiled for AVX.
for module in KernelsBase KernelsV3 KernelsV4; do
  stray=$(nm "$build/$module.build"/*.o | awk '$2 ~ /^[Ww]$/ { print $3 }' |
    grep -vE "^(\\\$s[0-9]+$module|__swift_reflection_version|_swift_FORCE_LOAD)" | sort -u || true)
  if [ -n "$stray" ]; then
    echo "instruction sets: $module shares symbols with other modules:" >&2
    echo "$stray" | head -5 >&2
    failed=1
  fi
done
[ $failed = 0 ] && echo "instruction sets: AVX stands only in the kernels compiled for it"
exit $failed
