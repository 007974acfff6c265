#!/usr/bin/env bash
# Training speed beside PyTorch: run.sh [THREADS]
set -euo pipefail
cd "$(dirname "$0")/.."
threads=${1:-$(getconf _NPROCESSORS_ONLN)}
if [ ! -x .venv/bin/python ]; then
  echo "Making a Python environment with PyTorch in .venv"
  python3 -m venv .venv
  .venv/bin/pip install --quiet torch==2.13.0 numpy
fi
exec .venv/bin/python Benchmarks/training.py .build/release/inkling "$threads"
