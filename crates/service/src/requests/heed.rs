//! What a decision must not pass over: a question that nobody has answered yet, and what the person said about a request
//! that somebody makes for them. Whoever decides says that they have read it, and up to when.

use domain::{
    Personal,
    request::{Happened, Requester, Side, Stage},
};
use jiff::Timestamp;
use store::{history::Event, requests::Request};

/// What stands before a decision.
#[derive(Clone, Debug)]
pub struct ToHeed {
    /// When the last of it was said. Whoever decides names it: another word may have come since they opened the page.
    pub at: Timestamp,
    pub all: Vec<Heedable>,
}

#[derive(Clone, Debug)]
pub struct Heedable {
    pub at: Timestamp,
    pub what: Unheeded,
    pub words: Option<Personal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unheeded {
    /// The person's own word, where somebody else asks (PIPL art. 44: it is theirs to decide).
    SubjectSaid,
    /// Put to this side, and not answered.
    Question { whom: Side },
}

impl ToHeed {
    pub(super) fn of(request: &Request, events: &[Event]) -> Option<Self> {
        let all: Vec<_> = said(request, events).into_iter().chain(question(request, events)).collect();
        let at = all.iter().map(|one| one.at).max()?;
        Some(Self { at, all })
    }
}

/// The last word of the person; a question put to the other side afterwards does not hide it.
fn said(request: &Request, events: &[Event]) -> Option<Heedable> {
    let Requester::Representative { .. } = request.requester else { return None };
    let said = events
        .iter()
        .rfind(|event| event.what == Happened::RequestAnswered && event.said_as() == Some(Side::Subject))?;
    Some(Heedable { at: said.at, what: Unheeded::SubjectSaid, words: said.body.clone() })
}

fn question(request: &Request, events: &[Event]) -> Option<Heedable> {
    let Stage::Asked { whom, .. } = request.stage else { return None };
    let asked = events.iter().rfind(|event| event.what == Happened::RequestAsked)?;
    Some(Heedable { at: asked.at, what: Unheeded::Question { whom }, words: asked.body.clone() })
}
