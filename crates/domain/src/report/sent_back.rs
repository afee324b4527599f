use serde::{Deserialize, Serialize};

use crate::plan::Drift;

/// Why a request goes back to an officer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub enum SentBack {
    /// The data is no longer what was approved, or a second look found some of it left.
    Drift(Vec<Drift>),
    /// A database or a system refused it, or could not be read, with this code.
    Failed { code: String },
    /// Something has to be settled before an account is closed.
    Blocked,
    /// There is nothing that a program could do.
    NothingToDo,
}

/// As it has been written from the first version on.
#[derive(Default, Serialize, Deserialize)]
struct Written {
    drift: Vec<Drift>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    blocked: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    nothing_to_do: bool,
}

impl From<Written> for SentBack {
    fn from(Written { drift, code, blocked, nothing_to_do }: Written) -> Self {
        match code {
            Some(code) => Self::Failed { code },
            None if blocked => Self::Blocked,
            None if nothing_to_do => Self::NothingToDo,
            None => Self::Drift(drift),
        }
    }
}

impl From<SentBack> for Written {
    fn from(why: SentBack) -> Self {
        match why {
            SentBack::Drift(drift) => Self { drift, ..Self::default() },
            SentBack::Failed { code } => Self { code: Some(code), ..Self::default() },
            SentBack::Blocked => Self { blocked: true, ..Self::default() },
            SentBack::NothingToDo => Self { nothing_to_do: true, ..Self::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{json, map::TableName};

    #[test]
    fn it_is_written_as_it_was_before() {
        let rows = Drift::Rows { table: TableName::parse("shop.orders").unwrap(), approved: 2, now: 3 };
        let cases: [(SentBack, Value); 5] = [
            (SentBack::Drift(Vec::new()), json!({ "drift": [] })),
            (
                SentBack::Drift(vec![Drift::Map, rows]),
                json!({ "drift": [
                    { "drift": "map" },
                    { "drift": "rows", "table": "shop.orders", "approved": 2, "now": 3 },
                ] }),
            ),
            (SentBack::Failed { code: "schema".into() }, json!({ "drift": [], "code": "schema" })),
            (SentBack::Blocked, json!({ "drift": [], "blocked": true })),
            (SentBack::NothingToDo, json!({ "drift": [], "nothing_to_do": true })),
        ];
        for (why, written) in cases {
            assert_eq!(json::value(&why), written);
            assert_eq!(serde_json::from_value::<SentBack>(written).unwrap(), why);
        }
        assert!(serde_json::from_value::<SentBack>(json!({})).is_err(), "a night that was given up is something else");
    }
}
