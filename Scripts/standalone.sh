#!/usr/bin/env bash
# Builds what `make install` puts in place, laid out as below PREFIX, in .build/standalone/stage: a program that needs
# no Swift toolchain where it runs, its templates, manual pages and completions: standalone.sh [SWIFT FLAG...]
set -euo pipefail
cd "$(dirname "$0")/.."
folder=.build/standalone

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
epoch=${SOURCE_DATE_EPOCH:-$(if [ -e .git ]; then git log -1 --format=%ct; else date +%s; fi)}
date=$(date -u -d "@$epoch" +%F 2>/dev/null || date -u -r "$epoch" +%F)
[ -n "$tool" ] || { echo "the argument parser's generate-manual was not built" >&2 && exit 1; }
"$tool" $folder/release/inkling --multi-page --date "$date" --output-directory $manuals
Scripts/install.sh stage $folder/release/inkling $manuals $folder/stage
