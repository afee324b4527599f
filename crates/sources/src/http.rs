//! Systems without SQL that answer signed requests. `docs/sources.openapi.yaml` says what they must do;
//! they find people, plan and erase themselves, and are asked again afterwards like any database.

use std::{collections::BTreeMap, time::Duration};

use domain::{
    Identifier, IdentifierKind, Personal, Words,
    ids::StepId,
    map::{DataMap, RoleName, SourceName, Table, written},
    plan::{Because, Item, KeysDigest, Outcome},
};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::Sha256;

use crate::{
    Key, Person, SourceError,
    execute::Correction,
    gather::{Reach, Row, Rows},
};

const SECONDS: u64 = 10;
/// A request that may be sent twice is sent up to three times.
const TRIES: u32 = 3;

/// One such system.
pub struct HttpSource {
    pub name: SourceName,
    url: String,
    key: Vec<u8>,
    agent: ureq::Agent,
}

#[derive(Serialize)]
struct Who<'a> {
    email: Vec<&'a str>,
    mobile: Vec<&'a str>,
}

impl<'a> Who<'a> {
    fn of(person: &'a Person) -> Self {
        let of = |kind: IdentifierKind| {
            person.identifiers.iter().filter(|i| i.kind() == kind).map(Identifier::reveal).collect::<Vec<_>>()
        };
        Self { email: of(IdentifierKind::Email), mobile: of(IdentifierKind::Mobile) }
    }
}

#[derive(Deserialize)]
struct Gathered {
    rows: Vec<GatheredRow>,
}

#[derive(Deserialize)]
struct GatheredRow {
    key: Vec<String>,
    from: Option<String>,
    values: BTreeMap<String, Option<String>>,
}

#[derive(Deserialize)]
struct PlannedItems {
    items: Vec<PlannedItem>,
}

