//! The summary of a copy as a document: what is in it and what is not, for people who read a page and open no table.
//! It holds no record, and so is short however long the copy is.

use document::{Block, Document, Section, Span};
use domain::{
    Identifier,
    map::{DataMap, Engine, Kind},
    mask::{Profile, mask},
};

use crate::{
    components::document::pair,
    copy::{Contents, Side, recipients},
    format, policy,
    text::{Text, named},
};

/// Of the copy of these identifiers.
pub fn summary(t: Text, map: &DataMap, of: &[Identifier], contents: &Contents<'_>) -> Document {
    let mut inside: Vec<Block> = contents.sides.iter().flat_map(|side| about(t, map, side)).collect();
    if inside.is_empty() {
        inside.push(Block::paragraph(t.copy_empty()));
    }
    Document {
        title: t.summary_title().to_owned(),
        lang: t.lang(),
        lead: vec![t.copy_made(named::CopyMade { handler: map.handler.name.in_lang(t.lang()), at: contents.made })],
        sections: vec![
            Section::new("facts", t.summary_facts(), vec![facts(t, map, of, contents)]),
            Section::new("inside", t.summary_inside(), inside),
            Section::new("missing", t.summary_missing(), missing(t, map, contents)),
            Section::new("complain", t.policy_complain(), policy::complain(t, map)),
        ],
    }
}

fn facts(t: Text, map: &DataMap, of: &[Identifier], contents: &Contents<'_>) -> Block {
    let (lang, officer) = (t.lang(), &map.handler.officer);
    let whose: Vec<String> = of.iter().map(masked).collect();
    let mut officer_line = pair(t, t.summary_officer(), format!("{}{}", officer.name.in_lang(lang), t.record_comma()));
    officer_line.push(Span::link(&officer.email, format!("mailto:{}", officer.email)));
    officer_line.push(Span::text(format!("{}{}", t.record_comma(), officer.phone)));
    let handler = [map.handler.name.in_lang(lang), map.handler.address.in_lang(lang)].join(t.record_comma());
    Block::List {
        items: vec![
            pair(t, t.summary_whose(), whose.join(t.record_comma())),
            pair(t, t.summary_made(), contents.made.to_owned()),
            vec![
                Span::strong(format!("{}{}", t.copy_site(), t.policy_colon())),
                Span::link(contents.site, contents.site.to_owned()),
            ],
            pair(t, t.summary_version(), map.hash.to_string()),
            pair(t, t.summary_handler(), handler),
            officer_line,
        ],
    }
}

/// Somebody who finds the paper should not learn an address or a number from it.
fn masked(identifier: &Identifier) -> String {
    mask(Kind::from(identifier.kind()), Profile::Screen, identifier.reveal())
}

fn about(t: Text, map: &DataMap, side: &Side<'_>) -> [Block; 2] {
    let (lang, table) = (t.lang(), side.table);
    let why: Vec<String> = table.purposes.iter().map(|id| map.purpose_name(id, lang)).collect();
    let bases = policy::bases(t, map, &table.purposes);
    let count = side.parts.first().map_or(0, |part| part.records);
    let files: Vec<&str> = side.parts.iter().map(|part| part.name.as_str()).collect();
    let items = vec![
        pair(t, t.copy_why(), why.join(t.record_comma())),
        pair(t, t.summary_basis(), bases.join(t.record_comma())),
        pair(t, t.copy_who(), recipients(t, map, table)),
        pair(t, t.summary_kept(), policy::rule(t, &table.retention)),
        pair(t, t.copy_source(), map.source_name(&table.name.source, lang)),
        pair(t, t.summary_count(), format::count(count)),
        pair(t, t.copy_files(), files.join(t.record_comma())),
    ];
    [Block::Heading { text: side.words.clone() }, Block::List { items }]
}

fn missing(t: Text, map: &DataMap, contents: &Contents<'_>) -> Vec<Block> {
    let lang = t.lang();
    let unread = contents.missing.iter().map(|name| Block::paragraph(t.copy_missing(map.source_name(name, lang))));
    let mut blocks: Vec<Block> = unread.collect();
    if blocks.is_empty() {
        blocks.push(Block::paragraph(t.summary_nothing_missing()));
    }
    let by_hand = map.sources.values().filter(|source| source.engine == Engine::Manual);
    blocks.extend(by_hand.map(|source| Block::paragraph(t.copy_by_hand(source.name.in_lang(lang)))));
    blocks
}
