//! A copy of everything held (PIPL art. 45): read page by page, one source and one moment after the other, in
//! bounded memory, in full. Whoever takes it sends it on as it comes, or keeps it sealed (`copies`).

use std::collections::BTreeSet;

use domain::{
    Identifier,
    actor::Actor,
    audit::Action,
    map::{RoleName, SourceName, Table, TableName},
    permit::{OwnFresh, TakeCopy},
};
use sources::{
    OnHold, Person, Source, SourceError,
    gather::{self, Rows, Snapshot},
    reach,
};

use crate::{
    Notice, Portal, ServiceError,
    also_known::said,
    mine::{AsSeen, Record, Show, record},
    notice::best_address,
};

/// Records handed on at a time.
const PAGE: u64 = 500;

/// Takes a copy as it is read. Each side of a table is read as often as it asks for.
pub trait Taker: Send {
    /// How often each side is read, once for each shape it is written in.
    const SHAPES: usize;
    type Error: Send;

    fn begin(
        &mut self,
        table: &Table,
        role: &RoleName,
        shape: usize,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
    fn records(&mut self, records: Vec<Record>) -> impl Future<Output = Result<(), Self::Error>> + Send;
    fn end(&mut self) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// Why reading a source broke off.
enum Broken<E> {
    Source(SourceError),
    /// Whoever takes it no longer does.
    Taker(E),
}

/// What was read.
#[derive(Debug)]
pub struct Read {
    /// What could not be read, and is said so in the copy.
    pub missing: Vec<SourceName>,
    /// How many records, each counted once in whatever shapes it is written.
    pub records: u64,
    /// Identifiers the records themselves say are this person's.
    pub found: BTreeSet<Identifier>,
    as_seen: AsSeen,
}

/// More of them than anybody has.
const MOST_FOUND: usize = 200;

impl Read {
    fn note(&mut self, table: &Table, role: &RoleName, records: &[Record]) {
        let values = records.iter().flat_map(|record| &record.values);
        let full = values.filter_map(|value| Some((&value.column, value.full.as_ref()?)));
        let room = MOST_FOUND.saturating_sub(self.found.len());
        self.found.extend(said(table, role, full).take(room));
    }
}

impl Portal {
    /// For a copy that is read at once: enters it in the audit log and tells the person, before the first record is
    /// read. Somebody who has taken over their mailbox should not go unnoticed.
    pub async fn begin_copy(&self, permit: &OwnFresh, actor: &Actor, lang: domain::Lang) -> Result<(), ServiceError> {
        self.not_half_erased(permit).await?;
        let tx = self.store.begin().await?;
        self.own_look(&tx, (actor, permit.own()), Action::CopyTaken, serde_json::json!({})).await?;
        if let Some(address) = best_address(permit.own().proven()) {
            self.post(&tx, address, lang, &Notice::CopyTaken, None).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// About how many records there are to read: they may change meanwhile. `None` where counting them takes too long.
    pub(crate) async fn count_copy(&self, permit: &TakeCopy) -> Option<u64> {
        let (person, missing) = reach::as_far_as_it_goes(&self.sources, &self.map, permit.of()).await;
        gather::count(&self.sources, &self.map, &person, &missing, &|table: &TableName| permit.covers(table)).await
    }

    /// Reads everything. What a source that is down would have had is missing, and named.
    pub async fn copy<T: Taker>(&self, permit: &TakeCopy, taker: &mut T) -> Result<Read, T::Error> {
        let (person, missing) = reach::as_far_as_it_goes(&self.sources, &self.map, permit.of()).await;
        let held_up = self.held_up().await.unwrap_or_default();
        let holds = self.known_holds().await.unwrap_or_default();
        let said = self.consents_of(permit.of()).await.unwrap_or_default();
        let as_seen = AsSeen { show: Show::Full, today: self.clock.today(), held_up, said };
        let mut read = Read { missing, records: 0, found: BTreeSet::new(), as_seen };
        for source in self.sources.iter() {
            if read.missing.contains(&source.name) {
                continue;
            }
            match self.one_source(source, permit, (&person, &holds), taker, &mut read).await {
                Ok(()) => {}
                Err(Broken::Taker(gone)) => return Err(gone),
                Err(Broken::Source(error)) => {
                    tracing::warn!(source = %source.name, code = error.code(), "source missing from a copy");
                    read.missing.push(source.name.clone());
                }
            }
        }
        self.systems_too(permit, &person, taker, &mut read).await?;
        Ok(read)
    }

    /// Everything of one source at one moment. One that fails on the way has told a part; it is named all the same.
    async fn one_source<T: Taker>(
        &self,
        source: &Source,
        permit: &TakeCopy,
        (person, holds): (&Person, &[OnHold]),
        taker: &mut T,
        read: &mut Read,
    ) -> Result<(), Broken<T::Error>> {
        let snapshot = Snapshot::take(source, &self.map, person, holds).await.map_err(Broken::Source)?;
        for (table, role) in snapshot.sides().filter(|(table, _)| permit.covers(&table.name)) {
            let first = snapshot.page(table, &role.name, None, 1).await.map_err(Broken::Source)?;
            if first.rows.is_empty() {
                continue;
            }
            for shape in 0..T::SHAPES {
                taker.begin(table, &role.name, shape).await.map_err(Broken::Taker)?;
                let read_in_shape = self.side(&snapshot, table, &role.name, taker, read).await;
                taker.end().await.map_err(Broken::Taker)?;
                let rows = read_in_shape?;
                read.records += if shape == 0 { rows } else { 0 };
            }
        }
        snapshot.end().await.map_err(Broken::Source)
    }

    async fn side<T: Taker>(
        &self,
        snapshot: &Snapshot<'_>,
        table: &Table,
        role: &RoleName,
        taker: &mut T,
        read: &mut Read,
    ) -> Result<u64, Broken<T::Error>> {
        let (mut after, mut all) = (None, 0);
        loop {
            let page = snapshot.page(table, role, after.as_ref(), PAGE).await;
            let Rows { rows, more, .. } = page.map_err(Broken::Source)?;
            after = rows.last().map(|row| row.key.clone());
            let records = rows.into_iter().filter_map(|row| record(self, table, role, row, &read.as_seen));
            let records: Vec<Record> = records.collect();
            read.note(table, role, &records);
            all += records.len() as u64;
            taker.records(records).await.map_err(Broken::Taker)?;
            if !more {
                return Ok(all);
            }
        }
    }

    /// Systems without SQL tell all they have at once.
    async fn systems_too<T: Taker>(
        &self,
        permit: &TakeCopy,
        person: &Person,
        taker: &mut T,
        read: &mut Read,
    ) -> Result<(), T::Error> {
        for source in self.sources.https() {
            let Ok(found) = source.gather(&self.map, person).await else {
                read.missing.push(source.name.clone());
                continue;
            };
            for rows in found.iter().filter(|rows| permit.covers(&rows.table)) {
                let Some(table) = self.map.table(&rows.table).filter(|_| !rows.rows.is_empty()) else { continue };
                for shape in 0..T::SHAPES {
                    taker.begin(table, &rows.role, shape).await?;
                    let records = rows.rows.iter().cloned();
                    let records = records.filter_map(|row| record(self, table, &rows.role, row, &read.as_seen));
                    let records: Vec<Record> = records.collect();
                    read.note(table, &rows.role, &records);
                    read.records += if shape == 0 { records.len() as u64 } else { 0 };
                    taker.records(records).await?;
                    taker.end().await?;
                }
            }
        }
        Ok(())
    }
}

/// How a table and a side are called in a file's name: letters, digits and hyphens.
pub fn file_name(table: &TableName, role: &RoleName) -> String {
    let name = format!("{table}-{}", role.as_str());
    name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect()
}
