//! The guesses as a map to edit. What is unsure stands beside it as a comment, with the evidence.

use std::{collections::BTreeMap, fmt::Write};

use domain::{
    IdentifierKind,
    map::{
        Column, Engine, Kind, TableName,
        draft::{HANDLER, PURPOSE, quoted},
    },
};

use super::{Sure, TableGuess, names, people};
use crate::{
    Source,
    catalogue::{Catalogue, Family, TableInfo, TableKind},
};

/// Prefixes that set one person of a row apart from another.
const SIDES: [(&str, &str, &str); 12] = [
    ("sender", "寄件人", "the sender"),
    ("receiver", "收件人", "the recipient"),
    ("recipient", "收件人", "the recipient"),
    ("consignee", "收货人", "the recipient"),
    ("from", "发件人", "the sender"),
    ("to", "收件人", "the recipient"),
    ("buyer", "买方", "the buyer"),
    ("seller", "卖方", "the seller"),
    ("payer", "付款人", "the payer"),
    ("contact", "联系人", "the contact"),
    ("bill", "收票人", "the invoice's recipient"),
    ("emergency", "紧急联系人", "the emergency contact"),
];

/// Where a retention period may begin, the better first.
const ENDS: [&str; 24] = [
    "deleted_at",
    "closed_at",
    "cancelled_at",
    "completed_at",
    "finished_at",
    "delivered_at",
    "signed_at",
    "delete_time",
    "close_time",
    "finish_time",
    "complete_time",
    "receive_time",
    "delivered_on",
    "end_time",
    "ended_at",
    "return_date",
    "shipped_date",
    "last_update",
    "updated_at",
    "update_time",
    "modify_time",
    "created_at",
    "create_time",
    "order_date",
];

/// A map of the source, ready to be edited. It loads as it is.
///
/// # Errors
/// A database that cannot be read.
pub async fn draft(source: &Source) -> Result<String, crate::SourceError> {
    let guesses = super::guess(source).await?;
    let catalogue = source.catalogue().await?;
    let mut out = head(source, &guesses);
    for guess in &guesses {
        let Some(info) = catalogue.table(&guess.name) else { continue };
        write_table(&mut out, &catalogue, &guesses, guess, info);
    }
    Ok(out)
}

fn head(source: &Source, guesses: &[TableGuess]) -> String {
    let name = &source.name;
    let words = quoted(name.as_str());
    let engine = match source.engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
        Engine::Mysql => "mysql",
        Engine::Http => "http",
        Engine::Manual => "manual",
    };
    let variable = format!("{}_URL", name.as_str().to_uppercase().replace('-', "_"));
    let identifiers: Vec<&str> = [(Kind::Email, "[identifier.email]\n"), (Kind::Mobile, "[identifier.mobile]\n")]
        .iter()
        .filter(|(kind, _)| {
            guesses
                .iter()
                .flat_map(|guess| &guess.columns)
                .any(|(_, e)| e.as_ref().is_some_and(|e| same_identifier(e.kind, *kind)))
        })
        .map(|(_, text)| *text)
        .collect();
    let identifiers = if identifiers.is_empty() { "[identifier.email]\n".to_owned() } else { identifiers.concat() };
    format!(
        r#"# A draft of a data map, made by `qingdan map scan` from names, comments and a sample. Read every line:
# lines marked "?" are guesses, and what the law asks for (purposes, periods, recipients) no database knows.
# Then: qingdan map check

{HANDLER}
{identifiers}
{PURPOSE}
[source.{name}]
name = {{ zh-CN = {words}, en = {words} }}
engine = "{engine}"
url_env = "{variable}"
stored_in = {{ zh-CN = "中国境内", en = "mainland China" }}    # ?
"#
    )
}

struct Role {
    name: String,
    zh: String,
    en: String,
    identified: Vec<(IdentifierKind, Column, String)>,
    through: Vec<(Vec<Column>, String, String)>,
}

impl Role {
    fn new(name: &str, zh: &str, en: &str) -> Self {
        let (name, zh, en) = (name.to_owned(), zh.to_owned(), en.to_owned());
        Self { name, zh, en, identified: Vec::new(), through: Vec::new() }
    }
}

