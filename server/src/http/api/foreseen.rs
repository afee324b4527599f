//! What an approval would do, before it is given; and the first of two who agree to hand something out.

use axum::{Json, extract::Path};
use domain::{Lang, map::DataMap, plan::Drift, said::Got};
use jiff::Timestamp;
use serde::Serialize;
use service::requests::{Approval, Foreseen, WouldBeTold};
use utoipa::ToSchema;

use super::{
    ask::{Ask, number},
    caller::Caller,
    officers,
    problem::{Problem, Problems},
};

/// What approving would do.
#[derive(Serialize, ToSchema)]
pub(super) struct ForeseenView {
    /// `only`; `first` or `second` where two are needed.
    approval: &'static str,
    /// Who would learn of it; absent where a database does not say in time.
    recipients: Option<Vec<WouldView>>,
    /// Until when an account that is to be closed could still be kept.
    #[schema(value_type = Option<String>, format = DateTime)]
    kept_until: Option<Timestamp>,
    /// Of a deletion: where the data is no longer what the plan says. Carrying it out would stop.
    differs: Vec<DifferenceView>,
}

/// A recipient that would learn of it.
#[derive(Serialize, ToSchema)]
struct WouldView {
    recipient: String,
    name: String,
    /// `mail`, or `hand`: somebody has to tell them.
    by: &'static str,
    /// `recorded`: a row says that it got something; `by_rule`: by the map it gets them; `never`: the person has not agreed to it.
    got: &'static str,
}

/// Where a plan and the data as it is now are not the same.
#[derive(Serialize, ToSchema)]
struct DifferenceView {
    /// Absent where it is the data map that has changed.
    table: Option<String>,
    planned: Option<u64>,
    now: Option<u64>,
}

impl ForeseenView {
    pub(super) fn of(foreseen: &Foreseen, map: &DataMap, lang: Lang) -> Self {
        let would = |(id, (by, got)): (&String, &(WouldBeTold, Got))| WouldView {
            recipient: id.clone(),
            name: map.recipient_name(id, lang),
            by: match by {
                WouldBeTold::ByMail => "mail",
                WouldBeTold::ByHand => "hand",
            },
            got: match got {
                Got::Recorded => "recorded",
                Got::ByRule => "by_rule",
                Got::Never => "never",
            },
        };
        let differs = |drift: &Drift| match drift {
            Drift::Map => DifferenceView { table: None, planned: None, now: None },
            Drift::Rows { table, approved, now } => {
                DifferenceView { table: Some(table.to_string()), planned: Some(*approved), now: Some(*now) }
            }
        };
        Self {
            approval: match foreseen.approval {
                Approval::Only => "only",
                Approval::First => "first",
                Approval::Second => "second",
            },
            recipients: foreseen.recipients.as_ref().map(|all| all.iter().map(would).collect()),
            kept_until: foreseen.kept_until,
            differs: foreseen.differs.iter().map(differs).collect(),
        }
    }
}

/// What approving this plan now would do; what would keep it from being approved is answered as it would be. Nothing is
/// changed.
#[utoipa::path(post, path = "/requests/{number}/approve/check", tag = "requests", params(("number" = String, Path)),
    request_body = officers::Approval, responses((status = 200, body = ForeseenView), Problems))]
pub(super) async fn check(
    caller: Caller,
    Path(text): Path<String>,
    Ask(approval): Ask<officers::Approval>,
) -> Result<Json<ForeseenView>, Problem> {
    let (actor, portal, number) = (caller.actor(), &caller.portal, number(&text)?);
    let (permit, reader) = (actor.decide()?, actor.read_requests()?);
    let foreseen = portal.foresee_approval(&permit, &actor, &number, &approval.plan, approval.heeded).await?;
    Ok(Json(ForeseenView::of(&foreseen, &portal.map, caller.lang_of(&reader, &number).await?)))
}
