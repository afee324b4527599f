//! What is answered about a deletion: of what it is, what it takes with it, and what is still open beside it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Lang,
    map::{DataMap, Extent, OneRecord, TableName},
    permit::Own,
};
use serde::Serialize;
use service::requests::{Chosen, ChosenRecord, Deletion, StillOpen, Unsettled};
use utoipa::ToSchema;

use super::{caller::Caller, problem::Problem, view::PlanView};

/// Something of a person's that is still open.
#[derive(Serialize, ToSchema)]
pub(super) struct UnsettledView {
    what: String,
    /// What can be done about it.
    remedy: String,
    rows: u64,
}

impl UnsettledView {
    pub(super) fn all(open: &[Unsettled], lang: Lang) -> Vec<Self> {
        let one = |open: &Unsettled| Self {
            what: open.what.in_lang(lang).to_owned(),
            remedy: open.remedy.in_lang(lang).to_owned(),
            rows: open.rows,
        };
        open.iter().map(one).collect()
    }
}

/// What a deletion would do today.
#[derive(Serialize, ToSchema)]
pub(super) struct DeletionView {
    #[serde(flatten)]
    plan: PlanView,
    /// Of which tables it is, with what goes along; absent where it is of all.
    tables: Option<Vec<String>>,
    /// The one record it is of, with what goes along.
    record: Option<ChosenRecordView>,
    /// The account goes too.
    takes_account: bool,
    /// What of theirs is still open. It stands against closing the account, not against a deletion: tell them.
    open: Vec<UnsettledView>,
}

impl DeletionView {
    pub(super) fn of(deletion: &Deletion, map: &DataMap, lang: Lang) -> Self {
        Self {
            plan: PlanView::of(&deletion.plan, lang),
            tables: some_tables(&deletion.extent),
            record: deletion.record.as_ref().map(|record| ChosenRecordView::of(record, lang)),
            takes_account: map.takes_account(&deletion.plan),
            open: UnsettledView::all(&deletion.open, lang),
        }
    }
}

/// The one record that is to go, as it was shown when it was chosen.
#[derive(Serialize, ToSchema)]
pub(super) struct ChosenRecordView {
    table: String,
    role: String,
    /// By their columns: masked, or what they mean.
    values: BTreeMap<String, String>,
}

impl ChosenRecordView {
    pub(super) fn of(record: &ChosenRecord, lang: Lang) -> Self {
        let values = record.values.iter();
        Self {
            table: record.table.to_string(),
            role: record.role.to_string(),
            values: values.map(|(column, value)| (column.to_string(), value.in_lang(lang).to_owned())).collect(),
        }
    }
}

/// What is to go: one record by its token, or tables.
pub(super) async fn chosen(
    caller: &Caller,
    permit: &Own,
    record: Option<&str>,
    tables: Option<&[String]>,
) -> Result<Chosen, Problem> {
    match (record, tables) {
        (Some(_), Some(_)) => Err(Problem::malformed("record: of one, or of tables")),
        (Some(token), None) => Ok(caller.portal.chosen_record(permit, token).await?),
        (None, tables) => Ok(Chosen::from(&extent(caller, tables)?)),
    }
}

/// Tables of the data map; one it does not know is refused wherever tables are named.
pub(super) fn extent(caller: &Caller, tables: Option<&[String]>) -> Result<Extent, Problem> {
    let Some(tables) = tables else { return Ok(Extent::Everything) };
    let wrong = || Problem::malformed("tables: name some of the data map");
    let known = |name: &String| {
        let name = TableName::parse(name).filter(|name| caller.portal.map.table(name).is_some());
        name.ok_or_else(wrong)
    };
    let tables = tables.iter().map(known).collect::<Result<BTreeSet<_>, _>>()?;
    if tables.is_empty() { Err(wrong()) } else { Ok(Extent::Only(tables)) }
}

pub(super) fn some_tables(extent: &Extent) -> Option<Vec<String>> {
    match extent {
        Extent::Everything => None,
        Extent::Only(tables) | Extent::Record(OneRecord { tables, .. }) => {
            Some(tables.iter().map(ToString::to_string).collect())
        }
    }
}

/// What of a person's is still open beside a deletion that nobody has decided, or stands against closing their account, as
/// it is now.
#[derive(Serialize, ToSchema)]
#[serde(tag = "seen", rename_all = "snake_case")]
pub(super) enum OpenView {
    /// A database does not answer; ask again.
    Unknown,
    Known {
        what: Vec<UnsettledView>,
    },
    /// An account is to be closed, and there is none, or none that can be told to be theirs.
    NoAccount,
}

impl OpenView {
    pub(super) fn of(open: &StillOpen, lang: Lang) -> Option<Self> {
        match open {
            StillOpen::NotAsked => None,
            StillOpen::Unknown => Some(Self::Unknown),
            StillOpen::NoAccount(_) => Some(Self::NoAccount),
            StillOpen::Known(open) => Some(Self::Known { what: UnsettledView::all(open, lang) }),
        }
    }
}
