#!/usr/bin/env bash
# Fetches TensorBoard, and of MLflow what its server needs, from PyPI into .build/tracking: only tests use them.
# Into a folder and no virtual environment, which a fresh Debian cannot make. About 410 MB; nothing to do, fast, once done.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=.build/tracking
packages=(tensorboard==2.21.0 mlflow-skinny==3.17.2
  aiohttp alembic cryptography Flask Flask-CORS huey pandas sqlalchemy)
# What was fetched for another list is fetched anew.
[ "$(cat "$folder/packages" 2>/dev/null)" != "${packages[*]}" ] || exit 0
echo "Fetching TensorBoard and an MLflow server from PyPI"
rm -rf "$folder"
python3 -m pip install --quiet --disable-pip-version-check --no-warn-script-location --root-user-action=ignore \
  --target "$folder" "${packages[@]}"
echo "${packages[*]}" > "$folder/packages"
