//! What must be agreed to anew after a change.

use std::collections::{BTreeMap, BTreeSet};

use super::{Basis, DataMap, TableName, diff::Change};
use crate::consent::Given;

/// Why consent is asked for again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Purpose, method or kinds of information changed (PIPL art. 14 para. 2).
    Changed,
    /// It is given to somebody, or abroad, as it was not before (art. 23, 39).
    Given(Given),
}

/// The purposes that rest on consent and for which it must be asked again, and why.
pub fn consent_again(before: &DataMap, after: &DataMap, changes: &[Change]) -> BTreeMap<String, BTreeSet<Reason>> {
    let of_table = |name: &TableName| after.table(name).map(|table| table.purposes.clone()).unwrap_or_default();
    let of_recipient =
        |id: &str| after.recipients.get(id).map(|recipient| recipient.purposes.clone()).unwrap_or_default();
    let touched = changes.iter().flat_map(|change| match change {
        Change::PurposeReworded { id, .. } | Change::BasisChanged { id, .. } => vec![id.clone()],
        Change::RecordsAdded { table, .. }
        | Change::FieldAdded { table, .. }
        | Change::FieldNowSensitive { table, .. }
        | Change::PurposesOfRecordsChanged { table, .. }
        | Change::SharedWith { table, .. } => of_table(table),
        Change::MethodChanged { id, .. } => of_recipient(id),
        Change::HandlerChanged
        | Change::PurposeAdded { .. }
        | Change::PurposeEnded { .. }
        | Change::RecordsEnded { .. }
        | Change::FieldEnded { .. }
        | Change::FieldCorrectable { .. }
        | Change::FieldNoLongerCorrectable { .. }
        | Change::PeriodChanged { .. }
        | Change::StartChanged { .. }
        | Change::EndChanged { .. }
        | Change::LawChanged { .. }
        | Change::NoLongerSharedWith { .. }
        | Change::RecipientReworded { .. }
        // By whom is given what, below: somebody may also come home, or only get another name.
        | Change::MovedAbroad { .. }
        | Change::GivenTo { .. }
        | Change::StorageChanged { .. }
        | Change::AutomatedAdded { .. }
        | Change::AutomatedEnded { .. }
        | Change::AutomatedChanged { .. }
        | Change::MinorsChanged
        | Change::TextChanged { .. }
        | Change::ListsChanged
        | Change::TwoOfficersChanged { .. }
        | Change::KeptByPortalChanged
        | Change::PeopleFoundOtherwise { .. } => Vec::new(),
    });
    let otherwise = touched.map(|purpose| (purpose, Reason::Changed));
    let given = after.purposes.keys().flat_map(|purpose| {
        let before = before.given(purpose);
        let new = after.given(purpose).into_iter().filter(move |given| !before.contains(given));
        new.map(|given| (purpose.clone(), Reason::Given(given)))
    });
    let rests_on_consent = |id: &String| {
        before.purposes.contains_key(id)
            && after.purposes.get(id).is_some_and(|purpose| purpose.basis == Basis::Consent)
    };
    let mut again: BTreeMap<String, BTreeSet<Reason>> = BTreeMap::new();
    for (purpose, reason) in otherwise.chain(given).filter(|(purpose, _)| rests_on_consent(purpose)) {
        again.entry(purpose).or_default().insert(reason);
    }
    again
}
