//! The data map after every reference has been followed. Nothing here can dangle.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{Deserialize, Serialize};

use super::{Kind, Sensitivity, written};
use crate::{IdentifierKind, Lang, Words, consent::Cover, mask::Profile, period::Period};

use super::written::Floor;
pub use super::written::{Anonymise, Coarse, Correctable, Disposal, Engine, Meanwhile, Moment, PerPerson, Spelled};

macro_rules! name {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

name! {
    SourceName,
    RoleName,
    Column,
    /// SHA-256 of the map's content, in hex. Comments and the order of files do not change it.
    MapHash,
}

impl MapHash {
    /// Enough of it to compare by eye.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

/// The source the portal's own tables are in.
pub const OWN: &str = "qingdan";

/// `source.table` or `source.schema.table`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableName {
    pub source: SourceName,
    pub schema: Option<String>,
    pub table: String,
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{}.{schema}.{}", self.source, self.table),
            None => write!(f, "{}.{}", self.source, self.table),
        }
    }
}

impl TableName {
    /// The requests in the portal's own database.
    pub fn own_requests() -> Self {
        Self { source: SourceName(OWN.to_owned()), schema: None, table: "requests".to_owned() }
    }

    /// What was handed in with them to show who somebody is.
    pub fn own_files() -> Self {
        Self { source: SourceName(OWN.to_owned()), schema: None, table: "files".to_owned() }
    }

    /// Copies that wait to be downloaded.
    pub fn own_copies() -> Self {
        Self { source: SourceName(OWN.to_owned()), schema: None, table: "copies".to_owned() }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let source = SourceName(parts.next().filter(|p| !p.is_empty())?.to_owned());
        let second = parts.next().filter(|p| !p.is_empty())?.to_owned();
        match (parts.next(), parts.next()) {
            (None, _) => Some(Self { source, schema: None, table: second }),
            (Some(table), None) if !table.is_empty() => {
                Some(Self { source, schema: Some(second), table: table.to_owned() })
            }
            (Some(_), _) => None,
        }
    }
}

impl Serialize for TableName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TableName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a table name"))
    }
}

/// A role of a table: `company.waybills.sender`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoleRef {
    pub table: TableName,
    pub role: RoleName,
}

/// A column of a table elsewhere in the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub table: TableName,
    pub column: Column,
}

#[derive(Clone, Debug)]
pub struct DataMap {
    pub hash: MapHash,
    /// As it was written, whole, but for where databases are: what is stored as a version, and hashed.
    pub body: String,
    pub handler: written::Handler,
    pub identifiers: BTreeMap<IdentifierKind, Option<Reference>>,
    pub purposes: BTreeMap<String, written::Purpose>,
    pub recipients: BTreeMap<String, written::Recipient>,
    pub automated: BTreeMap<String, written::Automated>,
    pub sdks: BTreeMap<String, written::Sdk>,
    pub permissions: BTreeMap<String, written::Permission>,
    pub portal: written::Portal,
    pub account: Account,
    pub minors: Option<written::Minors>,
    /// What the company says in its own words, by section of the policy.
    pub texts: BTreeMap<String, Words>,
    pub sources: BTreeMap<SourceName, written::Source>,
    /// Children before the tables they point at, so that erasing in this order never breaks a
    /// reference and what identifies a person goes last.
    pub tables: Vec<Table>,
}

/// How accounts are cancelled.
#[derive(Clone, Debug)]
pub struct Account {
    /// The rows that are accounts, where the map says which.
    pub of: Option<RoleRef>,
    pub cool_off: Period,
    pub blockers: Vec<Blocker>,
}

/// What has to be settled before: rows in this role that meet all conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    pub words: Words,
    pub remedy: Words,
    pub of: RoleRef,
    pub when: When,
    pub empty: Vec<Column>,
}

#[derive(Clone, Debug)]
pub struct Table {
    pub name: TableName,
    pub words: Words,
    pub key: Vec<Column>,
    pub purposes: Vec<String>,
    pub recipients: Vec<Shared>,
    pub retention: Retention,
    pub roles: Vec<Role>,
    pub fields: Vec<Field>,
    pub restrictions: Vec<Restriction>,
}

/// A column that says whether a purpose is restricted for the person in a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    pub purpose: String,
    pub cover: Cover,
    pub role: RoleName,
    pub column: Column,
    pub restricted: String,
    /// Nothing stands there while it is not.
    pub open: Option<String>,
}

/// A recipient of a table's rows, and the column that tells when they got one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    pub to: String,
    pub at: Option<Column>,
    /// Fields they get with it by which they know the person.
    pub with: Vec<Column>,
}

