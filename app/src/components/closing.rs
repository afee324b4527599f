//! The three days of closing an account, each by what it is: until when one can think better of it, when it is carried
//! out, and the last one by law.

use domain::{china, map::DataMap, request::Requester};
use jiff::{SignedDuration, Timestamp, civil::Date};
use leptos::prelude::*;

use super::notice;
use crate::{
    format,
    text::{Text, named},
};

/// When an account is closed.
#[derive(Clone, Copy, Debug)]
pub struct ClosingDays {
    /// Carried out from then on; before, it can be taken back.
    pub at: Timestamp,
    pub due: Date,
    pub requester: Requester,
}

impl ClosingDays {
    /// The day on which it is carried out.
    pub fn day(self) -> Date {
        china::day(self.at)
    }

    /// The last day on which it can be taken back.
    pub fn last(self) -> Date {
        china::day(self.at - SignedDuration::from_secs(1))
    }
}

/// What they are told above all else.
pub fn closing_title(t: Text, days: ClosingDays) -> String {
    t.cancel_cooling(format::weekday(t.lang(), days.day()))
}

pub fn closing_days(t: Text, map: &DataMap, days: ClosingDays) -> AnyView {
    let day = |day| format::weekday(t.lang(), day);
    let runs_what = match days.requester {
        Requester::Subject => t.cancel_runs_what(),
        Requester::Representative { .. } | Requester::Staff { .. } => t.cancel_runs_agreed(),
    };
    view! {
        <ol class="timeline">
            <li class="now"><p><strong>{t.cancel_undo_until(day(days.last()))}</strong></p><p>{t.cancel_undo_what()}</p></li>
            <li class="next"><p><strong>{t.cancel_runs(day(days.day()))}</strong></p><p>{runs_what}</p>{sooner(t, map)}</li>
            <li class="next"><p><strong>{t.cancel_latest(day(days.due))}</strong></p><p>{t.cancel_latest_what()}</p></li>
        </ol>
    }
    .into_any()
}

/// The policy's period of the account is the longest there is, where no law keeps it: whoever asks here need not wait.
fn sooner(t: Text, map: &DataMap) -> Option<AnyView> {
    let table = map.table(&map.account.of.as_ref()?.table)?;
    let retention = &table.retention;
    if !retention.floors.is_empty() {
        return None;
    }
    let (keep, starts) = (retention.effective().say(t.lang()), retention.starts.in_lang(t.lang()));
    let period = t.policy_period_from(named::PolicyPeriodFrom { starts, keep });
    Some(view! { <p class="hint">{t.cancel_sooner(period)}</p> }.into_any())
}

/// What staff read of it.
pub fn kept_until(t: Text, until: Timestamp) -> AnyView {
    let what = view! { <p>{t.cancel_case_until_what()}</p> };
    notice(t.cancel_case_until(format::moment(t.lang(), until)), what)
}

/// The days are over, and it could not be begun.
pub fn closing_late(t: Text, due: Date) -> AnyView {
    let what = view! { <p>{t.cancel_late_what(format::weekday(t.lang(), due))}</p> };
    notice(t.cancel_late(), what)
}
