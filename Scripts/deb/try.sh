#!/bin/bash
# Runs inside the clean system of check.sh.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root

if command -v swift || [ -e /usr/share/inkling ]; then
  echo "not a clean system" >&2
  exit 1
fi
apt-get update -qq
apt-get install -y -qq --no-install-recommends /inkling.deb bash-completion >/tmp/log 2>&1 || {
  tail -5 /tmp/log >&2
  exit 1
}
missing=$(ldd /usr/bin/inkling | grep 'not found' || true)
[ -z "$missing" ] || {
  echo "$missing" >&2
  exit 1
}

useradd --create-home someone
cd /home/someone
as() { setpriv --reuid someone --regid someone --clear-groups env HOME=/home/someone "$@"; }
as inkling --version
for page in inkling inkling-train inkling-sweep-plan; do gzip -t /usr/share/man/man1/$page.1.gz; done
as inkling explore --dataset drawn --drawn-count 1200 --output explored --quiet >/dev/null
as inkling train --dataset drawn --drawn-count 1200 --model "flatten linear(16) relu linear(10)" --epochs 2 \
  --output a.safetensors --quiet >/dev/null
as inkling evaluate a.safetensors >/dev/null
as inkling report a.safetensors --output report --quiet
ln -s /usr/bin/inkling /home/someone/link
as ./link report a.safetensors --output again --quiet >/dev/null
cmp report/index.html again/index.html

# As a shell asks when someone presses the tab key behind these words.
as bash -c '
  . /usr/share/bash-completion/bash_completion
  . /usr/share/bash-completion/completions/inkling
  COMP_LINE="inkling tr" COMP_POINT=10 COMP_WORDS=(inkling tr) COMP_CWORD=1
  _inkling inkling tr inkling 2>/dev/null || true
  [ "${COMPREPLY[*]}" = "train transfer" ] || { echo "completed: ${COMPREPLY[*]}" >&2; exit 1; }'

apt-get purge -y -qq inkling >/tmp/log 2>&1
left=$(find / -xdev -name '*inkling*' -not -path '/proc/*' -not -path '/var/*' -not -path '/home/*' -not -path /inkling.deb)
[ -z "$left" ] || {
  echo "left behind: $left" >&2
  exit 1
}
