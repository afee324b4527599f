//! 与第三方共享个人信息清单: entrusted processors (PIPL art. 21), other handlers (art. 23), and
//! recipients abroad (art. 38, 39).

use std::collections::BTreeSet;

use document::{Block, Span, Table as Grid};
use domain::map::{DataMap, RecipientAs, Table, written::Recipient};

use super::{country::country, listed, own, to_rule};
use crate::text::Text;

pub(super) fn shared(t: Text, map: &DataMap) -> Vec<Block> {
    let mut blocks = own(t, map, "shared");
    blocks.push(Block::paragraph(t.policy_shared_lead()));
    let kinds = [
        (RecipientAs::Handler, t.policy_handlers(), t.policy_handlers_lead()),
        (RecipientAs::Processor, t.policy_processors(), t.policy_processors_lead()),
    ];
    for (role, title, lead) in kinds {
        let rows: Vec<_> = map
            .recipients
            .iter()
            .filter(|(_, recipient)| recipient.role == role)
            .map(|(id, recipient)| row(t, map, id, recipient))
            .collect();
        blocks.push(Block::Heading { text: title.to_owned() });
        if rows.is_empty() {
            blocks.push(Block::paragraph(t.policy_none_of_these()));
            continue;
        }
        blocks.push(hint(t, role, lead));
        let head = [t.policy_recipient(), t.policy_purpose(), t.policy_what(), t.policy_method(), t.policy_contact()];
        blocks.push(Grid::new(title, &head, rows).into());
    }
    blocks
}

/// What is agreed to on its own is followed by where that is done.
fn hint(t: Text, role: RecipientAs, lead: &str) -> Block {
    match role {
        RecipientAs::Processor => Block::hint(lead),
        RecipientAs::Handler => Block::Hint { spans: vec![Span::text(lead), to_separate(t)] },
    }
}

fn to_separate(t: Text) -> Span {
    Span::link(t.policy_separate(), "#separate")
}

fn row(t: Text, map: &DataMap, id: &str, recipient: &Recipient) -> Vec<Vec<Span>> {
    let lang = t.lang();
    let purposes: Vec<String> = recipient.purposes.iter().map(|id| map.purpose_name(id, lang)).collect();
    let mut name = vec![Span::text(recipient.name.in_lang(lang))];
    if recipient.is_abroad() {
        name.push(Span::link(t.policy_is_abroad(), "#abroad"));
    }
    vec![
        name,
        vec![Span::text(purposes.join(t.record_comma()))],
        what(t, map, id),
        vec![Span::text(recipient.method.in_lang(lang))],
        vec![Span::text(&recipient.contact)],
    ]
}

/// The kinds of information a recipient gets, each with the rule that says so.
fn what(t: Text, map: &DataMap, id: &str) -> Vec<Span> {
    let lang = t.lang();
    listed(t, given(map, id).map(|table| vec![Span::link(table.words.in_lang(lang), to_rule(&table.name))]))
}

fn given<'a>(map: &'a DataMap, id: &str) -> impl Iterator<Item = &'a Table> {
    map.tables.iter().rev().filter(move |table| table.recipients.iter().any(|shared| shared.to == id))
}

/// Everything art. 39 asks for; `None` when nobody abroad gets anything.
pub(super) fn abroad(t: Text, map: &DataMap) -> Option<Vec<Block>> {
    let lang = t.lang();
    let outside: Vec<(&String, &Recipient)> =
        map.recipients.iter().filter(|(_, recipient)| recipient.is_abroad()).collect();
    let mut blocks = own(t, map, "abroad");
    if outside.is_empty() {
        return (!blocks.is_empty()).then_some(blocks);
    }
    blocks.push(Block::Paragraph { spans: vec![Span::text(t.policy_abroad_lead()), to_separate(t)] });
    for (id, recipient) in outside {
        blocks.push(Block::Heading { text: recipient.name.in_lang(lang).to_owned() });
        let purposes: Vec<String> = recipient.purposes.iter().map(|id| map.purpose_name(id, lang)).collect();
        let fields: BTreeSet<&str> = given(map, id)
            .flat_map(|table| &table.fields)
            .filter(|field| field.kind.is_personal())
            .map(|field| field.words.in_lang(lang))
            .collect();
        let fields: Vec<&str> = fields.into_iter().collect();
        let words =
            |words: &Option<domain::Words>| words.as_ref().map_or(String::new(), |w| w.in_lang(lang).to_owned());
        let facts = [
            (t.policy_country(), country(recipient.country()).in_lang(lang).to_owned()),
            (t.policy_contact(), recipient.contact.clone()),
            (t.policy_purpose(), purposes.join(t.record_comma())),
            (t.policy_method(), recipient.method.in_lang(lang).to_owned()),
            (t.policy_what(), fields.join(t.record_comma())),
            (t.policy_mechanism(), words(&recipient.mechanism)),
            (t.policy_exercise(), words(&recipient.exercise)),
        ];
        let items = facts
            .into_iter()
            .filter(|(_, said)| !said.is_empty())
            .map(|(name, said)| vec![Span::strong(format!("{name}{}", t.policy_colon())), Span::text(said)]);
        blocks.push(Block::List { items: items.collect() });
    }
    Some(blocks)
}
