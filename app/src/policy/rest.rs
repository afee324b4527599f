//! The sections that are mostly words.

use document::{Block, Span, Table as Grid};
use domain::map::DataMap;

use super::own;
use crate::{
    paths,
    text::{Text, named},
};

/// PIPL art. 17 (1), 52.
pub(super) fn who(t: Text, map: &DataMap) -> Vec<Block> {
    let lang = t.lang();
    let (handler, officer) = (&map.handler, &map.handler.officer);
    let mut blocks = own(t, map, "who");
    let name = [handler.name.in_lang(lang), handler.address.in_lang(lang)].join(t.record_comma());
    blocks.push(Block::paragraph(name));
    blocks.push(Block::Paragraph {
        spans: vec![
            Span::text(format!("{}{}", officer.name.in_lang(lang), t.policy_colon())),
            Span::link(&officer.email, format!("mailto:{}", officer.email)),
            Span::text(format!("{}{}", t.record_comma(), officer.phone)),
        ],
    });
    blocks
}

/// Cookies, SDKs and permissions; `None` when there is nothing to say.
pub(super) fn cookies(t: Text, map: &DataMap) -> Option<Vec<Block>> {
    let lang = t.lang();
    let mut blocks = own(t, map, "cookies");
    if !map.sdks.is_empty() {
        blocks.push(Block::Heading { text: t.policy_sdks().to_owned() });
        let rows = map.sdks.values().map(|sdk| {
            vec![
                vec![Span::text(sdk.name.in_lang(lang))],
                vec![Span::text(sdk.provider.in_lang(lang))],
                vec![Span::text(sdk.why.in_lang(lang))],
                vec![Span::text(sdk.collects.in_lang(lang))],
                vec![Span::link(t.policy_their_rules(), &sdk.rules)],
            ]
        });
        let head = [t.policy_sdk(), t.policy_provider(), t.policy_purpose(), t.policy_what(), t.policy_rules()];
        blocks.push(Grid::new(t.policy_sdks(), &head, rows.collect()).into());
    }
    if !map.permissions.is_empty() {
        blocks.push(Block::Heading { text: t.policy_permissions().to_owned() });
        let rows = map.permissions.values().map(|permission| {
            [&permission.name, &permission.why, &permission.without]
                .map(|words| vec![Span::text(words.in_lang(lang))])
                .to_vec()
        });
        let head = [t.policy_permission(), t.policy_purpose(), t.policy_without()];
        blocks.push(Grid::new(t.policy_permissions(), &head, rows.collect()).into());
    }
    (!blocks.is_empty()).then_some(blocks)
}

pub(super) fn stored(t: Text, map: &DataMap) -> Vec<Block> {
    let lang = t.lang();
    let mut blocks = own(t, map, "stored");
    blocks.extend(map.sources.values().map(|source| {
        Block::paragraph(t.policy_stored_in(named::PolicyStoredIn {
            source: source.name.in_lang(lang),
            place: source.stored_in.in_lang(lang),
        }))
    }));
    blocks
}

pub(super) fn protected(t: Text, map: &DataMap) -> Vec<Block> {
    let mut blocks = vec![Block::paragraph(t.policy_protected_how())];
    blocks.extend(own(t, map, "protected"));
    blocks
}

/// PIPL art. 44–50.
pub(super) fn rights(t: Text, map: &DataMap) -> Vec<Block> {
    let mut blocks = own(t, map, "rights");
    blocks.push(Block::List {
        items: [
            (t.policy_right_see(), paths::MINE),
            (t.policy_right_correct(), paths::MINE),
            (t.policy_right_delete(), paths::MINE_DELETE),
        ]
        .map(|(name, to)| vec![Span::link(name, to)])
        .to_vec(),
    });
    blocks.extend([t.policy_rights_by_mail(), t.policy_rights_time(), t.policy_rights_verify()].map(Block::paragraph));
    blocks.push(for_another(t, t.policy_verify_another()));
    blocks
}

/// Where one asks for somebody else, and what has to be shown for it.
pub(super) fn for_another(t: Text, words: &str) -> Block {
    Block::Paragraph { spans: vec![Span::text(words), Span::link(t.represent_title(), paths::FOR_ANOTHER)] }
}

/// PIPL art. 24; `None` when no program decides about anyone.
pub(super) fn automated(t: Text, map: &DataMap) -> Option<Vec<Block>> {
    let lang = t.lang();
    let mut blocks = own(t, map, "automated");
    for decision in map.automated.values() {
        blocks.push(Block::Heading { text: decision.name.in_lang(lang).to_owned() });
        let facts = [
            (t.policy_purpose(), map.purpose_name(&decision.purpose, lang)),
            (t.policy_decides(), decision.how.in_lang(lang).to_owned()),
            (t.policy_effect(), decision.effect.in_lang(lang).to_owned()),
            (t.policy_refuse(), decision.refuse.in_lang(lang).to_owned()),
        ];
        let items =
            facts.map(|(name, said)| vec![Span::strong(format!("{name}{}", t.policy_colon())), Span::text(said)]);
        blocks.push(Block::List { items: items.to_vec() });
    }
    (!blocks.is_empty()).then_some(blocks)
}

pub(super) fn changes(t: Text, map: &DataMap) -> Vec<Block> {
    let mut blocks = own(t, map, "changes");
    blocks.push(Block::paragraph(t.policy_changes_how()));
    blocks.push(Block::Paragraph { spans: vec![Span::link(t.policy_all_versions(), paths::POLICY_VERSIONS)] });
    blocks
}

pub(crate) fn complain(t: Text, map: &DataMap) -> Vec<Block> {
    let own = own(t, map, "complain");
    if own.is_empty() { vec![Block::paragraph(t.policy_complain_how())] } else { own }
}
