#!/usr/bin/env bash
# Builds what browsers run into site/: the islands, and the check of certificates. Usage: tools/build-web.sh dev|release
set -euo pipefail
cd "$(dirname "$0")/.."
profile=dev; folder=debug
if [ "${1:-dev}" = release ]; then profile=wasm-release; folder=wasm-release; fi
wasm() { cargo build --quiet --lib --target wasm32-unknown-unknown --profile "$profile" "$@"; }
wasm -p app --no-default-features --features hydrate
wasm -p check
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
rm -rf site && mkdir -p site && touch site/.gitkeep
for pair in app:qingdan check:check; do
  tools/bin/wasm-bindgen --target web --no-typescript --out-name "${pair#*:}" --out-dir site \
    "$target/wasm32-unknown-unknown/$folder/${pair%:*}.wasm"
done
if [ "${1:-dev}" = release ]; then
  (cd tools && npm ci --no-audit --no-fund --loglevel=error)
  for module in site/*_bg.wasm; do
    tools/node_modules/.bin/wasm-opt -Oz --enable-bulk-memory --enable-nontrapping-float-to-int \
      --enable-reference-types --enable-multivalue --enable-sign-ext --enable-mutable-globals "$module" -o "$module"
  done
  cp style/main.css style/start.js style/check-file.js style/seal.svg site/
  node tools/compress.mjs site
fi