fn write_table(out: &mut String, catalogue: &Catalogue, guesses: &[TableGuess], guess: &TableGuess, info: &TableInfo) {
    let roles = roles(catalogue, guesses, guess, info);
    let personal: Vec<&(Column, Option<super::Evidence>)> =
        guess.columns.iter().filter(|(_, e)| e.as_ref().is_some_and(|e| e.kind.is_personal())).collect();
    let full = TableName { source: guess.name.source.clone(), ..guess.name.clone() };
    if roles.is_empty() {
        if !personal.is_empty() {
            let list: Vec<&str> = personal.iter().map(|(column, _)| column.as_str()).collect();
            let _ = writeln!(
                out,
                "\n# ? {full} has columns that look personal ({}), but no column by which their owner could be found.\n#   Give it a role by hand, or leave it out if it is about nobody.",
                list.join(", ")
            );
        }
        return;
    }
    let key: Vec<String> = key(info).iter().map(|column| quoted(column.as_str())).collect();
    if key.is_empty() {
        let _ = writeln!(
            out,
            "\n# ? {full} is about people but has no unique key, so that no row could be named. Add one."
        );
        return;
    }
    let zh = if info.comment.is_empty() { guess.name.table.clone() } else { info.comment.clone() };
    let _ = writeln!(out, "\n[table.{}]", quoted(&full.to_string()));
    let _ = writeln!(
        out,
        "name = {{ zh-CN = {}, en = {} }}    # ? both are read by customers",
        quoted(&zh),
        quoted(&human(&guess.name.table))
    );
    let _ = writeln!(out, "key = [{}]", key.join(", "));
    let _ = writeln!(out, "purposes = [\"service\"]    # ?");
    write_retention(out, guess, info);
    for role in &roles {
        write_role(out, &full, role);
    }
    let _ = writeln!(out, "[table.{}.field]", quoted(&full.to_string()));
    for (column, evidence) in &guess.columns {
        write_field(out, column, evidence.as_ref(), info, &roles);
    }
}

fn write_retention(out: &mut String, guess: &TableGuess, info: &TableInfo) {
    let is_time = |column: &Column| {
        info.columns
            .get(column)
            .is_some_and(|known| known.family.is_time() || known.family == Family::Text || known.family.is_number())
    };
    let guessed = ENDS.iter().find_map(|end| {
        info.order.iter().find(|column| names::words(column.as_str()).join("_") == *end && is_time(column))
    });
    // The day someone was born or hired begins no period.
    let personal = |column: &Column| {
        guess
            .columns
            .iter()
            .any(|(of, evidence)| of == column && evidence.as_ref().is_some_and(|e| e.kind.is_personal()))
    };
    let any = || {
        let is_time = |column: &&Column| info.columns.get(*column).is_some_and(|known| known.family.is_time());
        info.order.iter().filter(is_time).find(|column| !personal(column))
    };
    let (from, why) = match (guessed, any()) {
        (Some(column), _) => (column.clone(), "column from its name"),
        (None, Some(column)) => (column.clone(), "the first column with a time"),
        (None, None) => {
            let first = info.order.first().cloned().unwrap_or_else(|| Column(String::new()));
            (first, "NO COLUMN WITH A TIME: nothing begins until you name one")
        }
    };
    // Milliseconds taken for seconds lie far ahead; the other way round everything would be due.
    let written_as = match info.columns.get(&from).map(|known| known.family) {
        Some(family) if family.is_number() && guessed.is_some() => ", as = \"epoch seconds\"",
        Some(_) | None => "",
    };
    let then = if guess.columns.iter().any(|(_, e)| e.as_ref().is_some_and(|e| e.kind.is_personal())) {
        "anonymise"
    } else {
        "delete"
    };
    let _ = writeln!(
        out,
        "retention = {{ from = {}{written_as}, starts = {{ zh-CN = \"（起算事件）\", en = \"(what happens on that day)\" }}, keep = \"30 years\", then = \"{then}\" }}    # ? {why}; the period is yours to decide, long until you have",
        quoted(from.as_str())
    );
}

fn write_role(out: &mut String, table: &TableName, role: &Role) {
    let _ = writeln!(out, "[table.{}.role.{}]", quoted(&table.to_string()), role.name);
    let _ = writeln!(out, "name = {{ zh-CN = {}, en = {} }}    # ?", quoted(&role.zh), quoted(&role.en));
    if !role.identified.is_empty() {
        let list: Vec<String> = role
            .identified
            .iter()
            .map(|(kind, column, _)| format!("{} = {}", kind.as_str(), quoted(column.as_str())))
            .collect();
        let why: Vec<&str> = role.identified.iter().map(|(.., why)| why.as_str()).collect();
        let _ = writeln!(out, "identified_by = {{ {} }}    # {}", list.join(", "), why.join("; "));
    }
    if !role.through.is_empty() {
        let list: Vec<String> = role
            .through
            .iter()
            .map(|(columns, to, _)| {
                let columns: Vec<&str> = columns.iter().map(Column::as_str).collect();
                format!("{} = {}", quoted(&columns.join(", ")), quoted(to))
            })
            .collect();
        let why: Vec<&str> = role.through.iter().map(|(.., why)| why.as_str()).collect();
        let _ = writeln!(out, "through = {{ {} }}    # {}", list.join(", "), why.join("; "));
    }
}

