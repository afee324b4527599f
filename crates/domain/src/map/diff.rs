//! What a new version of the map changes for customers, in plain words.

use std::collections::BTreeSet;

use super::{DataMap, Field, Table, TableName, written};
use crate::{Lang, Words, request::ForTwo};

/// One difference a customer would notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    HandlerChanged,
    PurposeAdded { purpose: Words },
    PurposeEnded { purpose: Words },
    PurposeReworded { id: String, purpose: Words },
    BasisChanged { id: String, purpose: Words },
    RecordsAdded { table: TableName, records: Words },
    RecordsEnded { records: Words },
    FieldAdded { table: TableName, records: Words, field: Words },
    FieldEnded { records: Words, field: Words },
    FieldNowSensitive { table: TableName, records: Words, field: Words },
    FieldCorrectable { records: Words, field: Words },
    FieldNoLongerCorrectable { records: Words, field: Words },
    PurposesOfRecordsChanged { table: TableName, records: Words },
    PeriodChanged { table: TableName, records: Words, before: crate::period::Period, after: crate::period::Period },
    StartChanged { table: TableName, records: Words, before: Words, after: Words },
    EndChanged { table: TableName, records: Words },
    LawChanged { records: Words },
    SharedWith { table: TableName, records: Words, recipient: Words },
    NoLongerSharedWith { records: Words, recipient: Words },
    RecipientReworded { recipient: Words },
    MethodChanged { id: String, recipient: Words, before: Words, after: Words },
    MovedAbroad { recipient: Words, country: String },
    GivenTo { purpose: Words, recipient: Words, country: String },
    StorageChanged { place: Words, after: Words },
    AutomatedAdded { decision: Words },
    AutomatedEnded { decision: Words },
    AutomatedChanged { decision: Words },
    MinorsChanged,
    TextChanged { section: String },
    ListsChanged,
    TwoOfficersChanged { after: Vec<ForTwo> },
    KeptByPortalChanged,
    PeopleFoundOtherwise { records: Words },
}

/// What differs, in the order a reader cares: why, what, how long, with whom.
pub fn diff(before: &DataMap, after: &DataMap) -> Vec<Change> {
    let mut changes = Vec::new();
    if before.handler.name != after.handler.name
        || before.handler.address != after.handler.address
        || before.handler.officer != after.handler.officer
    {
        changes.push(Change::HandlerChanged);
    }
    purposes(before, after, &mut changes);
    for table in after.tables.iter().rev() {
        match before.table(&table.name) {
            Some(old) => tables(before, after, old, table, &mut changes),
            None => changes.push(Change::RecordsAdded { table: table.name.clone(), records: table.words.clone() }),
        }
    }
    for old in before.tables.iter().filter(|old| after.table(&old.name).is_none()) {
        changes.push(Change::RecordsEnded { records: old.words.clone() });
    }
    recipients(before, after, &mut changes);
    for (name, source) in &after.sources {
        if before.sources.get(name).is_some_and(|old| old.stored_in != source.stored_in) {
            changes.push(Change::StorageChanged { place: source.name.clone(), after: source.stored_in.clone() });
        }
    }
    automated(before, after, &mut changes);
    if before.minors != after.minors {
        changes.push(Change::MinorsChanged);
    }
    if before.sdks != after.sdks || before.permissions != after.permissions {
        changes.push(Change::ListsChanged);
    }
    portal(&before.portal, &after.portal, &mut changes);
    let sections: BTreeSet<&String> = before.texts.keys().chain(after.texts.keys()).collect();
    for section in sections.into_iter().filter(|section| before.texts.get(*section) != after.texts.get(*section)) {
        changes.push(Change::TextChanged { section: section.clone() });
    }
    changes
}

fn portal(before: &written::Portal, after: &written::Portal, changes: &mut Vec<Change>) {
    if before.two_officers != after.two_officers {
        changes.push(Change::TwoOfficersChanged { after: after.two_officers.clone() });
    }
    let kept = |of: &written::Portal| (of.keep, of.keep_evidence, of.keep_copies);
    if kept(before) != kept(after) {
        changes.push(Change::KeptByPortalChanged);
    }
}

fn purposes(before: &DataMap, after: &DataMap, changes: &mut Vec<Change>) {
    for (id, purpose) in &after.purposes {
        let name = purpose.name.clone();
        match before.purposes.get(id) {
            None => changes.push(Change::PurposeAdded { purpose: name }),
            Some(old) if old.basis != purpose.basis => {
                changes.push(Change::BasisChanged { id: id.clone(), purpose: name });
            }
            Some(old) if old != purpose => changes.push(Change::PurposeReworded { id: id.clone(), purpose: name }),
            Some(_) => {}
        }
    }
    for (_, old) in before.purposes.iter().filter(|(id, _)| !after.purposes.contains_key(*id)) {
        changes.push(Change::PurposeEnded { purpose: old.name.clone() });
    }
}

