#!/usr/bin/env bash
# Speed beside the peers, on MNIST and CIFAR-10: run.sh [run.py's options]
set -euo pipefail
cd "$(dirname "$0")"
swift build -c release --product bench
if ! ../.venv/bin/python -c "import torch, onnx, onnxruntime, captum, torchattacks, matplotlib" 2>/dev/null; then
  echo "Making a Python environment with the peers in .venv"
  python3 -m venv ../.venv
  ../.venv/bin/pip install --quiet torch==2.13.0 numpy onnx onnxruntime captum torchattacks matplotlib
fi
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
for name in mnist cifar-10; do
  ../.build/release/inkling data fetch "$name" >/dev/null
  for file in "$(../.build/release/inkling data list --json | python3 -c '
import json, sys
print(next(s["path"] for s in json.load(sys.stdin)["datasets"] if s["name"] == sys.argv[1]))' "$name")"/*{ubyte,.bin}*; do
    case "$file" in
      *.gz) gzip -dc "$file" >"$data/$(basename "$file" .gz)" ;;
      *ubyte | *.bin) cp "$file" "$data/" ;;
    esac
  done
done
../.venv/bin/python run.py --data "$data" --threads "$(getconf _NPROCESSORS_ONLN)" "$@"
