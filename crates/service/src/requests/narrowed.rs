//! To what a deletion is narrowed beyond kinds of record: the one somebody chose, and without those an officer found to be
//! another's. A key may be a mobile number, so it is sealed with the request and forgotten with it; the history says of
//! which table it was.

use domain::{
    Key, Rows, Words,
    map::{Column, DataMap, Extent, OneRecord, RoleName, TableName},
    mask::mask_of_another,
    permit::Own,
    request::RequestKind,
};
use serde::{Deserialize, Serialize};
use sources::{Person, SourceError, reach};
use store::requests::Request;

use crate::{
    Portal, ServiceError,
    mine::{Record, Value},
};

/// Sealed with a deletion, beside the words of one that somebody asked for another.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Narrowed {
    #[serde(default)]
    pub(super) record: Option<ChosenRecord>,
    #[serde(default)]
    pub(super) left_out: Vec<(TableName, Key)>,
    /// What each of those is known by, since this is kept.
    #[serde(default)]
    pub(super) left_out_as: Vec<ChosenRecord>,
}

/// The one record that is to go, as it was shown when it was chosen: afterwards nobody could say which it was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChosenRecord {
    pub table: TableName,
    pub role: RoleName,
    key: Key,
    /// Masked, or what a value means.
    pub values: Vec<(Column, Words)>,
}

/// What somebody wants deleted.
#[derive(Clone, Debug)]
pub struct Chosen {
    pub(super) extent: Extent,
    pub(super) record: Option<ChosenRecord>,
}

impl From<&Extent> for Chosen {
    fn from(extent: &Extent) -> Self {
        Self { extent: extent.clone(), record: None }
    }
}

impl From<&Self> for Chosen {
    fn from(chosen: &Self) -> Self {
        chosen.clone()
    }
}

impl Chosen {
    fn record(map: &DataMap, record: &Record) -> Self {
        Self {
            extent: map.one_record(&record.table, record.key().clone()),
            record: Some(ChosenRecord::of(record, record.values.iter())),
        }
    }
}

impl Narrowed {
    /// What the rows left out are called where they are sealed.
    pub(super) const LEFT_OUT: &str = "left_out";
    pub(super) const LEFT_OUT_AS: &str = "left_out_as";
}

/// So many values tell a record from others of its kind.
const TELLING: usize = 3;

impl ChosenRecord {
    fn of<'v>(record: &'v Record, values: impl Iterator<Item = &'v Value>) -> Self {
        let shown = |value: &Value| value.means.clone().unwrap_or_else(|| Words::same(&value.masked));
        Self {
            table: record.table.clone(),
            role: record.role.clone(),
            key: record.key().clone(),
            values: values.filter(|value| !value.is_empty).map(|value| (value.column.clone(), shown(value))).collect(),
        }
    }

    /// Of what was left out, which was held to be somebody else's.
    pub(super) fn of_another(map: &DataMap, record: &Record) -> Self {
        Self::of(record, record.values.iter()).masked_of_another(map)
    }

    /// Likewise, of what was sealed when more of it was kept. Of a value that the map no longer knows nothing is said.
    pub(super) fn masked_of_another(self, map: &DataMap) -> Self {
        let table = map.table(&self.table);
        let shown = |(column, value): (Column, Words)| {
            let shown = mask_of_another(table?.field(&column)?.kind, &value.zh)?;
            Some((column, Words::same(&shown)))
        };
        Self { values: self.values.into_iter().filter_map(shown).take(TELLING).collect(), ..self }
    }

    pub(super) fn is(&self, table: &TableName, key: &Key) -> bool {
        self.table == *table && self.key == *key
    }
}

impl Portal {
    /// The record with this token, to be deleted with what hangs on it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not theirs, not there any more, or no deletion reaches it;
    /// [`ServiceError::Source`] where that cannot be told.
    pub async fn chosen_record(&self, permit: &Own, token: &str) -> Result<Chosen, ServiceError> {
        let held = self.mine(permit).await?;
        let record = held.records.iter().find(|record| record.token == token && record.can_be_named());
        match (record, held.missing.into_iter().next()) {
            (Some(record), _) => Ok(Chosen::record(&self.map, record)),
            // It may be in what cannot be read.
            (None, Some(source_name)) => Err(SourceError::Unreachable { source_name }.into()),
            (None, None) => Err(ServiceError::NotFound),
        }
    }

    pub(super) async fn narrowed(&self, request: &Request) -> Result<Narrowed, ServiceError> {
        if request.kind != RequestKind::Delete {
            return Ok(Narrowed::default());
        }
        Ok(self.details_of(request).await?.unwrap_or_default())
    }

    /// What is sealed of the record a request is of, put to what its history says.
    pub(super) async fn with_key(&self, request: &Request, extent: Extent) -> Result<Extent, ServiceError> {
        let Extent::Record(record) = extent else { return Ok(extent) };
        let key = self.narrowed(request).await?.record.map(|record| record.key);
        Ok(Extent::Record(OneRecord { key, ..record }))
    }

    /// No more of a person's than a request is about, and nothing an officer left out of it.
    pub(crate) async fn narrow_to(&self, request: &Request, person: Person) -> Result<Person, ServiceError> {
        let left_out = self.narrowed(request).await?.left_out.into_iter().collect();
        self.narrow(request, person, left_out).await
    }

    pub(super) async fn narrow(
        &self,
        request: &Request,
        person: Person,
        left_out: Rows,
    ) -> Result<Person, ServiceError> {
        let person = reach::without(&self.sources, &self.map, person, left_out).await?;
        self.within(person, &self.extent_of(request).await?).await
    }

    pub(super) async fn within(&self, person: Person, extent: &Extent) -> Result<Person, ServiceError> {
        Ok(reach::within(&self.sources, &self.map, person, extent).await?)
    }
}
