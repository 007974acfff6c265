#!/usr/bin/env bash
# Reads what another version of PyTorch exports than the one that the tests use: exports.sh VERSION. Makes the models of
# Scripts/reference/onnx_models.py with it and checks their scores like the tests' own.
#
# PyPI's builds for Linux bring CUDA's libraries along: gigabytes, kept in .build/exports.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:?which version of PyTorch? exports.sh 2.15.0}
folder=$PWD/.build/exports/$version
if [ ! -f "$folder/complete" ]; then
  echo "Fetching PyTorch $version, onnx and onnxscript from PyPI"
  python3 -m venv "$folder/python"
  "$folder/python/bin/pip" install --quiet --disable-pip-version-check "torch==$version" numpy onnx==1.23.2 onnxscript==0.7.2
  touch "$folder/complete"
fi
echo "Exporting the models"
rm -rf "$folder/models"
"$folder/python/bin/python" Scripts/reference/onnx_models.py "$folder/models"
INKLING_ONNX_MODELS=$folder/models swift test -c release --disable-xctest ${SWIFT_FLAGS:-} --filter ONNXModelsTests
