//! The privacy policy as a document, from the map and the company's own texts (PIPL art. 17, 23, 24, 30,
//! 31, 39; Order 790 art. 21). The purge executes the same map, so the policy cannot promise what the
//! machine does not do.

mod collected;
mod country;
mod kept;
mod minors;
mod rest;
mod separate;
mod shared;

use document::{Block, Document, Section, Span};
use domain::{
    Lang,
    map::{DataMap, TableName},
};
use jiff::civil::Date;

use crate::{
    format, paths,
    text::{Text, named},
};

pub(crate) use collected::bases;
pub use kept::{floors, rule};
pub use minors::minors;
pub(crate) use rest::complain;
pub(crate) use separate::to_agree_to;

/// The policy of one version of the map, in force from a day.
pub fn policy(t: Text, map: &DataMap, effective: Date) -> Document {
    let lang = t.lang();
    let mut lead =
        vec![t.policy_effective(named::PolicyEffective { day: format::day(lang, effective), hash: map.hash.short() })];
    if lang == Lang::En {
        lead.push(t.policy_prevails().to_owned());
    }
    let mut summary = own(t, map, "summary");
    summary.push(Block::paragraph(t.policy_promise()));
    let sections = [
        Some(Section::new("summary", t.policy_summary(), summary)),
        Some(Section::new("who", t.policy_who(), rest::who(t, map))),
        Some(Section::new("collected", t.policy_collected(), collected::collected(t, map))),
        rest::cookies(t, map).map(|blocks| Section::new("cookies", t.policy_cookies(), blocks)),
        Some(Section::new("shared", t.policy_shared(), shared::shared(t, map))),
        shared::abroad(t, map).map(|blocks| Section::new("abroad", t.policy_abroad_title(), blocks)),
        separate::separate(t, map).map(|blocks| Section::new("separate", t.policy_separate(), blocks)),
        Some(Section::new("stored", t.policy_stored(), rest::stored(t, map))),
        Some(Section::new("kept", t.policy_kept(), kept::kept(t, map))),
        Some(Section::new("protected", t.policy_protected(), rest::protected(t, map))),
        Some(Section::new("rights", t.policy_rights(), rest::rights(t, map))),
        rest::automated(t, map).map(|blocks| Section::new("automated", t.policy_automated(), blocks)),
        Some(Section::new("minors", t.policy_minors(), minors::in_short(t, map))),
        Some(Section::new("changes", t.policy_changes(), rest::changes(t, map))),
        Some(Section::new("complain", t.policy_complain(), complain(t, map))),
    ];
    Document {
        title: t.policy_title(map.handler.name.in_lang(lang)),
        lang,
        lead,
        sections: sections.into_iter().flatten().collect(),
    }
}

/// What the company says in its own words.
fn own(t: Text, map: &DataMap, section: &str) -> Vec<Block> {
    map.texts.get(section).map(|words| document::blocks(words.in_lang(t.lang()))).unwrap_or_default()
}

/// Where the rule that enforces a sentence stands, with its last run.
fn to_rule(table: &TableName) -> String {
    format!("{}#{table}", paths::POLICY_RULES)
}

/// Texts with commas of the language between them.
fn listed(t: Text, parts: impl IntoIterator<Item = Vec<Span>>) -> Vec<Span> {
    let mut all = Vec::new();
    for part in parts {
        if !all.is_empty() {
            all.push(Span::text(t.record_comma()));
        }
        all.extend(part);
    }
    all
}
