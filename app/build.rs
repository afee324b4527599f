//! Turns `locales/*.toml` into one function per text. A text without one of the two languages, or
//! with other placeholders in one than in the other, fails the build. What goes into a text of several parts is handed
//! over by name: they are all text, and by place a number would stand where the name should without anybody noticing.
//! English counts: `{n} working {n?day|days}` is `1 working day` and `2 working days`.

#![expect(clippy::expect_used, reason = "a build that cannot read its texts must stop")]

use std::{env, fmt::Write as _, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=locales");
    let mut texts = String::from("impl Text {\n");
    let mut parts = String::from("/// What goes into a text of several parts, by name.\npub mod named {\n");
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
            let name = format!("{area}_{key}");
            let placeholders = same_placeholders(zh, en, &place);
            write_parts(&mut parts, &name, &placeholders);
            write_function(&mut texts, &name, &placeholders, [zh, en]);
        }
    }
    texts.push_str("}\n");
    parts.push_str("}\n");
    let out = Path::new(&env::var("OUT_DIR").expect("OUT_DIR")).join("text.rs");
    fs::write(out, texts + &parts).expect("a writable OUT_DIR");
}

/// In the order of the Chinese text.
fn same_placeholders(zh: &str, en: &str, place: &str) -> Vec<String> {
    let in_order = placeholders(zh);
    let (mut one, mut other) = (in_order.clone(), placeholders(en));
    one.sort();
    other.sort();
    assert_eq!(one, other, "{place}: the placeholders differ");
    in_order
}

/// `CaseTitle { kind, number }` for the text `case_title`.
fn write_parts(code: &mut String, name: &str, placeholders: &[String]) {
    if placeholders.len() < 2 {
        return;
    }
    let types = types(placeholders, |n| format!("P{n}"));
    let _ = writeln!(code, "pub struct {}<{types}> {{", type_name(name));
    for (n, part) in placeholders.iter().enumerate() {
        let _ = writeln!(code, "pub {part}: P{n},");
    }
    code.push_str("}\n");
}

fn write_function(code: &mut String, name: &str, placeholders: &[String], [zh, en]: [&str; 2]) {
    let display = "impl std::fmt::Display";
    let (en, counted) = counted(en);
    let (argument, unpack) = match placeholders {
        [] => {
            let _ = writeln!(
                code,
                "pub fn {name}(self) -> &'static str {{ match self.0 {{ Lang::Zh => {zh:?}, Lang::En => {en:?} }} }}"
            );
            return;
        }
        [one] => (format!("{one}: {display}"), String::new()),
        several => {
            let parts = format!("named::{}", type_name(name));
            let argument = format!("parts: {parts}<{}>", types(several, |_| display.to_owned()));
            (argument, format!("let {parts} {{ {} }} = parts; ", several.join(", ")))
        }
    };
    let _ = writeln!(
        code,
        "pub fn {name}(self, {argument}) -> String {{ {unpack}match self.0 {{ Lang::Zh => format!({zh:?}), Lang::En => format!({en:?}{counted}) }} }}"
    );
}

/// Each choice between one and several as an argument of its own: `{n?day|days}` becomes `{c0}`.
fn counted(en: &str) -> (String, String) {
    let (mut text, mut arguments) = (String::new(), String::new());
    for (nth, part) in en.split('{').enumerate() {
        if nth > 0 {
            text.push('{');
        }
        let choice = part.split_once('}').and_then(|(inner, rest)| Some((inner.split_once('?')?, rest)));
        let Some(((number, words), rest)) = choice else {
            text.push_str(part);
            continue;
        };
        let (one, several) = words.split_once('|').unwrap_or_else(|| panic!("{en}: write {{n?one|several}}"));
        let _ = write!(text, "c{nth}}}{rest}");
        let _ = write!(arguments, ", c{nth} = one_or_several(&{number}, {one:?}, {several:?})");
    }
    (text, arguments)
}

fn types(placeholders: &[String], of: impl Fn(usize) -> String) -> String {
    (0..placeholders.len()).map(of).collect::<Vec<_>>().join(", ")
}

fn type_name(text: &str) -> String {
    let words = text.split('_').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    });
    words.collect()
}

fn placeholders(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in text.split('{').skip(1) {
        let inner = part.split('}').next().unwrap_or_default();
        let name = inner.split('?').next().unwrap_or_default().to_owned();
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}
