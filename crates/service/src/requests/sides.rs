//! A request as one of two sides sees it: what an officer and the other side say to each other is not shown, and what is
//! decided is.

use domain::{
    actor::Actor,
    file::FiledAs,
    request::{Audience, Capacity, Checked, Happened, Requester, Side, Stage, Standing},
};
use store::{
    files::Filed,
    history::Event,
    requests::{Reader, Request},
};

use super::Followed;
use crate::{Portal, ServiceError, subject::masked};

impl Followed {
    pub(super) fn seen_from(mut self, standing: Standing) -> Self {
        self.standing = standing;
        let evidence = |file: &Filed| file.filed_as == FiledAs::Evidence;
        // Whoever handed it in sees that it came.
        self.handed_in = match standing {
            Standing::On(Side::Asker) | Standing::Both => {
                self.files.iter().filter(|file| evidence(file)).cloned().collect()
            }
            Standing::On(Side::Subject) | Standing::Alone => Vec::new(),
        };
        // Evidence was handed in by one who says to act for the other: neither gets it from here.
        self.files.retain(|file| match file.filed_as {
            FiledAs::Message(audience) => standing.reads(audience),
            FiledAs::Evidence => false,
        });
        self.events.retain_mut(|event| standing.reads(event.audience) || without_words(event));
        // What somebody wrote to ask for them, true or not, is between the two others.
        if standing == Standing::On(Side::Subject)
            && let Some(wish) = &mut self.wish
        {
            wish.words.clear();
        }
        // What stands with the company is not for whoever asks before it was agreed to.
        if standing == Standing::On(Side::Asker) && !is_agreed(&self.request.stage) {
            self.corrections.clear();
        }
        // What is held, be it somebody else's, is shown to the person alone.
        if let (Standing::On(Side::Asker), Some(left_out)) = (standing, &mut self.left_out) {
            left_out.records.clear();
        }
        if standing != Standing::Both {
            // To whom it was said needs no saying to whoever reads only their own.
            for event in &mut self.events {
                event.audience = Audience::Everyone;
            }
            for file in &mut self.files {
                file.filed_as = FiledAs::Message(Audience::Everyone);
            }
        }
        self
    }
}

const fn is_agreed(stage: &Stage) -> bool {
    match stage {
        Stage::Approved { .. } | Stage::Running { .. } | Stage::Completed { .. } => true,
        Stage::Received { .. }
        | Stage::Asked { .. }
        | Stage::ApprovedOnce { .. }
        | Stage::Differs { .. }
        | Stage::Answered { .. }
        | Stage::Refused { .. }
        | Stage::Cancelled { .. } => false,
    }
}

/// Whom a representative's request is between, masked, as far as whoever looks at it may know.
#[derive(Debug)]
pub struct Between {
    pub capacity: Capacity,
    pub checked: Checked,
    pub subject: String,
    /// Nothing to the person before an officer has checked: whoever asks may be anybody, and mistaken in an address.
    pub asker: Option<String>,
}

impl Portal {
    pub(super) async fn between(&self, request: &Request, standing: Standing) -> Result<Option<Between>, ServiceError> {
        let Requester::Representative { capacity, checked } = request.requester else { return Ok(None) };
        let work = Actor::System.work()?;
        let subject = masked(&self.store.subject(Reader::Work(&work), request.id).await?);
        let known = standing != Standing::On(Side::Subject) || matches!(checked, Checked::Confirmed { .. });
        let asker = if known { self.store.asker(Reader::Work(&work), request.id).await? } else { Vec::new() };
        let asker = known.then(|| masked(&asker));
        Ok(Some(Between { capacity, checked, subject, asker }))
    }
}

/// What is left of it for the other side: that something was decided, and why in law; of question and answer nothing.
fn without_words(event: &mut Event) -> bool {
    event.body = None;
    !matches!(event.what, Happened::RequestAsked | Happened::RequestAnswered)
}

/// Whose word it was, where somebody asks for somebody else.
pub(crate) fn said_as(standing: Standing) -> serde_json::Value {
    let side = match standing {
        Standing::Alone => return serde_json::json!({}),
        Standing::On(side) => side,
        // It is about them, whoever else they are.
        Standing::Both => Side::Subject,
    };
    serde_json::json!({ "as": side })
}
