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
    /// Decisions a program makes about people without a human (PIPL art. 24).
    #[serde(default)]
    pub automated: BTreeMap<String, Automated>,
    /// Other companies' code in the company's apps and pages, for the list of SDKs.
    #[serde(default)]
    pub sdk: BTreeMap<String, Sdk>,
    /// What the company's apps ask the phone for.
    #[serde(default)]
    pub permission: BTreeMap<String, Permission>,
    /// What the company says in its own words, in Markdown, by section of the policy: here, or in
    /// files `texts/SECTION.zh-CN.md` and `texts/SECTION.en.md` beside the map.
    #[serde(default)]
    pub text: BTreeMap<String, Words>,
    /// How people under fourteen are dealt with (PIPL art. 31).
    pub minors: Option<Minors>,
    /// The company's databases and other systems.
    #[serde(default)]
    pub source: BTreeMap<String, Source>,
    /// Tables, named `source.table` or `source.schema.table`.
    #[serde(default)]
    pub table: BTreeMap<String, Table>,
}

/// The sections of the policy, in its order, that a text of the company's own may stand in.
pub const SECTIONS: [&str; 13] = [
    "summary",
    "who",
    "collected",
    "cookies",
    "shared",
    "stored",
    "protected",
    "rights",
    "automated",
    "minors",
    "abroad",
    "changes",
    "complain",
];

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
    /// For a recipient abroad: how people exercise their rights there (PIPL art. 39).
    pub exercise: Option<Words>,
}

/// A decision made by a program alone (PIPL art. 24): what people are told, and what they may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Automated {
    pub name: Words,
    pub purpose: String,
    /// What goes in and what decides, in plain words.
    pub how: Words,
    /// What it means for the person.
    pub effect: Words,
    /// How to be told why, to refuse, or to see offers that are not personal.
    pub refuse: Words,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sdk {
    pub name: Words,
    pub provider: Words,
    pub why: Words,
    /// What it collects.
    pub collects: Words,
    /// The provider's own rules.
    pub rules: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    pub name: Words,
    pub why: Words,
    /// What still works without it.
    pub without: Words,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MinorsAre {
    /// Nothing is offered to them; what turns up is deleted.
    NotServed,
    /// With the consent of a guardian, under rules of their own.
    ServedWithGuardian,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Minors {
    pub are: MinorsAre,
    /// How a guardian agrees and is checked.
    pub guardian: Words,
    /// Who answers for it.
    pub contact: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    Sqlite,
    Postgres,
    /// `MySQL` 8 or `MariaDB` 10.6 and newer.
    #[serde(alias = "mariadb")]
    Mysql,
    /// A system that answers signed requests, see `docs/sources.openapi.yaml`.
    Http,
    /// A system only people can reach: a task for a named owner.
    Manual,
}

/// Where a database is, in exactly one of three ways.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    pub url: Option<String>,
    /// An environment variable that holds the URL.
    pub url_env: Option<String>,
    /// A file that holds the URL.
    pub url_file: Option<String>,
}

/// How much of a company database we may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Connections for reading, and again for writing.
    pub connections: u32,
    /// Seconds no statement of ours may exceed.
    pub statement: u64,
    /// Seconds a lock of the company's own programs is waited for.
    pub lock: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 4, statement: 30, lock: 5 }
    }
}

/// Who does by hand what no program can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    pub name: Words,
    pub email: String,
    /// Working days they have, well inside the 15 of the request.
    pub days: u16,
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
    /// Other credentials for erasing and correcting. Left out: the same as for reading.
    pub write: Option<Address>,
    #[serde(default)]
    pub limits: Limits,
    /// `http`: an environment variable that holds the secret requests are signed with.
    pub key_env: Option<String>,
    /// `http`: a file that holds it.
    pub key_file: Option<String>,
    /// `manual`: who is asked.
    pub owner: Option<Owner>,
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
    /// With whom rows are shared; `{ to = "…", at = "column" }` where a column holds when.
    #[serde(default)]
    pub recipients: Vec<Shared>,
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

