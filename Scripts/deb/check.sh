#!/usr/bin/env bash
# Installs the package of `make deb` on a Debian system that has nothing else, uses it there, and removes it.
# As root: it makes that system with debootstrap, in .build/deb.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=.build/deb
package=$(ls $folder/*.deb)
[ "$(id -u)" = 0 ] || {
  echo "run as root: a clean system is made with debootstrap" >&2
  exit 1
}

lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$package"
Scripts/check-instruction-sets.sh .build/standalone/release

codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
if [ ! -d "$folder/clean-$codename" ]; then
  echo "Making a clean $codename"
  rm -rf $folder/partial
  debootstrap --variant=minbase "$codename" $folder/partial >$folder/debootstrap.log || {
    tail -3 $folder/debootstrap.log >&2
    exit 1
  }
  mv $folder/partial "$folder/clean-$codename"
fi
rm -rf $folder/system
cp -a "$folder/clean-$codename" $folder/system
cp "$package" $folder/system/inkling.deb
cp Scripts/deb/try.sh $folder/system/try.sh
# The mounts are seen by this process alone, and end with it.
unshare --mount --pid --fork bash -euc '
  mount -t proc proc "$1/proc"
  chroot "$1" /bin/bash /try.sh' bash $folder/system
rm -rf $folder/system
echo "The package works on a clean $codename"
