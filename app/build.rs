//! Turns `locales/*.toml` into one function per text. A text without one of the two languages, or
//! with other placeholders in one than in the other, fails the build.

#![expect(clippy::expect_used, reason = "a build that cannot read its texts must stop")]

use std::{env, fmt::Write as _, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=locales");
    let mut code = String::from("impl Text {\n");
    let mut files: Vec<_> =
        fs::read_dir("locales").expect("app/locales").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    for file in files {
        let area = file.file_stem().and_then(|stem| stem.to_str()).expect("a file name").to_owned();
        let text = fs::read_to_string(&file).expect("a readable file");
        let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for (key, value) in &table {
            let place = format!("{}: {key}", file.display());
            let pair: Vec<&str> = value.as_array().into_iter().flatten().filter_map(|v| v.as_str()).collect();
            let [zh, en] = pair.as_slice() else { panic!("{place}: write [\"中文\", \"English\"]") };
            assert!(!zh.trim().is_empty() && !en.trim().is_empty(), "{place}: a language is empty");
            write_function(&mut code, &format!("{area}_{key}"), zh, en, &place);
        }
    }
    code.push_str("}\n");
    let out = Path::new(&env::var("OUT_DIR").expect("OUT_DIR")).join("text.rs");
    fs::write(out, code).expect("a writable OUT_DIR");
}

fn write_function(code: &mut String, name: &str, zh: &str, en: &str, place: &str) {
    let parameters = placeholders(zh);
    let mut other = placeholders(en);
    let mut sorted = parameters.clone();
    sorted.sort();
    other.sort();
    assert_eq!(sorted, other, "{place}: the placeholders differ");
    if parameters.is_empty() {
        let _ = writeln!(
            code,
            "pub fn {name}(self) -> &'static str {{ match self.0 {{ Lang::Zh => {zh:?}, Lang::En => {en:?} }} }}"
        );
    } else {
        let mut arguments = String::new();
        for parameter in &parameters {
            let _ = write!(arguments, ", {parameter}: impl std::fmt::Display");
        }
        let _ = writeln!(
            code,
            "pub fn {name}(self{arguments}) -> String {{ match self.0 {{ Lang::Zh => format!({zh:?}), Lang::En => format!({en:?}) }} }}"
        );
    }
}

fn placeholders(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in text.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or_default().to_owned();
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}
