#!/usr/bin/env bash
# Makes the Swift of every .proto below Sources anew: generate-protobuf.sh. Needed only after one was changed.
# The generator is that of the swift-protobuf that the package is built with; protoc is the system's (apt: protobuf-compiler).
set -euo pipefail
cd "$(dirname "$0")/.."

command -v protoc >/dev/null || {
  echo "protoc is missing: apt-get install protobuf-compiler" >&2
  exit 1
}
swift package resolve
swift build -c release --package-path .build/checkouts/swift-protobuf --scratch-path .build/protobuf \
  --product protoc-gen-swift
find Sources -name '*.proto' | sort | while read -r schema; do
  echo "$schema"
  protoc --plugin=.build/protobuf/release/protoc-gen-swift --proto_path="$(dirname "$schema")" \
    --swift_opt=Visibility=Internal --swift_opt=UseAccessLevelOnImports=true --swift_out="$(dirname "$schema")" "$schema"
done