/// How a column writes a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Moment {
    /// A date, a timestamp, or a text that begins with `YYYY-MM-DD`.
    #[default]
    #[serde(rename = "date")]
    Date,
    /// Seconds since 1970.
    #[serde(rename = "epoch seconds")]
    Seconds,
    /// Milliseconds since 1970.
    #[serde(rename = "epoch milliseconds")]
    Millis,
    /// `YYYYMMDD…`, as a text or a number of eight digits.
    #[serde(rename = "yyyymmdd")]
    Compact,
    /// `YYYY/MM/DD…`, with two digits for month and day.
    #[serde(rename = "yyyy/mm/dd")]
    Slashes,
}

impl Moment {
    /// The day in China a column's text says, if it says one.
    pub fn day(self, text: &str) -> Option<jiff::civil::Date> {
        let epoch = |millis: i64| {
            let at = jiff::Timestamp::from_millisecond(millis).ok().filter(|_| millis > 0)?;
            Some(jiff::tz::offset(8).to_datetime(at).date())
        };
        let number = || text.split('.').next().and_then(|whole| whole.parse::<i64>().ok());
        let date = |year: &str, month: &str, day: &str| {
            jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
        };
        match self {
            Self::Date => date(text.get(..4)?, text.get(5..7)?, text.get(8..10)?)
                .filter(|_| text.get(4..5) == Some("-") && text.get(7..8) == Some("-")),
            Self::Seconds => epoch(number()?.checked_mul(1000)?),
            Self::Millis => epoch(number()?),
            Self::Compact => date(text.get(..4)?, text.get(4..6)?, text.get(6..8)?),
            Self::Slashes => date(text.get(..4)?, text.get(5..7)?, text.get(8..10)?)
                .filter(|_| text.get(4..5) == Some("/") && text.get(7..8) == Some("/")),
        }
    }
}

/// A recipient of a table's rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a recipient's name, or { to = \"name\", at = \"column that holds when\" }")]
pub enum Shared {
    Name(String),
    At { to: String, at: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// The column that holds the day the period starts; an empty one has not started.
    pub from: String,
    /// How the column writes a day. Left out: as its type says, or `YYYY-MM-DD…` in a text.
    #[serde(rename = "as", default)]
    pub written_as: Moment,
    /// The period only runs for rows with one of these values: `{ status = ["closed"] }`.
    #[serde(default)]
    pub when: BTreeMap<String, Vec<String>>,
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
    /// Columns (or fields inside JSON) that hold an identifier of this person.
    #[serde(default)]
    pub identified_by: BTreeMap<IdentifierKind, Spot>,
    /// Columns that point at a row of another table, whose role (`source.table.role`) this person
    /// has there. Several columns that point together are separated by a comma.
    #[serde(default)]
    pub through: BTreeMap<String, Path>,
    /// Whether one proven identifier may lead to several rows.
    #[serde(default)]
    pub per_person: PerPerson,
}

/// How many rows one identifier may lead to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PerPerson {
    /// A person has any number of rows, as of orders or parcels.
    #[default]
    Rows,
    /// A row is a person, as of accounts. An identifier that several rows hold, such as a family's
    /// telephone, then leads to none of them: it does not tell whose they are.
    OneRow,
}

/// Where an identifier stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a column, or { column = \"…\", spelled = \"any\" }")]
pub enum Spot {
    Column(String),
    Spelled { column: String, spelled: Spelled },
}

/// In how many spellings the column holds one identifier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Spelled {
    /// As we write it: eleven digits, or lower case.
    Plain,
    /// The forms in common use: with +86 or 0086, grouped, in full-width digits. An index serves.
    #[default]
    Usual,
    /// Any: the column is tidied row by row. Needs an index on the expression, which `map check` prints.
    Any,
}

/// Where a pointing column leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a role as \"source.table.role\", or { role = \"…\", on = [\"column\"], when = { … } }")]
pub enum Path {
    Role(String),
    On {
        role: String,
        /// The columns pointed at. Left out: the key.
        on: Option<Vec<String>>,
        /// Only rows with one of these values point there: `{ owner_type = ["customer"] }`.
        #[serde(default)]
        when: BTreeMap<String, Vec<String>>,
    },
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
    /// The column, where the field's name is not the column's: for values inside JSON.
    pub column: Option<String>,
    /// The way to a value inside a JSON column, as in `"contact.phone"`.
    pub json: Option<String>,
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
