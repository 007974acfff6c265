#!/usr/bin/env bash
# Fetches axe-core, which checks the report's accessibility, from PyPI into .build/axe: only tests use it.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=.build/axe
[ ! -f "$folder/axe.min.js" ] || exit 0
echo "Fetching axe-core from PyPI"
mkdir -p "$folder"
python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$folder" axe-core-python==0.1.0
python3 -m zipfile -e "$folder"/axe_core_python-*.whl "$folder"
cp "$folder/axe_core_python/axe.min.js" "$folder/axe.min.js"