fn tables(before: &DataMap, after: &DataMap, old: &Table, new: &Table, changes: &mut Vec<Change>) {
    let (table, records) = (|| new.name.clone(), || new.words.clone());
    for field in &new.fields {
        match old.field(&field.column) {
            None => {
                changes.push(Change::FieldAdded { table: table(), records: records(), field: field.words.clone() });
            }
            Some(was) => fields(was, field, new, changes),
        }
    }
    for was in old.fields.iter().filter(|was| new.field(&was.column).is_none()) {
        changes.push(Change::FieldEnded { records: records(), field: was.words.clone() });
    }
    if old.purposes != new.purposes {
        changes.push(Change::PurposesOfRecordsChanged { table: table(), records: records() });
    }
    let (was, is) = (&old.retention, &new.retention);
    if was.effective() != is.effective() {
        let (before, after) = (was.effective(), is.effective());
        changes.push(Change::PeriodChanged { table: table(), records: records(), before, after });
    }
    if was.starts != is.starts || was.from != is.from || was.when != is.when {
        let (before, after) = (was.starts.clone(), is.starts.clone());
        changes.push(Change::StartChanged { table: table(), records: records(), before, after });
    }
    if was.then != is.then {
        changes.push(Change::EndChanged { table: table(), records: records() });
    }
    if was.floors != is.floors || was.meanwhile != is.meanwhile {
        changes.push(Change::LawChanged { records: records() });
    }
    let name = |map: &DataMap, id: &str| map.recipients.get(id).map(|recipient| recipient.name.clone());
    for shared in new.recipients.iter().filter(|shared| !old.recipients.iter().any(|o| o.to == shared.to)) {
        if let Some(recipient) = name(after, &shared.to) {
            changes.push(Change::SharedWith { table: table(), records: records(), recipient });
        }
    }
    for shared in old.recipients.iter().filter(|shared| !new.recipients.iter().any(|n| n.to == shared.to)) {
        if let Some(recipient) = name(before, &shared.to) {
            changes.push(Change::NoLongerSharedWith { records: records(), recipient });
        }
    }
    let paths_of =
        |table: &Table| table.roles.iter().map(|role| (role.name.clone(), role.ways.clone())).collect::<Vec<_>>();
    if paths_of(old) != paths_of(new) {
        changes.push(Change::PeopleFoundOtherwise { records: records() });
    }
}

fn fields(was: &Field, is: &Field, table: &Table, changes: &mut Vec<Change>) {
    let (records, field) = (|| table.words.clone(), || is.words.clone());
    if was.sensitivity != is.sensitivity && is.sensitivity == super::Sensitivity::Sensitive {
        changes.push(Change::FieldNowSensitive { table: table.name.clone(), records: records(), field: field() });
    }
    match (was.correctable, is.correctable) {
        (super::Correctable::No, super::Correctable::Now | super::Correctable::Review) => {
            changes.push(Change::FieldCorrectable { records: records(), field: field() });
        }
        (super::Correctable::Now | super::Correctable::Review, super::Correctable::No) => {
            changes.push(Change::FieldNoLongerCorrectable { records: records(), field: field() });
        }
        (super::Correctable::No, super::Correctable::No)
        | (
            super::Correctable::Now | super::Correctable::Review,
            super::Correctable::Now | super::Correctable::Review,
        ) => {}
    }
}

fn recipients(before: &DataMap, after: &DataMap, changes: &mut Vec<Change>) {
    for (id, recipient) in &after.recipients {
        let old = before.recipients.get(id);
        let new = recipient.purposes.iter().filter(|of| !old.is_some_and(|old| old.purposes.contains(of)));
        for purpose in new.filter_map(|of| after.purposes.get(of)) {
            changes.push(Change::GivenTo {
                purpose: purpose.name.clone(),
                recipient: recipient.name.clone(),
                country: recipient.country().to_owned(),
            });
        }
        let Some(old) = old else { continue };
        let name = || recipient.name.clone();
        if old.method != recipient.method {
            let (before, after) = (old.method.clone(), recipient.method.clone());
            changes.push(Change::MethodChanged { id: id.clone(), recipient: name(), before, after });
        }
        if old.country() != recipient.country() {
            let country = recipient.country().to_owned();
            changes.push(Change::MovedAbroad { recipient: name(), country });
        }
        if old.name != recipient.name
            || old.contact != recipient.contact
            || old.role != recipient.role
            || old.purposes != recipient.purposes
            || old.mechanism != recipient.mechanism
            || old.exercise != recipient.exercise
        {
            changes.push(Change::RecipientReworded { recipient: name() });
        }
    }
}

