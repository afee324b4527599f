# make run      build and open the product on a demonstration company
# make test     everything: formatting, lints, unit, integration and browser tests
# make lint     formatting and lints only
# make bench    ratios against a reference measured in the same run
# make release  one self-contained binary in target/release/qingdan
# make pictures the README's pictures, from the running product

.PHONY: run test lint bench release pictures setup web
LISTEN ?= 127.0.0.1:3000
DEMO ?= demo

run: setup web
	cargo run --quiet -p server -- demo --dir $(DEMO) --listen $(LISTEN) --past 28

test:
	tools/setup.sh test
	$(MAKE) lint
	tools/build-web.sh dev
	cargo build --workspace --tests --bins
	cargo test --workspace
	cargo test -p document --features pdf
	cargo test -p server --features pdf --bin qingdan pdf
	cd end2end && npx playwright test

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy -p server --features pdf -- -D warnings
	cargo clippy -p app --lib --target wasm32-unknown-unknown --no-default-features --features hydrate -- -D warnings
	cargo clippy -p check --target wasm32-unknown-unknown -- -D warnings

bench:
	tools/setup.sh bench
	$(MAKE) release
	cargo run --quiet --release -p bench

release: setup
	tools/build-web.sh release
	cargo build --release -p server --features pdf
	@ls -l $$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/release/qingdan

pictures:
	tools/setup.sh test
	tools/build-web.sh dev
	cargo build -p server
	cd end2end && QINGDAN_PICTURES=1 npx playwright test --project=pictures

setup:
	tools/setup.sh build

web: setup
	tools/build-web.sh dev
