#!/bin/sh
# Writes FOLDER/Commit.swift, which names the commit of this work tree, with a + if files differ from it;
# none without git or outside a clone. Leaves the file alone if it says so already: commit.sh FOLDER
set -eu
cd "$(dirname "$0")/.."
name=
if [ -e .git ]; then
  name=$(GIT_OPTIONAL_LOCKS=0 git describe --always --abbrev=7 --dirty=+ --exclude='*' 2>/dev/null || true)
fi
text="let namedCommit = \"$name\""
[ "$(cat "$1/Commit.swift" 2>/dev/null)" = "$text" ] || echo "$text" >"$1/Commit.swift"
