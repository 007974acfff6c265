#!/usr/bin/env bash
# Puts the program where people find it, and takes it away again:
#   install.sh stage PROGRAM MANUALS FOLDER   lays out in FOLDER what belongs below a prefix
#   install.sh check PREFIX                   says whether PREFIX can be written to
#   install.sh install FOLDER PREFIX          copies it to PREFIX, and notes there what is new
#   install.sh uninstall PREFIX               removes what is noted
set -euo pipefail
umask 022
# Lines of paths below PREFIX: folders that install made (with a / at the end), then files.
notes=share/inkling/installed

fail() {
  echo "$1" >&2
  exit 1
}

stage() {
  local program=$1 manuals=$2 folder=$3 source said number file name
  source=$(cd "$(dirname "$0")/.." && pwd)
  rm -rf "$folder"
  mkdir -p "$folder"/bin "$folder"/share/inkling/templates "$folder"/share/man/man1 \
    "$folder"/share/bash-completion/completions "$folder"/share/zsh/site-functions \
    "$folder"/share/fish/vendor_completions.d
  cp "$program" "$folder/bin/inkling"
  cp "$source"/templates/* "$folder/share/inkling/templates"
  # The parser's tool calls a page inkling.train and its subject "inkling train"; as inkling-train, both `man inkling-train`
  # and `man inkling train` find it. It knows no version, and leaves empty lines, which the page's language does not have; commands
  # are not hyphenated.
  said=$("$program" --version)
  number=$(cut -d' ' -f2 <<<"${said%,*}")
  for file in "$manuals"/*.1; do
    name=$(basename "$file" .1)
    sed -e 's/^$/.Pp/' -e "s/^\.Os.*/.Os Inkling $number/" \
      -e '/^\.Dt /s/\([A-Z]\)\./\1-/g' -e '/^\.Xr /s/\([a-z]\)\./\1-/g' \
      -e "/^\.Sh NAME/,/^\.Nd/s/^\.Nm .*/.Nm ${name//./-}/" \
      -e "s/^\.Ex -std$/.Ex -std \"${name//./ }\"/" -e '/^\.Sh [^N]/a\' -e '.nh' \
      -e "/^\.Sh SYNOPSIS/,/^\.Sh DESC/s/^\.Nm$/.Nm \"${name//./ }\"/" "$file" |
      gzip -9n >"$folder/share/man/man1/${name//./-}.1.gz"
  done
  # Read by a shell, not run.
  "$program" --generate-completion-script bash | sed '1{/^#!/d;}' \
    >"$folder/share/bash-completion/completions/inkling"
  "$program" --generate-completion-script zsh >"$folder/share/zsh/site-functions/_inkling"
  "$program" --generate-completion-script fish >"$folder/share/fish/vendor_completions.d/inkling.fish"
  find "$folder" -type f -exec chmod 644 {} +
  chmod 755 "$folder/bin/inkling"
}

check() {
  local place
  for place in "$1/bin" "$1/$notes"; do
    while [ ! -e "$place" ]; do place=$(dirname "$place"); done
    [ -w "$place" ] || fail "$place cannot be written to: name a folder of yours (make install PREFIX=\$HOME/.local), \
or run make standalone && sudo make install"
  done
}

install() {
  local folder=$1 prefix=$2 made files path
  check "$prefix"
  case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
  [ ! -f "$prefix/$notes" ] || remove "$prefix"
  made=$(cd "$folder" && find . -type d | LC_ALL=C sort | while IFS= read -r path; do
    [ -d "$prefix/$path" ] || echo "$path/"
  done)
  files=$(cd "$folder" && find . -type f | LC_ALL=C sort)
  mkdir -p "$prefix/$(dirname $notes)"
  printf '%s\n' ${made:+"$made"} "$files" "./$notes" >"$prefix/$notes"
  while IFS= read -r path; do
    mkdir -p "$prefix/$(dirname "$path")"
    # A program that is running keeps its own file.
    cp "$folder/$path" "$prefix/$path.new"
    mv -f "$prefix/$path.new" "$prefix/$path"
  done <<<"$files"
  echo "Installed $prefix/bin/inkling ($("$prefix/bin/inkling" --version)); make uninstall removes it"
}

remove() {
  local prefix=$1 lines path
  lines=$(cat "$prefix/$notes")
  while IFS= read -r path; do
    case $path in */) ;; *) rm -f "$prefix/$path" ;; esac
  done <<<"$lines"
  # The innermost first; a folder that something else has come into stays.
  LC_ALL=C sort -r <<<"$lines" | while IFS= read -r path; do
    case $path in */) rmdir "$prefix/${path#./}" 2>/dev/null || true ;; esac
  done
}

uninstall() {
  [ -f "$1/$notes" ] || fail "nothing was installed at $1: name the folder with PREFIX"
  [ -w "$1/bin" ] || fail "$1/bin cannot be written to: run sudo make uninstall"
  remove "$1"
  echo "Removed inkling from $1"
}

case ${1:-} in
  stage | check | install | uninstall) "$@" ;;
  *) sed -n '2,6p' "$0" >&2 && exit 64 ;;
esac
