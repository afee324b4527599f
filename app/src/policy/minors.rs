//! The rules for people under fourteen: a document of their own (PIPL art. 31 para. 2).

use document::{Block, Document, Section, Span};
use domain::map::{DataMap, MinorsAre};
use jiff::civil::Date;

use super::{own, rest};
use crate::{
    format, paths,
    text::{Text, named},
};

/// In the policy: what they are, and where the rules stand.
pub(super) fn in_short(t: Text, map: &DataMap) -> Vec<Block> {
    vec![
        Block::paragraph(are(t, map)),
        Block::Paragraph { spans: vec![Span::link(t.policy_minors_document(), paths::POLICY_MINORS)] },
    ]
}

fn are(t: Text, map: &DataMap) -> &'static str {
    match map.minors.as_ref().map(|minors| minors.are) {
        Some(MinorsAre::NotServed) | None => t.policy_minors_rule(),
        Some(MinorsAre::ServedWithGuardian) => t.policy_minors_served(),
    }
}

pub fn minors(t: Text, map: &DataMap, effective: Date) -> Document {
    let lang = t.lang();
    let mut sections = vec![Section::new("are", t.policy_minors(), {
        let mut blocks = vec![Block::paragraph(are(t, map))];
        blocks.extend(own(t, map, "minors"));
        blocks
    })];
    if let Some(minors) = &map.minors {
        let guardian = vec![
            Block::paragraph(minors.guardian.in_lang(lang)),
            rest::for_another(t, t.policy_minors_online()),
            Block::Paragraph {
                spans: vec![
                    Span::strong(format!("{}{}", t.policy_contact(), t.policy_colon())),
                    Span::link(&minors.contact, format!("mailto:{}", minors.contact)),
                ],
            },
        ];
        sections.push(Section::new("guardian", t.policy_guardian(), guardian));
    }
    sections.push(Section::new("rights", t.policy_rights(), rest::rights(t, map)));
    Document {
        title: t.policy_minors_title(map.handler.name.in_lang(lang)),
        lang,
        lead: vec![
            t.policy_effective(named::PolicyEffective { day: format::day(lang, effective), hash: map.hash.short() }),
        ],
        sections,
    }
}
