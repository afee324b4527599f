//! The grammar of the data map as it is typed. The JSON Schema comes from these types.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, Sensitivity};
use crate::{IdentifierKind, Words, mask::Profile, period::Period};

/// One file of a data map. All files of a directory together make the map; each name may be
/// defined once.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Who decides why and how the data is processed (PIPL art. 17).
    pub handler: Option<Handler>,
    /// How a person proves who they are.
    #[serde(default)]
    pub identifier: BTreeMap<IdentifierKind, SignIn>,
    /// Why data is processed, and on which legal basis.
    #[serde(default)]
    pub purpose: BTreeMap<String, Purpose>,
    /// With whom data is shared.
    #[serde(default)]
    pub recipient: BTreeMap<String, Recipient>,
    /// The company's databases.
    #[serde(default)]
    pub source: BTreeMap<String, Source>,
    /// Tables, named `source.table` or `source.schema.table`.
    #[serde(default)]
    pub table: BTreeMap<String, Table>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Handler {
    pub name: Words,
    pub address: Words,
    /// The person responsible for personal information protection (PIPL art. 52).
    pub officer: Officer,
    /// The day this version of the policy takes effect, `YYYY-MM-DD`.
    #[schemars(with = "String")]
    pub effective: jiff::civil::Date,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Officer {
    pub name: Words,
    pub email: String,
    pub phone: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// A second fact asked for before a code is sent, as `source.table.column`: a row must hold
    /// both. For recipients of parcels, the waybill number.
    pub with: Option<String>,
}

/// The seven legal bases of PIPL art. 13. Only consent can be withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    Consent,
    Contract,
    LegalDuty,
    Emergency,
    News,
    PublicData,
    OtherLaw,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    pub name: Words,
    /// One plain sentence a customer understands.
    pub why: Words,
    pub basis: Basis,
    /// Why sensitive information is necessary and what it means for the person (PIPL art. 30).
    pub necessity: Option<Words>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecipientAs {
    /// Acts on the handler's instructions (PIPL art. 21).
    Processor,
    /// Decides for itself (PIPL art. 23).
    Handler,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    pub name: Words,
    #[serde(rename = "as")]
    pub role: RecipientAs,
    pub contact: String,
    pub purposes: Vec<String>,
    /// How the data reaches them.
    pub method: Words,
    /// ISO 3166 code of the country where they hold it; `CN` when left out.
    pub country: Option<String>,
    /// For a recipient abroad: assessment, standard contract or certification (PIPL art. 38).
    pub mechanism: Option<Words>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    Sqlite,
    Postgres,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub name: Words,
    pub engine: Engine,
    /// The database, without secrets. A relative `SQLite` path is relative to the configuration file.
    pub url: Option<String>,
    /// An environment variable that holds the URL.
    pub url_env: Option<String>,
    /// A file that holds the URL.
    pub url_file: Option<String>,
    /// Where the data is stored.
    pub stored_in: Words,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub name: Words,
    /// The columns of the primary key, in order.
    pub key: Vec<String>,
    pub purposes: Vec<String>,
    #[serde(default)]
    pub recipients: Vec<String>,
    pub retention: Retention,
    /// The people a row is about. Each sees, corrects and erases only their own side.
    pub role: BTreeMap<String, Role>,
    pub field: BTreeMap<String, Field>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Disposal {
    Delete,
    Anonymise,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// The column that holds the day the period starts; an empty one has not started.
    pub from: String,
    /// What happens on that day, for people: "the parcel was delivered".
    pub starts: Words,
    pub keep: Period,
    pub then: Disposal,
    /// Periods a law prescribes. The longest wins; nothing is erased below it.
    #[serde(default)]
    pub floor: Vec<Floor>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    pub keep: Period,
    pub law: Words,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub name: Words,
    /// Columns that hold an identifier of this person.
    #[serde(default)]
    pub identified_by: BTreeMap<IdentifierKind, String>,
    /// Columns that point at a row of another table, whose role (`source.table.role`) this person
    /// has there.
    #[serde(default)]
    pub through: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Correctable {
    #[default]
    No,
    /// Applied at once.
    Now,
    /// An officer compares before and after.
    Review,
}

/// What replaces a value when its row is anonymised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Anonymise {
    /// The column becomes empty.
    Null,
    /// A fixed text, for columns that may not be empty.
    Text(String),
    /// A random text that nobody else has, for columns that must be unique.
    Unique,
    /// The value says nothing about the person and stays.
    Keep,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The role this value is about, or `everyone` for what all people of the row may see.
    pub of: String,
    pub kind: Kind,
    /// When the name of the kind is not telling enough.
    pub name: Option<Words>,
    pub sensitivity: Option<Sensitivity>,
    #[serde(default)]
    pub mask: Profile,
    #[serde(default)]
    pub correctable: Correctable,
    /// Left out: personal kinds become empty, others stay.
    pub anonymise: Option<Anonymise>,
}