fn write_field(
    out: &mut String,
    column: &Column,
    evidence: Option<&super::Evidence>,
    info: &TableInfo,
    roles: &[Role],
) {
    let Some(known) = info.columns.get(column) else { return };
    let is_key = info.key.contains(column);
    let kind = match evidence {
        Some(evidence) => evidence.kind,
        None if known.family.is_time() => Kind::Date,
        None => Kind::Plain,
    };
    // Keys and pointers are not said to anyone.
    if evidence.is_none() && (is_key || column.as_str().ends_with("_id") || known.family == Family::Binary) {
        return;
    }
    let kind = if is_key && kind.is_personal() { Kind::Plain } else { kind };
    let of = match roles {
        [only] => only.name.as_str(),
        _ if !kind.is_personal() => "everyone",
        _ => roles
            .iter()
            .find(|role| side(column.as_str()).is_some_and(|(side, ..)| side == role.name))
            .or(roles.first())
            .map_or("everyone", |role| role.name.as_str()),
    };
    let empty = kind.is_personal() && !known.nullable;
    let anonymise = if !empty || known.generated {
        ""
    } else if known.unique && known.family == Family::Text {
        ", anonymise = \"unique\""
    } else if known.family.is_number() {
        ", anonymise = { text = \"0\" }"
    } else if known.family.is_time() {
        ", anonymise = { text = \"1900-01-01\" }"
    } else {
        ", anonymise = { text = \"\" }"
    };
    let zh = if known.comment.is_empty() {
        column.as_str()
    } else {
        known.comment.split(['：', ':', '；', '(', '（']).next().unwrap_or_default()
    };
    let why = match evidence {
        Some(evidence) if evidence.sure == Sure::Certain => format!("    # {}", evidence.because),
        Some(evidence) => format!("    # ? {}", evidence.because),
        None => String::new(),
    };
    let name = format!(", name = {{ zh-CN = {}, en = {} }}", quoted(zh), quoted(&human(column.as_str())));
    let _ = writeln!(
        out,
        "{} = {{ of = \"{of}\", kind = \"{}\"{name}{anonymise} }}{why}",
        quoted(column.as_str()),
        kind.written()
    );
}

/// Who a row is about.
fn roles(catalogue: &Catalogue, guesses: &[TableGuess], guess: &TableGuess, info: &TableInfo) -> Vec<Role> {
    if info.kind == TableKind::View {
        return Vec::new();
    }
    let mut roles: BTreeMap<&str, Role> = BTreeMap::new();
    for (column, evidence) in &guess.columns {
        let Some(evidence) = evidence else { continue };
        let kind = if evidence.kind == Kind::Email {
            IdentifierKind::Email
        } else if evidence.kind == Kind::Mobile || (evidence.kind == Kind::Phone && evidence.is_sure()) {
            // A telephone may well be a mobile one.
            IdentifierKind::Mobile
        } else {
            continue;
        };
        let (name, zh, en) = side(column.as_str()).unwrap_or(("holder", "本人", "yours"));
        let role = roles.entry(name).or_insert_with(|| Role::new(name, zh, en));
        if !role.identified.iter().any(|(known, ..)| *known == kind) {
            role.identified.push((kind, column.clone(), format!("{column}: {}", evidence.because)));
        }
    }
    for (columns, to, why) in people::paths(catalogue, &guess.name, info) {
        // The other table must have somebody to lead to.
        let Some(other) = guesses.iter().find(|guess| guess.name == to) else { continue };
        let leads = other.columns.iter().any(|(column, e)| {
            side(column.as_str()).is_none()
                && e.as_ref().is_some_and(|e| same_identifier(e.kind, Kind::Mobile) || e.kind == Kind::Email)
        });
        let key_fits = catalogue.table(&to).is_some_and(|info| info.key.len() == columns.len());
        if !leads || !key_fits {
            continue;
        }
        let first = columns.first().map_or("", Column::as_str);
        let (name, zh, en) = side(first).unwrap_or(("holder", "本人", "yours"));
        let role = roles.entry(name).or_insert_with(|| Role::new(name, zh, en));
        role.through.push((columns, format!("{to}.holder"), why));
    }
    roles.into_values().collect()
}

fn side(column: &str) -> Option<(&'static str, &'static str, &'static str)> {
    let words = names::words(column);
    let first = words.first()?;
    SIDES.iter().copied().find(|(prefix, ..)| first == prefix && words.len() > 1)
}

fn same_identifier(kind: Kind, wanted: Kind) -> bool {
    kind == wanted || (wanted == Kind::Mobile && kind == Kind::Phone)
}

/// The primary key, or the shortest unique one.
fn key(info: &TableInfo) -> Vec<Column> {
    if !info.key.is_empty() {
        return info.key.clone();
    }
    info.uniques.iter().min_by_key(|unique| unique.len()).cloned().unwrap_or_default()
}

fn human(name: &str) -> String {
    let words = names::words(name).join(" ");
    let mut chars = words.chars();
    chars.next().map_or(words.clone(), |first| first.to_uppercase().chain(chars).collect())
}
