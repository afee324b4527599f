#!/usr/bin/env bash
# Installs what building and testing need, into this folder where possible, and says what it does.
# Usage: tools/setup.sh build|test|bench
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-build}

say() { printf '· %s\n' "$*"; }

need_packages() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" = 0 ]; then
    say "installing Debian packages: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "These Debian packages are missing: ${missing[*]}" >&2
    echo "Install them with: sudo apt-get install ${missing[*]}" >&2
    exit 1
  fi
}

command -v cargo >/dev/null || { echo "Rust is missing: install rustup from your distribution or rustup.rs" >&2; exit 1; }
command -v cc >/dev/null || need_packages gcc libc6-dev

if ! rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null | xargs -r test -d; then
  say "adding the wasm target to the Rust toolchain"
  rustup target add wasm32-unknown-unknown
fi

# The command must have the version of the library, or the two do not understand each other.
version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
bindgen=tools/bin/wasm-bindgen
if [ "$("$bindgen" --version 2>/dev/null || true)" != "wasm-bindgen $version" ]; then
  say "installing wasm-bindgen $version into tools/bin (about two minutes)"
  cargo install --quiet wasm-bindgen-cli --version "$version" --root tools
fi

[ "$what" = build ] && exit 0

command -v node >/dev/null || need_packages nodejs npm
need_packages postgresql mariadb-server python3-aiosmtpd openssl chromium fonts-noto-cjk sqlite3 strace
[ "$what" = bench ] && need_packages percona-toolkit
schemathesis=4.32.5
if [ "$(tools/venv/bin/schemathesis --version 2>/dev/null | grep -o '[0-9.]*$')" != "$schemathesis" ]; then
  say "installing schemathesis $schemathesis into tools/venv"
  rm -rf tools/venv
  python3 -m venv tools/venv 2>/dev/null || { need_packages python3-venv; python3 -m venv tools/venv; }
  tools/venv/bin/pip install --quiet --disable-pip-version-check "schemathesis==$schemathesis"
fi
if [ ! -d end2end/node_modules/@playwright/test ] || [ end2end/package-lock.json -nt end2end/node_modules ]; then
  say "installing the npm packages of end2end/"
  (cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error && touch node_modules)
fi