/// Columns that must hold one of these values.
pub type When = Vec<(Column, Vec<String>)>;

#[derive(Clone, Debug)]
pub struct Retention {
    pub from: Column,
    pub written_as: Moment,
    pub when: When,
    pub starts: Words,
    pub keep: Period,
    pub then: Disposal,
    /// Longest first.
    pub floors: Vec<Floor>,
    pub meanwhile: Meanwhile,
}

#[derive(Clone, Debug)]
pub struct Role {
    pub name: RoleName,
    pub words: Words,
    pub ways: Vec<Way>,
    pub per_person: PerPerson,
}

/// Where in a row a value stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Column(Column),
    /// Inside a JSON column, by the names on the way.
    Json {
        column: Column,
        path: Vec<String>,
    },
}

impl Place {
    pub const fn column(&self) -> &Column {
        match self {
            Self::Column(column) | Self::Json { column, .. } => column,
        }
    }
}

/// How a row is known to be about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// The row itself holds one of their identifiers.
    Identified { by: IdentifierKind, place: Place, spelled: Spelled },
    /// The row points at another row in which they have a role.
    Through(Through),
}

/// Columns of a row that point at another table's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Through {
    pub columns: Vec<Column>,
    pub parent: TableName,
    pub role: RoleName,
    /// The parent's columns they hold, in the same order.
    pub on: Vec<Column>,
    pub when: When,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldOf {
    Role(RoleName),
    Everyone,
}

#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in the table: the column's, or one of its own for a value inside JSON.
    pub column: Column,
    pub place: Place,
    pub of: FieldOf,
    pub kind: Kind,
    pub words: Words,
    pub sensitivity: Sensitivity,
    pub mask: Profile,
    pub correctable: Correctable,
    pub anonymise: Anonymise,
    /// What stored values mean.
    pub values: BTreeMap<String, Words>,
}

impl Field {
    /// What a stored value means, where the map says so. A column of fixed width holds it with blanks behind.
    pub fn means(&self, stored: &str) -> Option<&Words> {
        self.values.get(stored).or_else(|| self.values.get(stored.trim_end()))
    }
}

impl DataMap {
    /// Tables kept on the ground of these purposes and of no other: what goes when their consent is withdrawn.
    pub fn tables_only_for<'a>(&'a self, purposes: &'a [String]) -> impl Iterator<Item = &'a Table> {
        self.tables.iter().filter(move |table| table.purposes.iter().all(|of| purposes.contains(of)))
    }

    /// All that rows say whether it is restricted, each once. Not of a purpose that systems serve which have no columns
    /// to write: there somebody has to see to it.
    pub fn restrictions(&self) -> BTreeSet<(&str, Cover)> {
        let elsewhere = |purpose: &str| {
            let serving = self.tables.iter().filter(|table| table.purposes.iter().any(|of| of == purpose));
            let mut engines = serving.filter_map(|table| self.sources.get(&table.name.source)).map(|of| of.engine);
            engines.any(|engine| matches!(engine, Engine::Http | Engine::Manual))
        };
        let all = self.tables.iter().flat_map(|table| &table.restrictions);
        let all: BTreeSet<_> = all.map(|restriction| (restriction.purpose.as_str(), restriction.cover)).collect();
        all.into_iter().filter(|(purpose, _)| !elsewhere(purpose)).collect()
    }

    /// Whether the map says where the company's programs look before they process for this.
    pub fn can_restrict(&self, purpose: &str, cover: Cover) -> bool {
        self.restrictions().contains(&(purpose, cover))
    }

    /// Purposes that rest on consent, which can be withdrawn (PIPL art. 15).
    pub fn consents(&self) -> impl Iterator<Item = (&String, &written::Purpose)> {
        self.purposes.iter().filter(|(_, purpose)| purpose.basis == written::Basis::Consent)
    }

