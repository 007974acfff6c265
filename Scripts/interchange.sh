#!/usr/bin/env bash
# Installs what networks for other programs, and from them, are checked with (onnx, onnxruntime, PyTorch and its exporters) into .build/interchange-python: only tests use
# it. Does nothing, fast, if it is there.
#
# PyTorch is taken only where pip can be told from where a build for processors alone comes: PyPI's for Linux needs
# gigabytes of CUDA's libraries and is not imported without them. Without it the tests leave the Python modules out.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=.build/interchange-python
[ ! -f "$folder/complete" ] || exit 0
echo "Fetching onnx, onnxruntime and onnxscript from PyPI"
staged=$folder.part
rm -rf "$folder" "$staged"
install() {
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-warn-script-location \
    --target "$staged" "$@"
}
install onnx==1.23.2 onnxruntime==1.32.0 onnxscript==0.7.2
torch=torch==2.13.0+cpu
[ "$(uname)" != Darwin ] || torch=torch==2.13.0
if install --upgrade "$torch" 2>/dev/null; then
  echo "PyTorch is there as well"
else
  echo "PyTorch without CUDA is not to be had from pip here: exported .py files are not run" >&2
fi
touch "$staged/complete"
mv "$staged" "$folder"
