#!/usr/bin/env bash
# Makes the pictures of README.md, in docs/, from a report on drawn digits: pictures.sh [REPORT_FOLDER]
# Without a folder it runs the journey first. Needs what `Scripts/setup.sh test` installs.
set -euo pipefail
cd "$(dirname "$0")/.."
report=${1:-output/pictures}
if [ $# = 0 ]; then .build/release/inkling journey --dataset drawn --output "$report"; fi
mkdir -p docs
profile=$(mktemp -d)
frame=$report/frame.html
trap 'rm -rf "$profile" "$frame"' EXIT

# shot NAME ID WIDTH HEIGHT [dark]: the part of the page that begins at an element.
shot() {
  cat >"$frame" <<HTML
<!doctype html><body style="margin:0"><iframe src="index.html" width="$3" height="$4" style="border:0"></iframe><script>
addEventListener("load", () => setTimeout(() => {
  const page = document.querySelector("iframe").contentDocument;
  page.getElementById("$2").scrollIntoView({ behavior: "instant" });
}, 1000));
</script>
HTML
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --allow-file-access-from-files \
    --user-data-dir="$profile" --force-device-scale-factor="$(case $1 in chapters/*) echo 0.4 ;; *) echo 0.6 ;; esac)" --virtual-time-budget=5000 \
    --blink-settings=preferredColorScheme=$([ "${5:-light}" = dark ] && echo 0 || echo 1) \
    --window-size="$3,$4" --screenshot="docs/$1.png" "file://$PWD/$frame" 2>/dev/null
  echo "docs/$1.png"
}

shot summary top 1440 1000
shot explanations fig-saliency 1440 900
shot live live 1440 1150
shot live-dark live 1440 1150 dark
shot neighbours fig-neighborhood 1440 900

# Every chapter as it begins: on a desktop, on a dark page, on a phone.
mkdir -p docs/chapters
for id in data network training quality mistakes features explanations doubt robustness comparison live appendix; do
  if ! grep -q "id=\"$id\"" "$report/index.html"; then continue; fi
  shot "chapters/$id" "$id" 1440 1150
  shot "chapters/$id-dark" "$id" 1440 1150 dark
  shot "chapters/$id-phone" "$id" 390 844
done
