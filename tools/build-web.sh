#!/usr/bin/env bash
# Builds the islands into site/. Usage: tools/build-web.sh dev|release
set -euo pipefail
cd "$(dirname "$0")/.."
profile=dev; folder=debug
if [ "${1:-dev}" = release ]; then profile=wasm-release; folder=wasm-release; fi
cargo build --quiet -p app --lib --target wasm32-unknown-unknown --no-default-features --features hydrate --profile "$profile"
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
rm -rf site && mkdir -p site && touch site/.gitkeep
tools/bin/wasm-bindgen --target web --no-typescript --out-name qingdan --out-dir site \
  "$target/wasm32-unknown-unknown/$folder/app.wasm"
if [ "${1:-dev}" = release ]; then
  (cd tools && npm ci --no-audit --no-fund --loglevel=error)
  tools/node_modules/.bin/wasm-opt -Oz --enable-bulk-memory --enable-nontrapping-float-to-int \
    --enable-reference-types --enable-multivalue --enable-sign-ext --enable-mutable-globals \
    site/qingdan_bg.wasm -o site/qingdan_bg.wasm
  cp style/main.css style/start.js style/seal.svg site/
  node tools/compress.mjs site
fi