fn automated(before: &DataMap, after: &DataMap, changes: &mut Vec<Change>) {
    for (id, decision) in &after.automated {
        let name = decision.name.clone();
        match before.automated.get(id) {
            None => changes.push(Change::AutomatedAdded { decision: name }),
            Some(old) if old != decision => changes.push(Change::AutomatedChanged { decision: name }),
            Some(_) => {}
        }
    }
    for (_, old) in before.automated.iter().filter(|(id, _)| !after.automated.contains_key(*id)) {
        changes.push(Change::AutomatedEnded { decision: old.name.clone() });
    }
}

impl Change {
    /// The table whose people are affected; `None` when all are.
    pub fn table(&self) -> Option<&TableName> {
        match self {
            Self::RecordsAdded { table, .. }
            | Self::FieldAdded { table, .. }
            | Self::FieldNowSensitive { table, .. }
            | Self::PurposesOfRecordsChanged { table, .. }
            | Self::PeriodChanged { table, .. }
            | Self::StartChanged { table, .. }
            | Self::EndChanged { table, .. }
            | Self::SharedWith { table, .. } => Some(table),
            Self::HandlerChanged
            | Self::PurposeAdded { .. }
            | Self::PurposeEnded { .. }
            | Self::PurposeReworded { .. }
            | Self::BasisChanged { .. }
            | Self::RecordsEnded { .. }
            | Self::FieldEnded { .. }
            | Self::FieldCorrectable { .. }
            | Self::FieldNoLongerCorrectable { .. }
            | Self::LawChanged { .. }
            | Self::NoLongerSharedWith { .. }
            | Self::RecipientReworded { .. }
            | Self::MethodChanged { .. }
            | Self::MovedAbroad { .. }
            | Self::GivenTo { .. }
            | Self::StorageChanged { .. }
            | Self::AutomatedAdded { .. }
            | Self::AutomatedEnded { .. }
            | Self::AutomatedChanged { .. }
            | Self::MinorsChanged
            | Self::TextChanged { .. }
            | Self::ListsChanged
            | Self::TwoOfficersChanged { .. }
            | Self::KeptByPortalChanged
            | Self::PeopleFoundOtherwise { .. } => None,
        }
    }

