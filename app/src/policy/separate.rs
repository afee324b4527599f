//! Where each separate consent is given (PIPL art. 23, 29, 39): whoever reads of one must not look for a button that
//! is not there.

use document::{Block, Span, Table as Grid};
use domain::{consent::Cover, map::DataMap, request::RequestKind};

use crate::{
    paths,
    text::{Text, named},
};

/// `None` where nothing is asked on its own.
pub(super) fn separate(t: Text, map: &DataMap) -> Option<Vec<Block>> {
    let rows: Vec<_> = map
        .purposes
        .keys()
        .flat_map(|purpose| map.asked_on_its_own(purpose).into_iter().map(move |cover| row(t, map, purpose, cover)))
        .collect();
    if rows.is_empty() {
        return None;
    }
    let head = [t.policy_purpose(), t.policy_separate_what(), t.policy_separate_where()];
    Some(vec![Block::paragraph(t.policy_separate_lead()), Grid::new(t.policy_separate(), &head, rows).into()])
}

fn row(t: Text, map: &DataMap, purpose: &str, cover: Cover) -> Vec<Vec<Span>> {
    let place = if map.rests_on_consent(purpose) {
        vec![Span::text(t.policy_separate_here()), Span::link(t.consent_mine_title(), paths::MINE_CONSENT)]
    } else {
        let stop = Span::link(t.uses_restrict(), paths::wish(RequestKind::Restrict));
        vec![Span::text(t.policy_separate_elsewhere()), stop]
    };
    vec![
        vec![Span::text(map.purpose_name(purpose, t.lang()))],
        vec![Span::text(to_agree_to(t, map, purpose, cover))],
        place,
    ]
}

/// What is agreed to, and to whom it is given.
pub(crate) fn to_agree_to(t: Text, map: &DataMap, purpose: &str, cover: Cover) -> String {
    let lang = t.lang();
    let words = cover.words();
    let to: Vec<&str> = map.given_by(purpose, cover).into_iter().map(|to| to.name.in_lang(lang)).collect();
    if to.is_empty() {
        return words.in_lang(lang).to_owned();
    }
    t.policy_separate_to(named::PolicySeparateTo { what: words.in_lang(lang), to: to.join(t.record_comma()) })
}
