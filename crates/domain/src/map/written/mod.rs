//! The grammar of the data map as it is typed. The JSON Schema comes from these types.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{IdentifierKind, Words, period::Period, request::ForTwo};

mod account;
mod source;
mod table;

pub use account::{Account, Blocker};
pub use source::{Address, Engine, Limits, Owner, Source};
pub use table::{
    Anonymise, Coarse, Correctable, Disposal, Field, Floor, Meanwhile, Moment, Path, PerPerson, Restriction, Retention,
    Role, Shared, Spelled, Spot, Table,
};

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
    /// How an account is cancelled.
    #[serde(default, skip_serializing_if = "Account::is_default")]
    pub account: Account,
    /// What this portal itself keeps about the people who use it.
    #[serde(default, skip_serializing_if = "Portal::is_default")]
    pub portal: Portal,
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
    /// What people call it, for the head of every page. Left out: its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<Words>,
    pub address: Words,
    /// The person responsible for personal information protection (PIPL art. 52).
    pub officer: Officer,
    /// The day this version of the policy takes effect, `YYYY-MM-DD`.
    #[schemars(with = "String")]
    pub effective: jiff::civil::Date,
}

impl Handler {
    /// As people know it.
    pub fn known_as(&self) -> &Words {
        self.short.as_ref().unwrap_or(&self.name)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Officer {
    pub name: Words,
    pub email: String,
    pub phone: String,
}

/// Requests are personal information too. After this time it is forgotten whose they were and what was written;
/// that there was one, and what was done, stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Portal {
    /// How long requests are kept after they are closed.
    #[serde(default = "Portal::usual")]
    pub keep: Period,
    /// How long what shows who a requester is stays after the request is closed. 30 days at most.
    #[serde(default = "Portal::soon")]
    pub keep_evidence: Period,
    /// How long a prepared copy waits to be downloaded. 30 days at most.
    #[serde(default = "Portal::a_week")]
    pub keep_copies: Period,
    /// What two officers decide, one after the other. `[]` where there is only one.
    #[serde(default = "Portal::two")]
    pub two_officers: Vec<ForTwo>,
}

impl Default for Portal {
    /// As long as a claim may be brought (Civil Code art. 188).
    fn default() -> Self {
        Self {
            keep: Self::usual(),
            keep_evidence: Self::soon(),
            keep_copies: Self::a_week(),
            two_officers: Self::two(),
        }
    }
}

impl Portal {
    fn two() -> Vec<ForTwo> {
        ForTwo::USUAL.to_vec()
    }

    const fn usual() -> Period {
        Period::years(3)
    }

    /// GB/T 35273 §8.5: proof of identity is deleted when it has served.
    const fn soon() -> Period {
        Period::days(30)
    }

    /// Everything about somebody in one place is not left lying about.
    const fn a_week() -> Period {
        Period::days(7)
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
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
    /// Where the portal writes when something they got was erased, corrected or stopped; an officer tells them where it
    /// is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tell: Option<String>,
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

impl Recipient {
    pub fn country(&self) -> &str {
        self.country.as_deref().unwrap_or(HERE)
    }

    pub fn is_abroad(&self) -> bool {
        self.country() != HERE
    }
}

/// The country somebody is in of whom no other is said.
const HERE: &str = "CN";

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
