//! What closing an account would mean.

use axum::Json;
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use service::requests::Closing;
use utoipa::ToSchema;

use super::{
    ask::Ask,
    caller::Caller,
    deletion::UnsettledView,
    problem::{Kind, Problem, Problems},
    subjects::{Who, actor},
    view::PlanView,
};

/// What closing an account would mean today.
#[derive(Serialize, ToSchema)]
pub(super) struct ClosingView {
    #[serde(flatten)]
    plan: PlanView,
    /// What stands against it: it has to be settled first.
    open: Vec<UnsettledView>,
    /// Until when it could be taken back.
    #[schema(value_type = String, format = DateTime)]
    kept_until: Timestamp,
    /// The last day for it to be done.
    #[schema(value_type = String, format = Date)]
    due: Date,
}

/// What closing their account would mean today. Needs a fresh proof; `no_account` where there is none to close. Nothing is
/// changed.
#[utoipa::path(post, path = "/subjects/closing-preview", tag = "subjects", request_body = Who,
    responses((status = 200, body = ClosingView), Problems))]
pub(super) async fn preview(caller: Caller, Ask(who): Ask<Who>) -> Result<Json<ClosingView>, Problem> {
    let (actor, lang) = (actor(&caller, &who.subject)?, who.lang.into());
    match caller.portal.preview_cancellation(actor.own_fresh()?.own()).await? {
        Closing::NoAccount(_) => Err(Kind::NoAccount.into()),
        Closing::Account(closing) => Ok(Json(ClosingView {
            plan: PlanView::of(&closing.plan, lang),
            open: UnsettledView::all(&closing.blockers, lang),
            kept_until: closing.until,
            due: closing.due,
        })),
    }
}
