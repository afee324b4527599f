//! Reading the files of a map, and finding the line a problem is on.

use std::{collections::BTreeMap, fs, path::Path};

use toml_edit::{Document, Item};

use super::{DataMap, Problem, SourceName, resolve::resolve, written};
use crate::{Lang, Words};

/// One file of a map: its name for messages, and its text.
#[derive(Clone, Debug)]
pub struct MapFile {
    pub name: String,
    pub text: String,
}

/// Every `*.toml` of a directory, in the order of their names; or the one file named.
///
/// # Errors
/// A directory that cannot be read or holds no map, and every problem [`load`] finds.
pub fn load_dir(path: &Path) -> Result<DataMap, Vec<Problem>> {
    let unreadable = |at: &Path, error: std::io::Error| {
        vec![
            Problem::error(format!("cannot be read: {error}"), "check the path and its permissions")
                .at(at.display().to_string(), 0),
        ]
    };
    let mut paths = Vec::new();
    if path.is_dir() {
        for entry in fs::read_dir(path).map_err(|error| unreadable(path, error))? {
            let entry = entry.map_err(|error| unreadable(path, error))?.path();
            if entry.extension().is_some_and(|extension| extension == "toml") {
                paths.push(entry);
            }
        }
        let texts = path.join("texts");
        if texts.is_dir() {
            for entry in fs::read_dir(&texts).map_err(|error| unreadable(&texts, error))? {
                let entry = entry.map_err(|error| unreadable(&texts, error))?.path();
                if entry.extension().is_some_and(|extension| extension == "md") {
                    paths.push(entry);
                }
            }
        }
        paths.sort();
        if paths.is_empty() {
            let problem = Problem::error("holds no .toml file", "put the data map here, see docs/MAP.md");
            return Err(vec![problem.at(path.display().to_string(), 0)]);
        }
    } else {
        paths.push(path.to_owned());
    }
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
        files.push(MapFile { name: path.display().to_string(), text });
    }
    load(&files)
}

