#!/usr/bin/env bash
# Gives libFuzzer the readers of files from anywhere: fuzz.sh [RUNS [KIND...]], RUNS for each of onnx, pytorch, safetensors, npz.
# It stops at a crash, a file that takes a second, or 512 MB of memory, and keeps the file. What it finds on the way (its
# corpus) stays in .build/fuzz/corpus for the next time. At the end a part is run under strace: no program is started, and no
# file outside of the model's folder is opened.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-2500000}
shift || true
kinds=("$@")
[ ${#kinds[@]} -gt 0 ] || kinds=(onnx pytorch safetensors npz)

INKLING_FUZZ=1 swift build -c release --product FuzzFiles --scratch-path .build/fuzz -Xswiftc -sanitize=fuzzer
program=$PWD/.build/fuzz/release/FuzzFiles
fixtures=$PWD/Tests/InterchangeTests/Fixtures
work=$PWD/.build/fuzz/work
mkdir -p "$work/model"
cd "$work"

seeds() {
  local to=$work/seeds/$1
  rm -rf "$to"
  mkdir -p "$to"
  case $1 in
    onnx)
      find "$fixtures/ONNX" -name '*.onnx' -size -24k -exec cp {} "$to" \;
      find "$fixtures/ONNX" -name '*.onnx.data' -exec cp {} "$work/model" \;
      # What must not be read, and files that ask for it.
      echo secret > "$work/secret"
      python3 - "$to" <<'PYTHON'
import pathlib, sys

for file in pathlib.Path(sys.argv[1]).glob("*.dynamo.onnx"):
    name = (file.name + ".data").encode()
    spare = len(name) - len(b"../secret")
    outside = b"./" * (spare // 2) + b".." + b"/" * (1 + spare % 2) + b"secret"
    contents = file.read_bytes()
    if name in contents:
        (file.parent / ("outside-" + file.name)).write_bytes(contents.replace(name, outside))
PYTHON
      ;;
    pytorch) cp "$fixtures"/PyTorch/*.pt "$fixtures"/PyTorch/*.pth "$to" ;;
    safetensors) cp "$fixtures"/*.safetensors "$to" ;;
    npz)
      python3 - "$to/small.npz" <<'PYTHON'
import struct, sys, zipfile

def npy(shape, kind):
    head = f"{{'descr': '|{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    head += " " * (-(len(head) + 11) % 64) + "\n"
    count = 1
    for size in shape:
        count *= size
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + bytes(i % 3 for i in range(count))

with zipfile.ZipFile(sys.argv[1], "w") as out:
    for part in ("train", "val", "test"):
        out.writestr(f"{part}_images.npy", npy((3, 4, 4), "u1"))
        out.writestr(f"{part}_labels.npy", npy((3, 1), "u1"))
PYTHON
      ;;
  esac
}

for kind in "${kinds[@]}"; do
  echo "fuzzing $kind: $runs files"
  seeds "$kind"
  mkdir -p "corpus/$kind"
  export INKLING_FUZZ_KIND=$kind INKLING_FUZZ_FOLDER=$work/model
  "$program" -runs="$runs" -timeout=1 -rss_limit_mb=512 -max_len=32768 -len_control=0 -print_final_stats=1 -verbosity=1 \
    -artifact_prefix="$work/$kind-" "corpus/$kind" "seeds/$kind" 2>&1 | tail -n 12
  if command -v strace >/dev/null; then
    # Without a PATH libFuzzer finds no symbolizer, the one program that it would start itself.
    PATH='' "$(command -v strace)" -f -o "$work/$kind.trace" -e trace=execve,open,openat "$program" -runs=20000 \
      "corpus/$kind" 2>/dev/null
    # The start of the program, its libraries, and what libFuzzer reads are no doing of a model.
    if tail -n +2 "$work/$kind.trace" | grep -E 'execve|open' |
      grep -vE '"(/etc/ld|/etc/localtime|/lib|/usr/lib|/opt/|/proc/|/sys/|/dev/|/usr/share/|corpus/|seeds/)|FuzzFiles"|[.]so[.0-9]*"|"'"$work"'/(model/|corpus|seeds)'; then
      echo "$kind: the calls above must not be made" >&2
      exit 1
    fi
    echo "$kind: nothing was started, and no file opened outside of the model's folder"
  fi
done
