#!/usr/bin/env bash
# Installs what is missing: setup.sh LIST, where LIST is `build`, `mpi`, `standalone`, `deb`, `check-deb`, `test` or `trials`.
# Says what it does; does nothing, fast, if everything is there.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v swift >/dev/null || {
  echo "Swift is missing: install the toolchain, 6.2 or newer, from swift.org" >&2
  exit 1
}

if [ "$(uname)" = Darwin ]; then
  packages=(cairo libarchive libpng openssl@3 jpeg-turbo pkg-config)
  case "${1:-build}" in mpi|test) packages+=(open-mpi) ;; esac
  missing=()
  for name in "${packages[@]}"; do brew list "$name" >/dev/null 2>&1 || missing+=("$name"); done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "Installing with Homebrew: ${missing[*]}"
    brew install "${missing[@]}"
  fi
  if [ "${1:-build}" = test ] && ! ls /Applications 2>/dev/null | grep -qE 'Chrom(e|ium)'; then
    echo "Installing with Homebrew: chromium"
    brew install --cask chromium
  fi
  exit 0
fi

packages=(libarchive-dev libcairo2-dev libpng-dev libssl-dev libturbojpeg0-dev zlib1g-dev pkg-config fonts-dejavu-core fonts-inter)
case "${1:-build}" in mpi|test) packages+=(libopenmpi-dev openmpi-bin) ;; esac
# A program that brings Swift's libraries along links to libcurl itself; any of its flavours will do.
if [ "${1:-build}" = standalone ] && ! pkg-config --exists libcurl 2>/dev/null; then packages+=(libcurl4-openssl-dev); fi
if [ "${1:-build}" = deb ]; then packages=(dpkg-dev); fi
if [ "${1:-build}" = check-deb ]; then packages=(binutils debootstrap lintian); fi
if [ "${1:-build}" = test ]; then packages+=(binutils chromium poppler-utils python3 python3-pip); fi
if [ "${1:-build}" = trials ]; then packages+=(munge parallel procps slurm-client slurmctld slurmd); fi

missing=()
for name in "${packages[@]}"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$name")
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "Installing with apt-get: ${missing[*]}"
as_root=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || {
    echo "Run as root, or install these yourself: ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
# The lists may be missing or old: ask for them once, and only if something has to be installed.
${as_root[@]+"${as_root[@]}"} apt-get update -qq
DEBIAN_FRONTEND=noninteractive ${as_root[@]+"${as_root[@]}"} \
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
