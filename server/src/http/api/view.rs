//! What is answered: the portal's own types, as JSON that stays the same when they change.

use domain::{
    Lang,
    plan::{self, Because, Outcome},
    request::{GoneBy, Requester, Stage, Tally},
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use service::{
    Portal,
    requests::{Case, Followed, QueueRow, may_be_of_some},
};
use store::requests::Request;
use utoipa::ToSchema;

use super::{
    changes::ChangeView,
    copies::CopyView,
    deletion::{ChosenRecordView, OpenView, some_tables},
    files::FileView,
    locked::RescanView,
    recipients::RecipientView,
};

#[derive(Serialize, ToSchema)]
pub(super) struct RequestView {
    #[schema(example = "QD-20261126-7K3MQ")]
    number: String,
    /// `COPY`, `DELETE`, `CANCEL_ACCOUNT`, `WITHDRAW`, `CORRECT`, `COMPLETE`, `TRANSFER`, `RESTRICT`, `OBJECT`,
    /// `EXPLAIN_RULES`, `EXPLAIN_DECISION`, `REFUSE_DECISION` or `COMPLAINT`.
    kind: String,
    /// `received`, `asked`, `approved_once`, `approved`, `running`, `differs`, `completed`, `answered`, `refused` or
    /// `cancelled`.
    stage: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Why, where it was refused.
    refusal: Option<String>,
    /// `subject`, `agent`, `guardian`, `near_relative`, `phone`, `letter` or `counter`.
    requester: String,
    /// What a representative handed in has not been looked at yet.
    waits_for_check: bool,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// The last day for an answer, in China.
    #[schema(value_type = String, format = Date)]
    due: Date,
    /// Who works on it.
    owner: Option<String>,
}

impl From<&Request> for RequestView {
    fn from(request: &Request) -> Self {
        let requester = match request.requester {
            Requester::Subject => "subject",
            Requester::Representative { capacity, .. } => capacity.as_str(),
            Requester::Staff { channel, .. } => channel.as_str(),
        };
        let refusal =
            if let Stage::Refused { code, .. } = &request.stage { Some(code.as_str().to_owned()) } else { None };
        Self {
            number: request.number.to_string(),
            kind: request.kind.as_str().to_owned(),
            stage: request.stage.name().as_str().to_owned(),
            since: request.stage.at(),
            refusal,
            requester: requester.to_owned(),
            waits_for_check: request.requester.waits_for_check(),
            received_at: request.received_at,
            due: request.due,
            owner: request.owner.map(|owner| owner.to_string()),
        }
    }
}

/// A row of the queue.
#[derive(Serialize, ToSchema)]
pub(super) struct RowView {
    #[serde(flatten)]
    request: RequestView,
    /// Working days; negative when overdue.
    days_left: i32,
    /// Whose data it is about, masked.
    who: String,
}

impl From<&QueueRow> for RowView {
    fn from(row: &QueueRow) -> Self {
        Self { request: (&row.request).into(), days_left: row.days_left, who: row.who.masked.clone() }
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct QueueView {
    pub(super) requests: Vec<RowView>,
    /// What to send as `after` for the next page; absent on the last.
    pub(super) next: Option<String>,
}

/// A page of a person's own.
#[derive(Serialize, ToSchema)]
pub(super) struct RequestsView {
    pub(super) requests: Vec<RequestView>,
    /// What to send as `after` for the next page; absent on the last.
    pub(super) next: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct PlanView {
    /// What an approval must name.
    digest: String,
    #[schema(value_type = String, format = Date)]
    as_of: Date,
    /// The version of the data map it was made by.
    map: String,
    items: Vec<ItemView>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct ItemView {
    table: String,
    roles: Vec<String>,
    /// `deleted`, `anonymised`, `locked_away`, `destroyed`, `corrected`, `restricted`, `lifted`, `by_hand` or `kept`.
    outcome: String,
    rows: u64,
    /// Why rows stay: `floor`, `not_started` or `hold`.
    because: Option<String>,
    /// The law that says so.
    law: Option<String>,
    /// The last day on which any of them is still there.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
}

impl PlanView {
    pub(super) fn of(plan: &plan::Plan, lang: Lang) -> Self {
        let item = |item: &plan::Item| {
            let (because, law, until) = why(&item.outcome);
            ItemView {
                table: item.table.to_string(),
                roles: item.roles.iter().map(ToString::to_string).collect(),
                outcome: item.outcome.word().to_owned(),
                rows: item.rows,
                because: because.map(str::to_owned),
                law: law.map(|law| law.in_lang(lang).to_owned()),
                until,
            }
        };
        Self {
            digest: plan.digest(),
            as_of: plan.as_of,
            map: plan.map.to_string(),
            items: plan.items.iter().map(item).collect(),
        }
    }
}

const fn why(outcome: &Outcome) -> (Option<&'static str>, Option<&domain::Words>, Option<Date>) {
    match outcome {
        Outcome::LockedAway { law, last, .. } => (None, Some(law), Some(*last)),
        Outcome::Kept { because: Because::Floor { law, last, .. } } => (Some("floor"), Some(law), Some(*last)),
        Outcome::Kept { because: Because::NotStarted { law, .. } } => (Some("not_started"), Some(law), None),
        Outcome::Kept { because: Because::Hold } => (Some("hold"), None, None),
        Outcome::ByHand { due, .. } => (None, None, Some(*due)),
        Outcome::Deleted
        | Outcome::Anonymised
        | Outcome::Destroyed
        | Outcome::Corrected { .. }
        | Outcome::Restricted { .. } => (None, None, None),
    }
}

/// One thing that happened.
#[derive(Serialize, ToSchema)]
pub(super) struct EventView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `visitor`, `customer`, `system`, `staff:ID` or `program:ID`.
    actor: String,
    what: String,
    /// What somebody wrote.
    words: Option<String>,
    /// `asker` or `subject`: with which side of a representative's request it was said. Absent for what both read, and
    /// for a side that reads its own.
    side: Option<String>,
}

/// What had taken the records of a deletion before its turn came.
#[derive(Serialize, ToSchema)]
pub(super) struct GoneView {
    /// `request`: an earlier one of the same person; `night`: records of these kinds were past their period; `nights`:
    /// likewise, in one or more of several.
    by: &'static str,
    number: Option<String>,
    /// Of several nights, the first.
    #[schema(value_type = String, format = Date)]
    on: Date,
    /// Of several nights, the last.
    #[schema(value_type = Option<String>, format = Date)]
    last: Option<Date>,
}

impl From<&GoneBy> for GoneView {
    fn from(by: &GoneBy) -> Self {
        match by {
            GoneBy::Request { number, on } => {
                Self { by: "request", number: Some(number.to_string()), on: *on, last: None }
            }
            GoneBy::Night { on } => Self { by: "night", number: None, on: *on, last: None },
            GoneBy::Nights { first, last } => Self { by: "nights", number: None, on: *first, last: Some(*last) },
        }
    }
}

/// A request with what is known of it.
#[derive(Serialize, ToSchema)]
pub(super) struct FollowedView {
    #[serde(flatten)]
    request: RequestView,
    events: Vec<EventView>,
    plan: Option<PlanView>,
    /// The plan is still to be made: a database could not be read when it was received, and nothing can be approved yet.
    plan_owed: bool,
    /// Of a deletion, or of a copy for somebody else: of which tables it is; absent where it is of all.
    tables: Option<Vec<String>>,
    /// Of a deletion of one record: which.
    record: Option<ChosenRecordView>,
    /// Of a deletion: how many records an officer found not to be the person's, and left out.
    left_out: Option<u64>,
    /// Which they are, by their numbers and dates, masked: for the person and for officers, not for whoever asks for them.
    left_out_records: Vec<ChosenRecordView>,
    /// Of a deletion: there was nothing left to erase when it was carried out or, while it is not decided, there is nothing by
    /// its plan. By what it had gone, as far as it is known.
    gone: Option<Vec<GoneView>>,
    /// Of a deletion that nobody has decided: what of the person's is still open; of closing an account: what keeps anybody
    /// from agreeing to it.
    open: Option<OpenView>,
    /// Of a correction: what it changes, masked; of what somebody asked for another, nothing before it was worked out.
    changes: Vec<ChangeView>,
    /// Until when an account that is to be closed can still be kept: the request can be taken back.
    #[schema(value_type = Option<String>, format = DateTime)]
    kept_until: Option<Timestamp>,
    /// What is asked in words.
    wish: Option<String>,
    /// The purpose whose consent is withdrawn.
    consent: Option<String>,
    /// What there is of what was agreed to: a copy for a representative, or a transfer.
    handing_out: Option<CopyView>,
    /// Of a transfer: until when the address works that was made for another company.
    #[schema(value_type = Option<String>, format = DateTime)]
    address_until: Option<Timestamp>,
    /// What went with what was said.
    files: Vec<FileView>,
    /// Once it is done: to whom what it was about had been given, and how far they know.
    recipients: Vec<RecipientView>,
}

impl FollowedView {
    pub(super) fn of(followed: &Followed, portal: &Portal, lang: Lang) -> Self {
        let event = |event: &store::history::Event| EventView {
            at: event.at,
            actor: event.actor.clone(),
            what: event.what.name(),
            words: event.body.as_ref().map(|words| words.reveal().to_owned()),
            side: event.audience.as_str().map(str::to_owned),
        };
        let left_out_records = followed.left_out.iter().flat_map(|left_out| &left_out.records);
        Self {
            request: (&followed.request).into(),
            events: followed.events.iter().map(event).collect(),
            plan: followed.plan.as_ref().map(|plan| PlanView::of(plan, lang)),
            plan_owed: followed.owes_plan(),
            tables: some_tables(&followed.extent).filter(|_| may_be_of_some(followed.request.kind)),
            record: followed.record.as_ref().map(|record| ChosenRecordView::of(record, lang)),
            left_out: followed.left_out.as_ref().map(|left_out| left_out.rows),
            left_out_records: left_out_records.map(|record| ChosenRecordView::of(record, lang)).collect(),
            gone: followed.gone.as_ref().map(|gone| gone.0.iter().map(Into::into).collect()),
            open: OpenView::of(&followed.open, lang),
            changes: ChangeView::masked(followed, portal, lang),
            kept_until: followed.kept_until,
            wish: followed.wish.as_ref().map(|wish| wish.words.clone()).filter(|words| !words.is_empty()),
            consent: followed.consent.clone(),
            handing_out: CopyView::handed_out(&followed.handing_out),
            address_until: followed.address,
            files: FileView::all(&followed.files),
            recipients: followed.notified.iter().map(|one| RecipientView::of(one, portal, lang)).collect(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct NoteView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    by: String,
    words: String,
    /// Whose work it became with it, where it was passed on.
    passed_to: Option<String>,
}

/// Somebody whose work a request can be.
#[derive(Serialize, ToSchema)]
pub(super) struct OfficerView {
    id: String,
    name: String,
}

impl From<store::desk::Colleague> for OfficerView {
    fn from(officer: store::desk::Colleague) -> Self {
        Self { id: officer.id.to_string(), name: officer.name }
    }
}

/// A case as officers see it.
#[derive(Serialize, ToSchema)]
pub(super) struct CaseView {
    #[serde(flatten)]
    followed: FollowedView,
    days_left: i32,
    /// Whose data it is about, masked.
    who: String,
    /// When a question was put that is still open, or the person said something about what somebody asks for them: a
    /// decision names it in `heeded`.
    #[schema(value_type = Option<String>, format = DateTime)]
    to_heed: Option<Timestamp>,
    /// Of a person's own correction: what they say shows that it is so.
    evidence: Option<String>,
    /// Other open requests of the person that ask for the same: the younger may be merged into the older.
    alike: Vec<RequestView>,
    /// Their other open requests.
    beside: Vec<RequestView>,
    /// Of a completed erasure: what still mentions them outside the data map, once somebody has asked.
    rescan: Option<RescanView>,
    /// What officers tell each other; the person never sees it.
    notes: Vec<NoteView>,
}

impl CaseView {
    pub(super) fn of(case: &Case, portal: &Portal, lang: Lang) -> Self {
        let note = |note: &store::desk::Note| NoteView {
            at: note.at,
            by: note.by.to_string(),
            words: note.words.reveal().to_owned(),
            passed_to: note.passed_to.map(|staff| staff.to_string()),
        };
        Self {
            followed: FollowedView::of(&case.followed, portal, lang),
            days_left: case.days_left,
            who: case.who.masked.clone(),
            to_heed: case.to_heed.as_ref().map(|word| word.at),
            evidence: case.followed.corrections.iter().find_map(|of| of.evidence.clone()),
            alike: case.alike.iter().map(Into::into).collect(),
            beside: case.beside.iter().map(|row| (&row.request).into()).collect(),
            rescan: RescanView::of(case),
            notes: case.notes.iter().map(note).collect(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct TallyView {
    received: u64,
    open: u64,
    /// Of the open ones: they count against what was on time.
    overdue: u64,
    on_time: u64,
    late: u64,
    refused: u64,
    cancelled: u64,
    /// Working days to the answer.
    median_days: Option<u32>,
}

impl From<&Tally> for TallyView {
    fn from(tally: &Tally) -> Self {
        Self {
            received: tally.received,
            open: tally.open,
            overdue: tally.overdue,
            on_time: tally.on_time,
            late: tally.late,
            refused: tally.refused,
            cancelled: tally.cancelled,
            median_days: tally.median_days(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct YearView {
    pub(super) all: TallyView,
    /// By the kind of request.
    pub(super) by_kind: std::collections::BTreeMap<String, TallyView>,
    /// By month of receipt, January first.
    pub(super) by_month: Vec<TallyView>,
    /// How often each code was given.
    pub(super) refusals: std::collections::BTreeMap<String, u64>,
}
