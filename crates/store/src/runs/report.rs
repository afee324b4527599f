//! A report is written as what it holds; what that is say the kind of the run and how it ended.

use domain::{ids::RunId, report::Report};

use super::{
    RunKind::{self, Correction, Erasure, Replay, Restriction, Retention, SetAside},
    RunStatus::{self, Differs, NotVerified, Running, Verified, WindowClosed},
};
use crate::StoreError;

pub(super) fn read(run: RunId, kind: RunKind, status: RunStatus, written: &str) -> Result<Report, StoreError> {
    let report = match (kind, status) {
        // As it was before a night that was given up had a report.
        (Retention, Differs) if written == "{}" => Ok(Report::Abandoned {}),
        (Retention, Differs | Running | Verified | NotVerified | WindowClosed) => {
            serde_json::from_str(written).map(Report::Night)
        }
        (Erasure | Correction | Restriction | SetAside | Replay, Differs) => {
            serde_json::from_str(written).map(Report::SentBack)
        }
        (Erasure | Correction | Restriction | SetAside | Replay, Running | Verified | NotVerified | WindowClosed) => {
            serde_json::from_str(written).map(Report::Run)
        }
    };
    report.map_err(|_| StoreError::Report { run })
}

#[cfg(test)]
mod tests {
    use domain::{
        map::{RoleName, TableName},
        plan::Outcome,
        report::{ItemReport, NightReport, RuleReport, RunReport, SentBack},
    };
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    const RUN: RunId = RunId(Uuid::nil());

    #[test]
    fn what_the_first_versions_wrote_is_read() {
        let orders = TableName::parse("shop.orders").unwrap();
        let run = r#"{ "items": [{ "table": "shop.orders", "roles": ["buyer"], "outcome": "deleted",
            "planned": 2, "done": 2, "left": 0 }], "steps": 1, "longest_step_ms": 3, "verified": true }"#;
        let roles = vec![RoleName("buyer".into())];
        let item = ItemReport {
            table: orders.clone(),
            roles,
            outcome: Outcome::Deleted,
            planned: 2,
            done: 2,
            left: 0,
            why_left: None,
        };
        let report = RunReport { items: vec![item], steps: 1, longest_step_ms: 3, verified: true, stopped: false };
        assert_eq!(read(RUN, Erasure, Verified, run).unwrap(), Report::Run(report));

        let night = r#"{ "as_of": "2026-11-23", "dry_run": false, "map": "m", "rules": [{ "table": "shop.orders",
            "outcome": "deleted", "selected": 2, "done": 2, "left": 0, "set_aside": false }], "changed": 2, "held": 1,
            "verified": true, "steps": 1, "longest_step_ms": 3 }"#;
        let rule = RuleReport {
            table: orders,
            outcome: Outcome::Deleted,
            selected: 2,
            done: 2,
            left: 0,
            why_left: None,
            set_aside: false,
        };
        let report = NightReport {
            as_of: date(2026, 11, 23),
            dry_run: false,
            map: "m".into(),
            rules: vec![rule],
            changed: 2,
            held: 1,
            waiting: 0,
            verified: true,
            stopped: Vec::new(),
            let_go: Vec::new(),
            steps: 1,
            longest_step_ms: 3,
        };
        assert_eq!(read(RUN, Retention, Verified, night).unwrap(), Report::Night(report));
        assert_eq!(read(RUN, Retention, Differs, "{}").unwrap(), Report::Abandoned {});

        let refused = SentBack::Failed { code: "schema".into() };
        let written = r#"{ "drift": [], "code": "schema" }"#;
        assert_eq!(read(RUN, Correction, Differs, written).unwrap(), Report::SentBack(refused));
    }

    #[test]
    fn of_what_cannot_be_read_it_is_said_which_run_has_it() {
        for (kind, status) in [(Erasure, Verified), (Retention, WindowClosed), (Correction, Differs)] {
            let error = read(RUN, kind, status, "{}").unwrap_err();
            assert!(error.to_string().contains(&RUN.to_string()), "{error}");
        }
    }
}