    /// One sentence.
    pub fn say(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        let w = |words: &Words| words.in_lang(lang).to_owned();
        macro_rules! say {
            ($zh:expr, $en:expr) => {
                if zh { format!($zh) } else { format!($en) }
            };
        }
        match self {
            Self::HandlerChanged => {
                say!("公司的名称、地址或者联系方式有变化", "The company's name, address or contact has changed")
            }
            Self::PurposeAdded { purpose } => {
                let p = w(purpose);
                say!("新增处理目的：{p}", "New purpose: {p}")
            }
            Self::PurposeEnded { purpose } => {
                let p = w(purpose);
                say!("不再用于：{p}", "No longer used for: {p}")
            }
            Self::PurposeReworded { purpose, .. } => {
                let p = w(purpose);
                say!("处理目的“{p}”的说明有变化", "The purpose “{p}” is described differently")
            }
            Self::BasisChanged { purpose, .. } => {
                let p = w(purpose);
                say!("处理目的“{p}”的法律依据有变化", "The legal basis of “{p}” has changed")
            }
            Self::RecordsAdded { records, .. } => {
                let r = w(records);
                say!("新增收集：{r}", "Now also kept: {r}")
            }
            Self::RecordsEnded { records } => {
                let r = w(records);
                say!("不再收集：{r}", "No longer kept: {r}")
            }
            Self::FieldAdded { records, field, .. } => {
                let (r, f) = (w(records), w(field));
                say!("{r}中新增收集：{f}", "{r} now also has: {f}")
            }
            Self::FieldEnded { records, field } => {
                let (r, f) = (w(records), w(field));
                say!("{r}中不再收集：{f}", "{r} no longer has: {f}")
            }
            Self::FieldNowSensitive { records, field, .. } => {
                let (r, f) = (w(records), w(field));
                say!("{r}中的“{f}”按敏感个人信息保护", "“{f}” of {r} is now protected as sensitive")
            }
            Self::FieldCorrectable { records, field } => {
                let (r, f) = (w(records), w(field));
                say!("您可以自己更正{r}中的“{f}”", "You can now correct “{f}” of {r} yourself")
            }
            Self::FieldNoLongerCorrectable { records, field } => {
                let (r, f) = (w(records), w(field));
                say!("{r}中的“{f}”改为书面申请更正", "“{f}” of {r} is now corrected on written request")
            }
            Self::PurposesOfRecordsChanged { records, .. } => {
                let r = w(records);
                say!("{r}的处理目的有变化", "{r} is used for other purposes")
            }
            Self::PeriodChanged { records, before, after, .. } => {
                let (r, b, a) = (w(records), before.say(lang), after.say(lang));
                say!("{r}的保存期限由{b}改为{a}", "{r} is kept for {a} instead of {b}")
            }
            Self::StartChanged { records, before, after, .. } => {
                let (r, b, a) = (w(records), w(before), w(after));
                say!(
                    "{r}的保存期限由“{b}”起算改为“{a}”起算",
                    "The period of {r} now counts from when {a}, not from when {b}"
                )
            }
            Self::EndChanged { records, .. } => {
                let r = w(records);
                say!("{r}到期后的处理方式有变化", "What happens to {r} when its time is up has changed")
            }
            Self::LawChanged { records } => {
                let r = w(records);
                say!("{r}的法定保存期限有变化", "The period a law prescribes for {r} has changed")
            }
            Self::SharedWith { records, recipient, .. } => {
                let (r, to) = (w(records), w(recipient));
                say!("{r}新增提供给：{to}", "{r} is now shared with {to}")
            }
            Self::NoLongerSharedWith { records, recipient } => {
                let (r, to) = (w(records), w(recipient));
                say!("{r}不再提供给：{to}", "{r} is no longer shared with {to}")
            }
            Self::RecipientReworded { recipient } => {
                let to = w(recipient);
                say!("接收方“{to}”的信息有变化", "What is said about {to} has changed")
            }
            Self::MethodChanged { recipient, before, after, .. } => {
                let (to, b, a) = (w(recipient), w(before), w(after));
                say!("向{to}提供的方式由“{b}”改为“{a}”", "{to} now gets it by “{a}” instead of “{b}”")
            }
            Self::MovedAbroad { recipient, country } => {
                let to = w(recipient);
                say!("接收方“{to}”所在国家或者地区改为 {country}", "{to} is now in {country}")
            }
            Self::GivenTo { purpose, recipient, country } => {
                let (p, to) = (w(purpose), w(recipient));
                say!("“{p}”新增接收方：{to}（{country}）", "For “{p}” it is now also given to {to} ({country})")
            }
            Self::StorageChanged { place, after } => {
                let (p, a) = (w(place), w(after));
                say!("{p}改为保存在：{a}", "{p} is now stored in {a}")
            }
            Self::AutomatedAdded { decision } => {
                let d = w(decision);
                say!("新增自动化决策：{d}", "Now decided by a program: {d}")
            }
            Self::AutomatedEnded { decision } => {
                let d = w(decision);
                say!("不再自动化决策：{d}", "No longer decided by a program: {d}")
            }
            Self::AutomatedChanged { decision } => {
                let d = w(decision);
                say!("自动化决策“{d}”有变化", "How a program decides “{d}” has changed")
            }
            Self::MinorsChanged => say!("未成年人个人信息处理规则有变化", "The rules for minors have changed"),
            Self::TextChanged { section } => say!("政策正文有修改：{section}", "The text has changed: {section}"),
            Self::ListsChanged => {
                say!("SDK 或者设备权限清单有变化", "The list of SDKs or device permissions has changed")
            }
            Self::TwoOfficersChanged { after } if after.is_empty() => {
                say!("不再有申请须由两名工作人员决定", "Two officers no longer decide anything together")
            }
            Self::TwoOfficersChanged { after } => {
                let all: Vec<String> = after.iter().map(|two| w(&two.words())).collect();
                let (zh_list, en_list) = (all.join("、"), all.join(", "));
                say!("须由两名工作人员决定：{zh_list}", "Two officers decide: {en_list}")
            }
            Self::KeptByPortalChanged => say!(
                "申请、证明材料或副本的保存期限有变化",
                "How long requests, evidence or copies are kept has changed"
            ),
            Self::PeopleFoundOtherwise { records } => {
                let r = w(records);
                say!("查找您的{r}的方式有变化", "Your {r} is found in another way")
            }
        }
    }
}
