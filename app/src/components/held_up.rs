//! What held a rule of the night up.

use domain::{breaker::Why, plan::Outcome};

use super::outcome_noun;
use crate::{
    format,
    text::{Text, named},
};

/// Why it was not carried out, by the limits of that night.
pub(crate) fn why_held_up(t: Text, outcome: &Outcome, rows: u64, why: Why) -> String {
    let (outcome, rows) = (outcome_noun(t, outcome), format::count(rows));
    match why {
        Why::Share { of, together, limits } => {
            let of = format::count(of);
            match (limits.map(|limits| limits.share), together.map(format::count)) {
                (Some(share), Some(together)) => {
                    t.nights_waits_together(named::NightsWaitsTogether { outcome, rows, of, together, share })
                }
                (Some(share), None) => t.nights_waits_share(named::NightsWaitsShare { outcome, of, rows, share }),
                (None, _) => t.nights_waits_share_before(named::NightsWaitsShareBefore { outcome, of, rows }),
            }
        }
        Why::Forecast { most, limits } => {
            let most = format::count(most);
            match limits {
                Some(limits) => t.nights_waits_forecast(named::NightsWaitsForecast {
                    outcome,
                    rows,
                    most,
                    from_rows: format::count(limits.from_rows),
                    times: limits.times,
                }),
                None => t.nights_waits_forecast_before(named::NightsWaitsForecastBefore { outcome, rows, most }),
            }
        }
        Why::Follows => t.nights_waits_follows().to_owned(),
    }
}
