//! What a decision must not pass over: a question that nobody has answered yet, and what the person said about a request
//! that somebody makes for them. Whoever decides says that they have read it, and up to when.

use domain::{
    Personal,
    audit::Action,
    request::{Requester, Side, Stage},
};
use jiff::Timestamp;
use store::{history::Event, requests::Request};

/// The last of what stands before a decision.
#[derive(Clone, Debug)]
pub struct ToHeed {
    /// Whoever decides names it: another word may have come since they opened the page.
    pub at: Timestamp,
    pub what: Unheeded,
    pub words: Option<Personal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unheeded {
    /// Put to this side, and not answered.
    Question { whom: Side },
    /// The person's own word, where somebody else asks (PIPL art. 44: it is theirs to decide).
    SubjectSaid,
}

impl ToHeed {
    pub(super) fn of(request: &Request, events: &[Event]) -> Option<Self> {
        let last = |what: Action| events.iter().rfind(move |event| event.what == what.name());
        if let Stage::Asked { since, whom } = request.stage {
            let words = last(Action::RequestAsked).and_then(|event| event.body.clone());
            return Some(Self { at: since, what: Unheeded::Question { whom }, words });
        }
        let Requester::Representative { .. } = request.requester else { return None };
        let said = events.iter().rfind(|event| {
            let side = event.data.get("as").and_then(|side| side.as_str()).and_then(Side::parse);
            event.what == Action::RequestAnswered.name() && side == Some(Side::Subject)
        })?;
        Some(Self { at: said.at, what: Unheeded::SubjectSaid, words: said.body.clone() })
    }
}
