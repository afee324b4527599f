//! Which open requests of somebody's are about one of their records: they find each where they look at the record.

use domain::{
    Key,
    ids::RequestNumber,
    map::{Extent, RoleName, TableName},
    request::RequestKind,
};
use store::requests::Request;

use crate::{Portal, ServiceError, mine::Record};

/// A deletion or a correction that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenOn {
    pub number: RequestNumber,
    pub kind: RequestKind,
}

pub(crate) struct OpenRequest {
    of: OpenOn,
    rows: Rows,
}

enum Rows {
    /// As far as a deletion reaches.
    Within(Extent),
    Corrected(Vec<(TableName, RoleName, Key)>),
}

impl OpenRequest {
    fn is_about(&self, record: &Record) -> bool {
        match &self.rows {
            Rows::Within(Extent::Record(one)) => {
                one.table == record.table && one.key.as_ref().is_some_and(|key| key == record.key())
            }
            Rows::Within(extent @ (Extent::Everything | Extent::Only(_))) => {
                record.is_in_reach() && extent.covers(&record.table)
            }
            Rows::Corrected(rows) => rows
                .iter()
                .any(|(table, role, key)| *table == record.table && *role == record.role && key == record.key()),
        }
    }
}

/// Those about a record, the newest first.
pub(crate) fn open_on(all: &[OpenRequest], record: &Record) -> Vec<OpenOn> {
    all.iter().filter(|open| open.is_about(record)).map(|open| open.of.clone()).collect()
}

impl Portal {
    /// What of these requests reaches single records.
    pub(crate) async fn open_on_records(&self, open: &[Request]) -> Result<Vec<OpenRequest>, ServiceError> {
        let mut all = Vec::new();
        for request in open {
            let rows = match request.kind {
                RequestKind::Delete | RequestKind::CancelAccount => Rows::Within(self.extent_of(request).await?),
                RequestKind::Correct => {
                    let rows = self.corrections(request).await?.into_iter();
                    Rows::Corrected(rows.map(|of| (of.table, of.role, Key(of.key))).collect())
                }
                RequestKind::Withdraw
                | RequestKind::Copy
                | RequestKind::Transfer
                | RequestKind::Complete
                | RequestKind::Restrict
                | RequestKind::Object
                | RequestKind::Lift
                | RequestKind::ExplainRules
                | RequestKind::ExplainDecision
                | RequestKind::RefuseDecision
                | RequestKind::Complaint => continue,
            };
            all.push(OpenRequest { of: OpenOn { number: request.number.clone(), kind: request.kind }, rows });
        }
        Ok(all)
    }
}