#[derive(Deserialize)]
struct PlannedItem {
    outcome: PlannedOutcome,
    rows: u64,
    #[serde(default)]
    keys: Vec<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum PlannedOutcome {
    Delete,
    Anonymise,
    Keep { law: Words, until: Date },
    Hold,
}

#[derive(Deserialize)]
struct Changed {
    rows: u64,
}

#[derive(Deserialize)]
struct Settled {
    /// `null` when the step was not carried out, and now never will be.
    rows: Option<u64>,
}

impl HttpSource {
    pub(crate) fn new(name: &SourceName, written: &written::Source, url: &str, key: String) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(written.limits.statement.min(SECONDS))))
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        Self { name: name.clone(), url: url.trim_end_matches('/').to_owned(), key: key.into_bytes(), agent }
    }

    /// Everything of one table and role about a person.
    pub async fn gather(&self, map: &DataMap, person: &Person) -> Result<Vec<Rows>, SourceError> {
        let mut found = Vec::new();
        for table in map.tables.iter().rev().filter(|table| table.name.source == self.name) {
            for role in &table.roles {
                let asked =
                    serde_json::json!({ "person": Who::of(person), "table": table.name.table, "role": role.name });
                let answer: Gathered = self.ask("gather", None, &asked).await?;
                if answer.rows.is_empty() {
                    continue;
                }
                let rows = answer.rows.into_iter().map(|row| read(table, &role.name, row)).collect::<Result<_, _>>()?;
                found.push(Rows { table: table.name.clone(), role: role.name.clone(), rows, more: false });
            }
        }
        Ok(found)
    }

    pub(crate) async fn plan(&self, map: &DataMap, person: &Person, as_of: Date) -> Result<Vec<Item>, SourceError> {
        let mut items = Vec::new();
        for table in map.tables.iter().filter(|table| table.name.source == self.name) {
            for role in &table.roles {
                let asked = serde_json::json!({
                    "person": Who::of(person), "table": table.name.table, "role": role.name, "as_of": as_of,
                });
                let answer: PlannedItems = self.ask("plan", None, &asked).await?;
                items.extend(answer.items.into_iter().filter(|item| item.rows > 0).map(|item| Item {
                    table: table.name.clone(),
                    roles: vec![role.name.clone()],
                    outcome: match item.outcome {
                        PlannedOutcome::Delete => Outcome::Deleted,
                        PlannedOutcome::Anonymise => Outcome::Anonymised,
                        PlannedOutcome::Hold => Outcome::Kept { because: Because::Hold },
                        PlannedOutcome::Keep { law, until } => {
                            Outcome::Kept { because: Because::Floor { law, first: until, last: until } }
                        }
                    },
                    rows: item.rows,
                    keys: KeysDigest::of(item.keys.iter().map(Vec::as_slice)),
                }));
            }
        }
        Ok(items)
    }

    /// One item of a plan, as one step: repeated with the same number it must not happen twice.
    pub(crate) async fn erase(
        &self,
        person: &Person,
        item: &Item,
        most: u64,
        step: StepId,
    ) -> Result<u64, SourceError> {
        let outcome = match item.outcome {
            Outcome::Deleted => "delete",
            Outcome::Anonymised => "anonymise",
            Outcome::LockedAway { .. }
            | Outcome::Destroyed
            | Outcome::Corrected { .. }
            | Outcome::Restricted { .. }
            | Outcome::Kept { .. }
            | Outcome::ByHand { .. } => return Ok(0),
        };
        let asked = serde_json::json!({
            "person": Who::of(person), "table": item.table.table, "role": item.roles.first(), "outcome": outcome,
            "most": most,
        });
        let changed: Changed = self.ask("erase", Some(step), &asked).await?;
        Ok(changed.rows)
    }

    pub(crate) async fn correct(
        &self,
        person: &Person,
        correction: &Correction<'_>,
        step: StepId,
    ) -> Result<u64, SourceError> {
        let asked = serde_json::json!({
            "person": Who::of(person), "table": correction.table.name.table, "role": correction.role,
            "key": correction.key.0, "field": correction.column,
            "before": correction.before.map(Personal::reveal), "after": correction.after.reveal(),
        });
        let changed: Changed = self.ask("correct", Some(step), &asked).await?;
        Ok(changed.rows)
    }

    /// What became of a step whose end nobody saw. One that was not carried out must be refused from now on.
    pub(crate) async fn settle(&self, step: StepId) -> Result<u64, SourceError> {
        let settled: Settled = self.ask("settle", None, &serde_json::json!({ "step": step })).await?;
        Ok(settled.rows.unwrap_or(0))
    }

    async fn ask<T: DeserializeOwned + Send + 'static>(
        &self,
        what: &'static str,
        step: Option<StepId>,
        asked: &serde_json::Value,
    ) -> Result<T, SourceError> {
        let body = asked.to_string();
        let unreachable = || SourceError::Unreachable { source_name: self.name.clone() };
        let mut last = unreachable();
        for attempt in 0..TRIES {
            if attempt > 0 {
                tokio::time::sleep(Duration::from_millis(200 << attempt)).await;
            }
            match self.once(what, step, body.clone()).await {
                Ok(answer) => return Ok(answer),
                Err(error) if error.is_passing() => last = error,
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }

    async fn once<T: DeserializeOwned + Send + 'static>(
        &self,
        what: &'static str,
        step: Option<StepId>,
        body: String,
    ) -> Result<T, SourceError> {
        let at = now();
        let mac = Hmac::<Sha256>::new_from_slice(&self.key).map(|mut mac| {
            mac.update(format!("{at}.{what}.{body}").as_bytes());
            hex::encode(mac.finalize().into_bytes())
        });
        let other = |code: &str| SourceError::Other { source_name: self.name.clone(), code: code.to_owned() };
        let signature = mac.map_err(|_| other("key"))?;
        let (agent, url) = (self.agent.clone(), format!("{}/{what}", self.url));
        let answered = tokio::task::spawn_blocking(move || {
            let mut request = agent
                .post(&url)
                .header("Content-Type", "application/json")
                .header("Qingdan-Timestamp", at.to_string())
                .header("Qingdan-Signature", format!("v1={signature}"));
            if let Some(step) = step {
                request = request.header("Idempotency-Key", step.to_string());
            }
            let mut response = request.send(body.as_bytes())?;
            let status = response.status().as_u16();
            Ok::<_, ureq::Error>((status, response.body_mut().read_to_string()?))
        })
        .await
        .map_err(|_| other("task"))?;
        let source_name = self.name.clone();
        match answered {
            Ok((200, text)) => serde_json::from_str(&text).map_err(|_| other("answer")),
            Ok((401 | 403, _)) => Err(SourceError::Denied { source_name }),
            Ok((409 | 423 | 429, _)) => Err(SourceError::Busy { source_name }),
            Ok((500..=599, _)) | Err(_) => Err(SourceError::Unreachable { source_name }),
            Ok((status, _)) => Err(other(&status.to_string())),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a signature is made at the moment it is sent, not at a planned one")]
fn now() -> i64 {
    Timestamp::now().as_second()
}

/// A field the map names and the answer lacks is an error, not a hole.
fn read(table: &Table, role: &RoleName, row: GatheredRow) -> Result<Row, SourceError> {
    let mut values = Vec::new();
    for field in table.fields_of(role) {
        let missing = || SourceError::Value {
            table: table.name.clone(),
            column: field.column.0.clone(),
            expected: "a member of the answer",
        };
        let value = row.values.get(field.column.as_str()).ok_or_else(missing)?;
        values.push((field.column.clone(), value.clone().map(Personal::new)));
    }
    let from = row.from.and_then(|text| table.retention.written_as.day(&text));
    Ok(Row { key: Key(row.key), from, values, given: Vec::new(), on_hold: false, reach: Reach::Never })
}
