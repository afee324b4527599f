//! The rules of the house, as code: what may depend on what, where writes may stand, which paths
//! the documents name.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources_of(crates: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for name in crates {
        rust_files(&root().join(name).join("src"), &mut found);
    }
    found.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

const ALL: [&str; 11] = [
    "app",
    "server",
    "migrations",
    "crates/domain",
    "crates/check",
    "crates/document",
    "crates/exchange",
    "crates/pool",
    "crates/sources",
    "crates/store",
    "crates/service",
];

/// `domain, pool ← sources, store ← service ← app ← server`; migrations depend on none of ours.
#[test]
fn dependencies_point_one_way() {
    let ours = [
        "domain",
        "check",
        "document",
        "exchange",
        "pool",
        "sources",
        "store",
        "service",
        "app",
        "server",
        "migrations",
    ];
    let allowed: [(&str, &[&str]); 11] = [
        ("migrations", &[]),
        ("crates/domain", &[]),
        ("crates/check", &["domain"]),
        ("crates/document", &["domain"]),
        ("crates/exchange", &["domain"]),
        ("crates/pool", &[]),
        ("crates/sources", &["domain", "pool"]),
        ("crates/store", &["domain", "migrations", "pool"]),
        ("crates/service", &["domain", "sources", "store"]),
        ("app", &["document", "domain", "service"]),
        ("server", &["app", "document", "domain", "exchange", "sources", "store", "service"]),
    ];
    for (name, may) in allowed {
        let manifest = fs::read_to_string(root().join(name).join("Cargo.toml")).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        for dependency in manifest["dependencies"].as_table().unwrap().keys() {
            let allowed = !ours.contains(&dependency.as_str()) || may.contains(&dependency.as_str());
            assert!(allowed, "{name} must not depend on {dependency}");
        }
    }
}

/// Invariant 3: statements that write to a company's database stand in one folder.
#[test]
fn one_executor() {
    for (path, text) in sources_of(&["crates/sources"]) {
        if path.components().any(|part| part.as_os_str() == "execute") {
            continue;
        }
        for write in ["Query::update", "Query::delete", "Query::insert", ".writing()", "execute_unprepared"] {
            assert!(!text.contains(write), "{} has {write}", path.display());
        }
    }
}

/// Up to the bracket that closes what was opened before, over as many lines as it takes.
fn in_brackets(text: &str) -> &str {
    let mut open = 1;
    let end = text.find(|c| {
        open += i32::from(c == '(') - i32::from(c == ')');
        open == 0
    });
    &text[..end.unwrap()]
}

/// Invariant 7: nothing that was revealed goes into a log line.
#[test]
fn no_revealed_value_is_logged() {
    let mut calls = 0;
    for (path, text) in sources_of(&ALL) {
        for log in ["tracing::error!(", "tracing::warn!(", "tracing::info!(", "tracing::debug!(", "println!("] {
            for (at, _) in text.match_indices(log) {
                calls += 1;
                let call = in_brackets(&text[at + log.len()..]);
                assert!(!call.contains("reveal"), "{}: {log}{call})", path.display());
            }
        }
    }
    assert!(calls > 30, "{calls} lines are logged");
}

/// What people write is given back where it could not be taken: the list of such fields is whole, and in it is nothing
/// that is chosen.
#[test]
fn prose_is_what_is_written_into_text_areas() {
    let mut written = 0;
    for (path, text) in sources_of(&["app"]) {
        let fields = |call: &str| -> Vec<String> {
            let call = format!("{call}(\"");
            text.split(&call).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
        };
        for field in fields("text_area") {
            written += 1;
            // A certificate that is pasted to be checked is not written.
            let is_prose = app::components::PROSE.contains(&field.as_str()) || field == "document";
            assert!(is_prose, "{} has a text area {field}", path.display());
        }
        for field in ["radio_group", "select"].iter().flat_map(|call| fields(call)) {
            assert!(!app::components::PROSE.contains(&field.as_str()), "{}: {field} is chosen", path.display());
        }
    }
    assert!(written > 8, "{written} text areas");
}

/// A list of all values of an enum is one that the compiler checks.
#[test]
fn nothing_is_missing_in_a_list_of_all() {
    let mut lists = 0;
    for (path, text) in sources_of(&ALL) {
        for (at, _) in text.match_indices("const ALL: [Self;") {
            lists += 1;
            let list = text[at..].split(';').nth(1).unwrap();
            assert!(list.contains("all!["), "{}: {list}", path.display());
        }
    }
    assert!(lists > 20, "{lists} lists");
}

/// A file does one thing: half of them stay below 120 lines, none goes over 500.
#[test]
fn files_are_short() {
    let mut lengths: Vec<(usize, PathBuf)> =
        sources_of(&ALL).into_iter().map(|(path, text)| (text.lines().count(), path)).collect();
    lengths.sort();
    let (longest, path) = lengths.last().unwrap();
    assert!(*longest <= 500, "{} has {longest} lines", path.display());
    let median = lengths[lengths.len() / 2].0;
    assert!(median <= 120, "the median is {median} lines");
}

/// Every path a document names exists.
#[test]
fn documents_name_what_is_there() {
    let mut named = 0;
    for document in
        ["README.md", "docs/ARCHITECTURE.md", "docs/MAP.md", "docs/OPERATING.md", "docs/RIGHTS.md", "docs/CLAUSES.md"]
    {
        let text = fs::read_to_string(root().join(document)).unwrap();
        for quoted in text.split('`').skip(1).step_by(2) {
            let folders =
                ["app/", "server/", "crates/", "migrations/", "style/", "end2end/", "docs/", "tools/", ".ci/"];
            if folders.iter().any(|folder| quoted.starts_with(folder)) && !quoted.contains(' ') {
                named += 1;
                assert!(root().join(quoted).exists(), "{document} names {quoted}, which does not exist");
            }
        }
    }
    assert!(named > 80, "{named} paths were checked");
}

/// The tables of rights and of clauses name tests that are there.
#[test]
fn every_right_has_the_test_it_names() {
    let mut files = Vec::new();
    for folder in ["crates/domain", "crates/sources", "crates/service", "server"] {
        rust_files(&root().join(folder), &mut files);
    }
    let code: String = files.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let is_test = |quoted: &&str| quoted.contains('_') && quoted.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    for document in ["docs/RIGHTS.md", "docs/CLAUSES.md"] {
        let table = fs::read_to_string(root().join(document)).unwrap();
        let mut named = 0;
        for test in table.split('`').skip(1).step_by(2).filter(is_test) {
            named += 1;
            assert!(code.contains(&format!("fn {test}(")), "{document} names {test}, which is no test");
        }
        assert!(named >= 8, "{named} tests were looked for");
    }
}
