#!/usr/bin/env bash
# Builds what `make install` puts in place, laid out as below PREFIX, in .build/standalone/stage: a program that needs
# no Swift toolchain where it runs, its templates, manual pages and completions: standalone.sh [SWIFT FLAG...]
set -euo pipefail
cd "$(dirname "$0")/.."
folder=.build/standalone

# Under sudo the toolchain is rarely found, and what it builds would be root's: take what is there.
if [ -n "${SUDO_USER:-}" ] && [ -x $folder/stage/bin/inkling ]; then exit 0; fi

Scripts/setup.sh standalone
# macOS brings Swift's libraries itself.
static=(--static-swift-stdlib --disable-local-rpath -Xlinker -s -Xlinker -z -Xlinker now)
[ "$(uname)" != Darwin ] || static=()
swift build -c release --scratch-path $folder --product inkling ${static[@]+"${static[@]}"} "$@"

# The argument parser's plugin would build the program once more, with Swift's libraries outside. Asked for help,
# it builds the tool alone that it would run.
swift package --scratch-path $folder generate-manual --help >/dev/null
tool=$(find $folder -type f -perm -u+x -name 'generate-manual*' | head -1)
manuals=$folder/manuals
rm -rf $manuals && mkdir -p $manuals
# The date of the pages is the commit's, so that the same commit makes the same pages.
date=$([ -e .git ] && git log -1 --format=%cs 2>/dev/null || date +%Y-%m-%d)
"$tool" $folder/release/inkling --multi-page --date "$date" --output-directory $manuals
Scripts/install.sh stage $folder/release/inkling $manuals $folder/stage
