//! The same for many requests: first what it would do, then that, one by one, by the rules of one alone.

use axum::Json;
use domain::{Personal, ids::RequestNumber};
use serde::{Deserialize, Serialize};
use service::{
    Portal,
    requests::{BulkAction, MOST_AT_ONCE, Previewed, WhyNot, Would},
};
use utoipa::ToSchema;

use super::{
    ask::{Ask, words},
    caller::Caller,
    deletion::OpenView,
    foreseen::ForeseenView,
    problem::{Problem, Problems},
    view::{PlanView, RowView},
};

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Action {
    Take,
    GiveBack,
    /// An erasure's frozen plan.
    Approve,
    /// The same words to everybody.
    Settle,
}

impl From<Action> for BulkAction {
    fn from(action: Action) -> Self {
        match action {
            Action::Take => Self::Take,
            Action::GiveBack => Self::GiveBack,
            Action::Approve => Self::Approve,
            Action::Settle => Self::Settle,
        }
    }
}

/// Why nothing would happen to a request, or did.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WhyNotView {
    MovedOn,
    NotChecked,
    SecondPerson,
    NotHeeded,
    /// Something stands against closing the account.
    Blocked,
    /// Not what is done to requests of this kind.
    OtherKind,
    PlanChanged,
    /// There is no plan yet.
    NoPlan,
    /// Somebody works on it.
    Taken,
    /// The portal or a database did not answer.
    Failed,
}

impl From<WhyNot> for WhyNotView {
    fn from(why: WhyNot) -> Self {
        match why {
            WhyNot::MovedOn => Self::MovedOn,
            WhyNot::NotChecked => Self::NotChecked,
            WhyNot::SecondPerson => Self::SecondPerson,
            WhyNot::NotHeeded => Self::NotHeeded,
            WhyNot::NotClosed => Self::Blocked,
            WhyNot::OtherKind => Self::OtherKind,
            WhyNot::PlanChanged => Self::PlanChanged,
            WhyNot::NoPlan => Self::NoPlan,
            WhyNot::Taken => Self::Taken,
            WhyNot::Failed => Self::Failed,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Asking {
    action: Action,
    /// Those that nothing has are left out of the answer.
    #[schema(min_items = 1, max_items = 50)]
    numbers: Vec<String>,
}

/// What would become of one of them.
#[derive(Serialize, ToSchema)]
pub(super) struct WouldBeView {
    #[serde(flatten)]
    row: RowView,
    /// Why nothing would; absent where it would be done.
    why_not: Option<WhyNotView>,
    /// What an approval would carry out.
    plan: Option<PlanView>,
    foreseen: Option<ForeseenView>,
    open: Option<OpenView>,
}

impl WouldBeView {
    fn of(one: &Previewed, portal: &Portal) -> Self {
        let lang = one.row.request.lang;
        let nothing = Self { row: (&one.row).into(), why_not: None, plan: None, foreseen: None, open: None };
        match &one.would {
            Would::Be => nothing,
            Would::Not(why) => Self { why_not: Some((*why).into()), ..nothing },
            Would::Erase(erasing) => Self {
                plan: Some(PlanView::of(&erasing.plan, lang)),
                foreseen: Some(ForeseenView::of(&erasing.foreseen, &portal.map, lang)),
                open: OpenView::of(&erasing.open, lang),
                ..nothing
            },
        }
    }
}

fn number(text: &str) -> Result<RequestNumber, Problem> {
    RequestNumber::parse(text).ok_or_else(|| Problem::malformed("numbers of requests"))
}

fn few<T>(all: &[T]) -> Result<(), Problem> {
    let fits = (1..=MOST_AT_ONCE).contains(&all.len());
    if fits { Ok(()) } else { Err(Problem::malformed(format!("1 to {MOST_AT_ONCE} requests"))) }
}

/// What an action would do to each of several requests. Nothing is changed.
#[utoipa::path(post, path = "/requests/bulk/preview", tag = "requests", request_body = Asking,
    responses((status = 200, body = Vec<WouldBeView>), Problems))]
pub(super) async fn preview(caller: Caller, Ask(asking): Ask<Asking>) -> Result<Json<Vec<WouldBeView>>, Problem> {
    let (actor, portal) = (caller.actor(), &caller.portal);
    let (permit, reader) = (actor.decide()?, actor.read_requests()?);
    few(&asking.numbers)?;
    let numbers: Vec<RequestNumber> = asking.numbers.iter().map(|text| number(text)).collect::<Result<_, _>>()?;
    let all = portal.preview_bulk(&permit, &reader, &actor, asking.action.into(), &numbers).await?;
    Ok(Json(all.iter().map(|one| WouldBeView::of(one, portal)).collect()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Doing {
    action: Action,
    #[schema(min_items = 1, max_items = 50)]
    requests: Vec<One>,
    /// Of `settle`: what was done, which each of them reads.
    #[schema(min_length = 1, max_length = 2000)]
    words: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct One {
    number: String,
    /// Of `approve`: the digest of the plan that was read.
    plan: Option<String>,
}

/// What became of one of them.
#[derive(Serialize, ToSchema)]
pub(super) struct DoneView {
    number: String,
    /// Why nothing happened to it; absent where it was done.
    why_not: Option<WhyNotView>,
}

/// Does the same to each of several requests. Each stands for itself: what cannot be done to one keeps back none of the
/// others, and the answer says of each what became of it.
#[utoipa::path(post, path = "/requests/bulk", tag = "requests", request_body = Doing,
    responses((status = 200, body = Vec<DoneView>), Problems))]
pub(super) async fn carry_out(caller: Caller, Ask(doing): Ask<Doing>) -> Result<Json<Vec<DoneView>>, Problem> {
    let actor = caller.actor();
    let permit = actor.decide()?;
    few(&doing.requests)?;
    let said = match (doing.action, &doing.words) {
        (Action::Settle, said) => words(said.as_deref().unwrap_or_default())?,
        (Action::Take | Action::GiveBack | Action::Approve, None) => Personal::new(""),
        (Action::Take | Action::GiveBack | Action::Approve, Some(_)) => {
            return Err(Problem::malformed("words: of settle only"));
        }
    };
    let read = |one: &One| Ok((number(&one.number)?, one.plan.clone().unwrap_or_default()));
    let all: Vec<(RequestNumber, String)> = doing.requests.iter().map(read).collect::<Result<_, Problem>>()?;
    let (action, mut done) = (doing.action.into(), Vec::with_capacity(all.len()));
    for (number, plan) in all {
        let result = caller.portal.carry_out_bulk(&permit, &actor, action, &number, &plan, &said).await;
        done.push(DoneView { number: number.to_string(), why_not: result.err().map(Into::into) });
    }
    Ok(Json(done))
}