/// The map these files make together.
///
/// # Errors
/// All problems found, not only the first; each with its file and line.
pub fn load(files: &[MapFile]) -> Result<DataMap, Vec<Problem>> {
    let mut merged = written::Map::default();
    let mut problems = Vec::new();
    let mut texts: BTreeMap<String, [Option<String>; 2]> = BTreeMap::new();
    for file in files {
        if Path::new(&file.name).extension().is_some_and(|extension| extension == "md") {
            match text_of(&file.name) {
                Some((section, lang)) => {
                    let [zh, en] = texts.entry(section).or_default();
                    let text = Some(file.text.trim().to_owned());
                    match lang {
                        Lang::Zh => *zh = text,
                        Lang::En => *en = text,
                    }
                }
                None => problems.push(
                    Problem::error("is not named after a section and a language", "as in summary.zh-CN.md")
                        .at(&file.name, 0),
                ),
            }
            continue;
        }
        // Of the readers of TOML the one that keeps the order in which it is written.
        match toml_edit::de::from_str::<written::Map>(&file.text) {
            Ok(map) => merge(&mut merged, map, file, &mut problems),
            Err(error) => {
                let line = error.span().map_or(1, |span| line_of(&file.text, span.start));
                let message = error.message().lines().next().unwrap_or_default().to_owned();
                let instead = suggestion(&message);
                problems.push(Problem::error(message, instead).at(&file.name, line));
            }
        }
    }
    for (section, texts) in texts {
        match texts {
            [Some(zh), Some(en)] => {
                merged.text.insert(section, Words { zh, en });
            }
            [zh, _] => {
                let missing = if zh.is_none() { "zh-CN" } else { "en" };
                problems.push(
                    Problem::error(
                        format!("the text “{section}” has no translation"),
                        format!("add texts/{section}.{missing}.md"),
                    )
                    .at("texts", 0),
                );
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    resolve(merged).map_err(|found| {
        found
            .into_iter()
            .map(|(path, problem)| {
                let (file, line) = locate(files, &path);
                problem.at(file, line)
            })
            .collect()
    })
}

/// A stored version as a map again. Where its databases are is not part of a version: that comes from
/// `addresses`, by name; a source that is there no longer has none.
///
/// # Errors
/// A body that is not one of a map.
pub fn restore(body: &str, addresses: &BTreeMap<SourceName, written::Source>) -> Result<DataMap, Vec<Problem>> {
    let broken = |error: serde_json::Error| {
        vec![Problem::error(format!("a stored version cannot be read: {error}"), "restore the portal's database")]
    };
    let mut map: written::Map = serde_json::from_str(body).map_err(broken)?;
    for (name, source) in &mut map.source {
        let same = |now: &&written::Source| now.engine == source.engine;
        if let Some(now) = addresses.get(&SourceName(name.clone())).filter(same) {
            (source.url, source.url_env, source.url_file) =
                (now.url.clone(), now.url_env.clone(), now.url_file.clone());
            (source.write, source.limits) = (now.write.clone(), now.limits);
            (source.key_env, source.key_file) = (now.key_env.clone(), now.key_file.clone());
        } else {
            (source.url, source.key_env) = (Some(String::new()), Some(String::new()));
        }
    }
    resolve(map).map_err(|found| found.into_iter().map(|(_, problem)| problem).collect())
}

/// The JSON Schema of a map file, for editors and for `docs/map.schema.json`.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(written::Map).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".into(), "Qingdan data map".into());
    }
    schema
}

fn merge(into: &mut written::Map, map: written::Map, file: &MapFile, problems: &mut Vec<Problem>) {
    let mut twice = |what: &str, name: &str| {
        let (_, line) = locate(std::slice::from_ref(file), &[what.to_owned(), name.to_owned()]);
        problems.push(
            Problem::error(format!("{what} “{name}” is already defined in another file"), "keep one of the two")
                .at(&file.name, line),
        );
    };
    if let Some(handler) = map.handler {
        if into.handler.is_some() {
            twice("handler", "");
        }
        into.handler = Some(handler);
    }
    for (kind, sign_in) in map.identifier {
        if into.identifier.insert(kind, sign_in).is_some() {
            twice("identifier", kind.as_str());
        }
    }
    macro_rules! all {
        ($($field:ident),*) => {$(
            for (name, value) in map.$field {
                if into.$field.contains_key(&name) {
                    twice(stringify!($field), &name);
                }
                into.$field.insert(name, value);
            }
        )*};
    }
    all!(purpose, recipient, automated, sdk, permission, text, source, table);
    if map.portal != written::Portal::default() {
        if into.portal != written::Portal::default() {
            twice("portal", "");
        }
        into.portal = map.portal;
    }
    if map.account != written::Account::default() {
        if into.account != written::Account::default() {
            twice("account", "");
        }
        into.account = map.account;
    }
    if let Some(minors) = map.minors {
        if into.minors.is_some() {
            twice("minors", "");
        }
        into.minors = Some(minors);
    }
}

/// `texts/summary.zh-CN.md`: the section and the language.
fn text_of(name: &str) -> Option<(String, Lang)> {
    let stem = Path::new(name).file_name()?.to_str()?.strip_suffix(".md")?;
    let (section, lang) = stem.split_once('.')?;
    let lang = Lang::ALL.into_iter().find(|known| known.tag() == lang)?;
    Some((section.to_owned(), lang))
}

/// The file and line of the deepest part of `path` that is written anywhere.
fn locate(files: &[MapFile], path: &[String]) -> (String, usize) {
    let mut best = (files.first().map(|file| file.name.clone()).unwrap_or_default(), 1);
    let mut deepest = 0;
    for file in files {
        let Ok(document) = Document::parse(file.text.as_str()) else { continue };
        let mut item = document.as_item();
        for (depth, part) in path.iter().enumerate() {
            let Some((key, next)) = get(item, part) else { break };
            if depth + 1 > deepest {
                deepest = depth + 1;
                let at = key.or_else(|| next.span()).map_or(0, |span| span.start);
                best = (file.name.clone(), line_of(&file.text, at));
            }
            item = next;
        }
    }
    best
}

fn get<'a>(item: &'a Item, part: &str) -> Option<(Option<std::ops::Range<usize>>, &'a Item)> {
    let table = item.as_table_like()?;
    let (key, next) = table.get_key_value(part)?;
    Some((key.span(), next))
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).map_or(1, |before| before.matches('\n').count() + 1)
}

/// Serde says "unknown field `x`, expected one of `a`, `b`"; people want "did you mean `a`".
fn suggestion(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let Some((wrong, expected)) = quoted.split_first() else {
        return "see docs/MAP.md or the JSON Schema (`qingdan map schema`)".to_owned();
    };
    if message.starts_with("missing field") {
        return format!("add `{wrong}`, see docs/MAP.md");
    }
    let near = expected.iter().max_by(|a, b| strsim::jaro(wrong, a).total_cmp(&strsim::jaro(wrong, b)));
    match near {
        Some(near) if strsim::jaro(wrong, near) > 0.7 => format!("did you mean `{near}`?"),
        Some(_) => format!("write one of {}", expected.join(", ")),
        None => "see docs/MAP.md or the JSON Schema (`qingdan map schema`)".to_owned(),
    }
}
