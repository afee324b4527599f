//! What a table holds, about whom, and for how long.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    IdentifierKind, Words,
    consent::Cover,
    map::{Kind, Sensitivity},
    mask::Profile,
    period::Period,
};

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
    /// In the order in which people read them.
    pub field: IndexMap<String, Field>,
    /// Where the company's programs look whether a person has restricted a purpose.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub restriction: BTreeMap<String, Restriction>,
}

/// A column that says whether a purpose is restricted for one of the row's people (PIPL art. 44). The portal writes it;
/// the company's programs read it before they process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Restriction {
    pub purpose: String,
    /// Left out: the whole purpose. Otherwise only what is agreed to on its own for it.
    #[serde(default, skip_serializing_if = "Cover::is_purpose")]
    pub cover: Cover,
    /// The role whose word it is.
    pub of: String,
    pub column: String,
    /// What stands there while it is restricted.
    pub restricted: String,
    /// What stands there otherwise. Left out: nothing.
    pub open: Option<String>,
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
            Some(crate::china::day(at))
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
#[serde(
    untagged,
    expecting = "a recipient's name, or { to = \"name\", at = \"column that holds when\", with = [\"field\"] }"
)]
pub enum Shared {
    Name(String),
    Given {
        to: String,
        /// The column that holds when they got the row.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<String>,
        /// Fields they get with it by which they know the person.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        with: Vec<String>,
    },
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
    /// What an erasure does with rows a floor still keeps.
    #[serde(default, skip_serializing_if = "Meanwhile::is_default")]
    pub meanwhile: Meanwhile,
}

/// Where rows wait for the end of their floor when their person has asked for erasure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Meanwhile {
    /// In their table, as they are.
    #[default]
    InPlace,
    /// Their personal fields sealed, out of the company's reach (PIPL art. 47 para. 2).
    Locked,
}

impl Meanwhile {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
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
    /// As much of it stays as many rows share.
    Coarse(Coarse),
    /// The value says nothing about the person and stays.
    Keep,
}

/// What stays of a value, and how many rows must be alike in it. Several such values of one person in a row count
/// together: a city and a profession may each be common and still name one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Coarse {
    /// The first of these in the value is the last that stays: `"市"` leaves the city of an address. Left out: the
    /// whole value.
    pub up_to: Option<String>,
    /// Where fewer rows of the table share what stays, the column becomes empty.
    #[serde(default = "Coarse::usual")]
    pub at_least: u32,
}

impl Coarse {
    /// The usual threshold of k-anonymity is 5 to 10; the stricter.
    const fn usual() -> u32 {
        10
    }
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
    /// What stored values mean: `{ "3" = { zh-CN = "已签收", en = "Delivered" } }`. One that is not named is shown as it is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, Words>,
}
