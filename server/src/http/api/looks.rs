//! Who looked at somebody's data, for a program that person is signed in at.

use app::{
    components::{look_field, look_line},
    text::Text,
};
use axum::Json;
use domain::{
    actor::StaffRole,
    look::{Because, Looker, Seen, Shown},
    map::DataMap,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::looks::Look;
use utoipa::ToSchema;

use super::{
    ask::{Ask, Language, Subject},
    caller::Caller,
    officers::limit,
    problem::{Problem, Problems},
    subjects::actor,
};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LookList {
    subject: Subject,
    /// The `next` of the page before.
    before: Option<i64>,
    /// 50 unless told.
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u64>,
    #[serde(default)]
    lang: Language,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LookerKind {
    Officer,
    Auditor,
    Staff,
    Program,
    Recipient,
    SystemOwner,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SeenKind {
    /// The request, masked.
    Masked,
    /// Values in full: which, is in `fields`, where it was written down.
    InFull,
    File,
    LockedAway,
    Searched,
    /// All records in full, by a program that acted for them.
    Records,
}

/// A value that was seen in full.
#[derive(Serialize, ToSchema)]
struct FieldSeen {
    /// Absent where it stands in no record of one kind.
    table: Option<String>,
    column: Option<String>,
    name: String,
}

/// Somebody other than the person looked.
#[derive(Serialize, ToSchema)]
struct LookView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    who: LookerKind,
    /// Of a program its name; of a recipient or a system its name in the data map. Of staff never.
    name: Option<String>,
    /// Of the request, where it belongs to one.
    number: Option<String>,
    seen: SeenKind,
    fields: Vec<FieldSeen>,
    /// The code of the reason, where one was given: as in `POST /requests/{number}/changes`.
    reason: Option<String>,
    /// Who saw what, and why, in one sentence.
    words: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct LooksView {
    looks: Vec<LookView>,
    /// Send as `before` for what came earlier; absent at the end.
    next: Option<i64>,
}

/// Who looked at what is held about them, the last first: staff by role, recipients and owners of systems who came by a link,
/// programs; at which values, and why. What they looked at themselves is not in it.
#[utoipa::path(post, path = "/subjects/looks", tag = "subjects", request_body = LookList,
    responses((status = 200, body = LooksView), Problems))]
pub(super) async fn looks(caller: Caller, Ask(list): Ask<LookList>) -> Result<Json<LooksView>, Problem> {
    let actor = actor(&caller, &list.subject)?;
    let mine = caller.portal.my_looks(&actor.own()?, list.before, limit(list.limit)?).await?;
    let t = Text::of(list.lang.into());
    let looks = mine.looks.iter().map(|look| view(t, &caller.portal.map, look)).collect();
    Ok(Json(LooksView { looks, next: mine.next }))
}

fn view(t: Text, map: &DataMap, look: &Look) -> LookView {
    let (who, name) = looker(t, map, &look.who);
    let (seen, shown) = seen(&look.seen);
    LookView {
        at: look.at,
        who,
        name,
        number: look.number.as_ref().map(ToString::to_string),
        seen,
        fields: shown.iter().map(|shown| field(t, map, shown)).collect(),
        reason: match &look.because {
            Because::Ready(reason) => Some(reason.as_str()),
            Because::Words(_) => Some(domain::look::Why::ANOTHER.to_owned()),
            Because::Work | Because::ToTell(_) => None,
        },
        words: look_line(t, map, look),
    }
}

fn looker(t: Text, map: &DataMap, who: &Looker) -> (LookerKind, Option<String>) {
    match who {
        Looker::Staff(Some(StaffRole::Officer)) => (LookerKind::Officer, None),
        Looker::Staff(Some(StaffRole::Auditor)) => (LookerKind::Auditor, None),
        Looker::Staff(Some(StaffRole::SecurityAdmin | StaffRole::SystemAdmin) | None) => (LookerKind::Staff, None),
        Looker::Program(name) => (LookerKind::Program, name.clone()),
        Looker::Recipient(id) => (LookerKind::Recipient, Some(map.recipient_name(id, t.lang()))),
        Looker::Owner(source) => (LookerKind::SystemOwner, Some(map.source_name(source, t.lang()))),
    }
}

fn seen(seen: &Seen) -> (SeenKind, &[Shown]) {
    match seen {
        Seen::Masked => (SeenKind::Masked, &[]),
        Seen::InFull(shown) => (SeenKind::InFull, shown),
        Seen::File => (SeenKind::File, &[]),
        Seen::Unlocked => (SeenKind::LockedAway, &[]),
        Seen::Searched => (SeenKind::Searched, &[]),
        Seen::Records => (SeenKind::Records, &[]),
    }
}

fn field(t: Text, map: &DataMap, shown: &Shown) -> FieldSeen {
    let (table, column) = match shown {
        Shown::Value { table, column } | Shown::Change { table, column } => {
            (Some(table.to_string()), Some(column.to_string()))
        }
        Shown::Contact { .. } | Shown::Name { .. } | Shown::FoundBy { .. } => (None, None),
    };
    FieldSeen { table, column, name: look_field(t, map, shown) }
}
