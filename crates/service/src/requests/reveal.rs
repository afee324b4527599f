//! An officer has one value shown in full, and says why (GB/T 35273 §7.2): of a record that a deletion would touch, of a
//! correction, or of the people who are compared with evidence. The audit log has which and the reason's code, the person
//! reads it, and words are sealed.

use std::collections::BTreeSet;

use domain::{
    Words,
    actor::Actor,
    audit::Action,
    ids::RequestNumber,
    json,
    look::{LookDetail, Shown, Spot, Why},
    permit::Decide,
    request::Side,
};
use jiff::SignedDuration;
use store::{
    looks::Kept,
    requests::{Reader, Request},
};

use super::CorrectionDetails;
use crate::{Portal, ServiceError, mine::Show};

/// What was shown to an officer stands beside what is shown next: two values are compared.
const VISIT: SignedDuration = SignedDuration::from_mins(10);

/// A value that an officer wants shown, as it stands masked.
#[derive(Debug)]
pub struct ToReveal {
    pub request: Request,
    /// In which record it stands, where it stands in one.
    pub record: Option<Words>,
    pub name: Words,
    pub masked: Words,
    shown: Shown,
}

impl Portal {
    /// What would be shown, for whoever is asked why.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for what is not there or not masked.
    pub async fn to_reveal(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        spot: &Spot,
    ) -> Result<ToReveal, ServiceError> {
        match spot {
            Spot::Record { token, column } => {
                let to = self.look_through(permit, actor, number, Show::Masked).await?;
                let record = to.held.records.into_iter().find(|record| record.token == *token);
                let record = record.ok_or(ServiceError::NotFound)?;
                let value = record.values.into_iter().find(|value| value.column == *column && value.is_hidden);
                let value = value.ok_or(ServiceError::NotFound)?;
                let shown = Shown::Value { table: record.table, column: column.clone() };
                let masked = Words::same(&value.masked);
                Ok(ToReveal { request: to.request, record: Some(record.table_words), name: value.words, masked, shown })
            }
            Spot::Change { token } => {
                let request = self.to_decide(actor, number).await?;
                let details = self.corrections(&request).await?;
                let change =
                    self.changes_masked(&details).into_iter().find(|change| change.token == *token && change.is_hidden);
                let change = change.ok_or(ServiceError::NotFound)?;
                let shown = Shown::Change { table: change.table, column: change.column };
                Ok(ToReveal { request, record: Some(change.record), name: change.field, masked: change.after, shown })
            }
            Spot::Person { token } => {
                let request = self.to_decide(actor, number).await?;
                let people = self.people(actor, &request, &BTreeSet::new()).await?;
                let (shown, masked) = people.value(token).ok_or(ServiceError::NotFound)?;
                let name = match &shown {
                    Shown::Contact { by, .. } => domain::map::Kind::from(*by).words(),
                    Shown::Name { .. } | Shown::Value { .. } | Shown::Change { .. } | Shown::FoundBy { .. } => {
                        domain::map::Kind::Name.words()
                    }
                };
                Ok(ToReveal { request, record: None, name, masked: Words::same(&masked), shown })
            }
        }
    }

    /// It is shown from now on, for as long as it takes to compare it with others: it is written down first.
    ///
    /// # Errors
    /// As [`Self::to_reveal`].
    pub async fn reveal(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        spot: &Spot,
        why: &Why,
    ) -> Result<(), ServiceError> {
        let ToReveal { request, shown, .. } = self.to_reveal(permit, actor, number, spot).await?;
        // Whose request it is reads of it there; whoever asks for somebody else, of what is theirs.
        let of = match shown.of() {
            Side::Asker => self.store.asker(Reader::Staff(&actor.read_requests()?), request.id).await?,
            Side::Subject => Vec::new(),
        };
        let detail = LookDetail { shown: vec![shown], reason: Some(why.code()), ..LookDetail::default() };
        let detail = json::value(&detail);
        let kept = Kept { request: Some(request.id), spot: Some(spot), words: why.words(), of: &of };
        let tx = self.store.begin().await?;
        let about = (Action::RequestRevealed, number.as_str());
        tx.look(self.clock.now(), actor, about, detail, kept).await?;
        Ok(tx.commit().await?)
    }

    /// What this officer has had shown of a request on this visit.
    pub(super) async fn seen_on_visit(
        &self,
        permit: &Decide,
        actor: &Actor,
        request: &Request,
    ) -> Result<BTreeSet<Spot>, ServiceError> {
        let since = self.clock.now() - VISIT;
        Ok(self.store.spots_seen(permit, actor, request.id, since).await?.into_iter().collect())
    }

    /// By what a form names a change: neither its key nor its value.
    pub(super) fn change_token(&self, details: &CorrectionDetails) -> String {
        let place = json::text(&(&details.table, &details.key, &details.column));
        self.store.vault().index_text("change", &place)
    }
}