    pub fn table(&self, name: &TableName) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == *name)
    }

    /// What people call a table; its name when the map no longer has it.
    pub fn table_words(&self, name: &TableName, lang: Lang) -> String {
        self.words_of(name).in_lang(lang).to_owned()
    }

    /// Likewise in both languages; also of the portal's own tables.
    pub fn words_of(&self, name: &TableName) -> Words {
        match self.table(name) {
            Some(table) => table.words.clone(),
            None if *name == TableName::own_files() => {
                Words::new("代他人申请时提交的证明材料", "Evidence handed in to ask for somebody else")
            }
            None if *name == TableName::own_copies() => {
                Words::new("等待下载的信息副本", "Copies that wait to be downloaded")
            }
            None if name.source.as_str() == OWN => Words::new("本系统的申请记录", "Requests in this portal"),
            None => Words::same(&name.to_string()),
        }
    }

    /// The paths that lead to this table within its database, with the tables they begin in.
    pub fn paths_to<'a>(&'a self, parent: &'a TableName) -> impl Iterator<Item = (&'a Table, &'a Through)> {
        self.tables.iter().filter(|child| child.name.source == parent.source).flat_map(move |child| {
            child.paths().filter(move |path| path.parent == *parent).map(move |path| (child, path))
        })
    }

    /// Where a table stands in the order of erasure.
    pub fn turn(&self, name: &TableName) -> Option<usize> {
        self.tables.iter().position(|table| table.name == *name)
    }

    pub fn source_name(&self, name: &SourceName, lang: Lang) -> String {
        self.sources.get(name).map_or_else(|| name.to_string(), |source| source.name.in_lang(lang).to_owned())
    }

    /// Whom a table is given to.
    pub fn recipients_of(&self, table: &Table) -> impl Iterator<Item = &written::Recipient> {
        table.recipients.iter().filter_map(|shared| self.recipients.get(&shared.to))
    }

    /// One that has left the map since is called as it was there.
    pub fn recipient_name(&self, id: &str, lang: Lang) -> String {
        self.recipients.get(id).map_or_else(|| id.to_owned(), |recipient| recipient.name.in_lang(lang).to_owned())
    }

    pub fn purpose_name(&self, id: &str, lang: Lang) -> String {
        self.purposes.get(id).map_or_else(|| id.to_owned(), |purpose| purpose.name.in_lang(lang).to_owned())
    }
}

impl Table {
    pub fn role(&self, name: &RoleName) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == *name)
    }

    /// Every path out of this table, each once.
    pub fn paths(&self) -> impl Iterator<Item = &Through> {
        let mut seen: Vec<&Through> = Vec::new();
        self.roles.iter().flat_map(|role| &role.ways).filter_map(move |way| match way {
            Way::Through(path) => {
                let known =
                    seen.iter().any(|s| s.parent == path.parent && s.columns == path.columns && s.on == path.on);
                seen.push(path);
                (!known).then_some(path)
            }
            Way::Identified { .. } => None,
        })
    }

    pub fn field(&self, column: &Column) -> Option<&Field> {
        self.fields.iter().find(|field| field.column == *column)
    }

    /// What this role may see: its own side, and what is said to everyone.
    pub fn fields_of<'a>(&'a self, role: &'a RoleName) -> impl Iterator<Item = &'a Field> {
        self.fields.iter().filter(move |field| match &field.of {
            FieldOf::Everyone => true,
            FieldOf::Role(of) => of == role,
        })
    }

    /// What tells its rows apart for this role: a waybill's number, else the first number or name the company itself gave.
    /// Where every value is one of a list it does not tell.
    pub fn named_by(&self, role: &RoleName) -> Option<&Field> {
        let shown = || {
            self.fields.iter().filter(|field| field.of == FieldOf::Everyone || field.of == FieldOf::Role(role.clone()))
        };
        let own = |field: &&Field| field.kind == Kind::Plain && field.values.is_empty();
        shown().find(|field| field.kind == Kind::WaybillNo).or_else(|| shown().find(own))
    }

    /// The fields an anonymisation of these roles empties.
    pub fn fields_to_anonymise<'a>(&'a self, roles: &'a [RoleName]) -> impl Iterator<Item = &'a Field> {
        self.fields.iter().filter(move |field| {
            let theirs = match &field.of {
                FieldOf::Role(of) => roles.contains(of),
                // What is common to all goes only when nobody's side stays.
                FieldOf::Everyone => roles.len() == self.roles.len(),
            };
            theirs && field.anonymise != Anonymise::Keep
        })
    }

    /// Several people share a row: one person's erasure empties their side, never the row.
    pub fn is_shared(&self) -> bool {
        self.roles.len() > 1
    }

    pub fn role_names(&self) -> Vec<RoleName> {
        self.roles.iter().map(|role| role.name.clone()).collect()
    }
}

impl Retention {
    pub fn longest_floor(&self) -> Option<&Floor> {
        self.floors.first()
    }

    /// The longest period a law prescribes; no time at all where none does.
    pub fn effective_floor(&self) -> Period {
        self.longest_floor().map_or(Period::days(0), |floor| floor.keep)
    }

    /// How long rows really stay: the rule, or the longest floor above it.
    pub fn effective(&self) -> Period {
        self.longest_floor().map_or(self.keep, |floor| floor.keep.max(self.keep))
    }
}
