//! What somebody has said about what rests on consent, and to whom by that nothing of theirs can have got.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{
    consent::{Cover, How},
    ids::RequestId,
    map::{DataMap, MapHash, RecipientAs, Shared, Table, TableName, written::Recipient},
};

/// What someone said when asked whether they agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentAnswer {
    Agreed,
    Refused,
    /// Agreed before, and no longer (PIPL art. 15).
    Withdrawn,
}

impl ConsentAnswer {
    pub const ALL: [Self; 3] = all![Agreed, Refused, Withdrawn];

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.as_str() == text)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// One word about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub purpose: String,
    pub cover: Cover,
    pub answer: ConsentAnswer,
    /// The version of the policy it was about.
    pub version: MapHash,
    pub how: How,
    /// By which request somebody else said it for them.
    pub request: Option<RequestId>,
    pub at: Timestamp,
}

/// Somebody's last word about a purpose, of all they have said, the last first.
pub fn last<'a>(said: &'a [Said], purpose: &str, cover: Cover) -> Option<&'a Said> {
    said.iter().find(|said| said.purpose == purpose && said.cover == cover)
}

/// How far it is known that a recipient got rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Got {
    /// A column of the row says when.
    Recorded,
    /// The map says that it gets them; of these rows nobody has written down whether it did.
    ByRule,
    /// The person has agreed to the purpose without what giving it rests on.
    Never,
}

/// Whether a column of the row says that it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    InRow,
    Nowhere,
}

impl DataMap {
    /// Whether rows of a table have got to one of its recipients. Of whoever has said nothing nobody knows: their consent may
    /// have been given elsewhere. What the company has written down counts, whatever anybody said.
    pub fn got(&self, said: &[Said], table: &Table, shared: &Shared, noted: Noted) -> Got {
        match noted {
            Noted::InRow => Got::Recorded,
            Noted::Nowhere if self.never_agreed(said, table, shared) => Got::Never,
            Noted::Nowhere => Got::ByRule,
        }
    }

    /// Whether a recipient has got nothing of theirs from any table.
    pub fn has_never_got(&self, said: &[Said], recipient: &str) -> bool {
        let tables = self.tables.iter().flat_map(|table| table.recipients.iter().map(move |shared| (table, shared)));
        let mut got = tables
            .filter(|(_, shared)| shared.to == recipient)
            .map(|(table, shared)| self.got(said, table, shared, Noted::Nowhere));
        got.all(|got| got == Got::Never)
    }

    /// Of rows of which it is known that the recipient's column holds a day wherever there is one.
    pub fn noted(&self, table: &Table, shared: &Shared) -> Noted {
        let is_read = self.sources.get(&table.name.source).is_some_and(|source| source.engine.has_sql());
        if is_read && shared.at.is_some() { Noted::InRow } else { Noted::Nowhere }
    }

    /// How far it is known that a recipient got rows of some of these tables, once whoever never got any is left out.
    pub fn got_of(&self, recipient: &str, tables: &BTreeSet<TableName>) -> Got {
        let tables = tables.iter().filter_map(|name| self.table(name));
        let mut shared = tables.flat_map(|table| table.recipients.iter().map(move |shared| (table, shared)));
        let recorded =
            shared.any(|(table, shared)| shared.to == recipient && self.noted(table, shared) == Noted::InRow);
        if recorded { Got::Recorded } else { Got::ByRule }
    }

    fn never_agreed(&self, said: &[Said], table: &Table, shared: &Shared) -> bool {
        let Some(recipient) = self.recipients.get(&shared.to) else { return false };
        let served: Vec<&String> = recipient.purposes.iter().filter(|of| table.purposes.contains(of)).collect();
        !served.is_empty() && served.iter().all(|purpose| self.has_kept_from(said, purpose, recipient))
    }

    /// Whether giving it to this recipient rests on a consent of its own, which was kept back.
    fn has_kept_from(&self, said: &[Said], purpose: &str, recipient: &Recipient) -> bool {
        let needed =
            [(recipient.role == RecipientAs::Handler, Cover::Provision), (recipient.is_abroad(), Cover::Abroad)];
        self.rests_on_consent(purpose)
            && needed.iter().any(|(needed, cover)| *needed && was_kept_back(said, purpose, *cover))
    }
}

/// They agreed to the purpose here, and kept this from it from the first. Anybody else may have agreed elsewhere before:
/// a no to being asked again is no sign that nothing was given.
fn was_kept_back(said: &[Said], purpose: &str, cover: Cover) -> bool {
    let about = |cover| said.iter().filter(move |said| said.purpose == purpose && said.cover == cover);
    let first = |cover| about(cover).next_back().map(|said| said.answer);
    first(Cover::Purpose) == Some(ConsentAnswer::Agreed)
        && first(cover) == Some(ConsentAnswer::Refused)
        && !about(cover).any(|said| said.answer == ConsentAnswer::Agreed)
}
