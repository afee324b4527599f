//! Days that somebody typed to look between them.

use app::{components::Typed, text::Text};
use jiff::civil::Date;

/// The two ends, either of which may be left open, and what is wrong with them.
pub(super) fn days(t: Text, from: &str, to: &str, typed: Typed) -> ((Option<Date>, Option<Date>), Typed) {
    let mut typed = typed;
    let mut day = |name, text: &str| {
        let day: Option<Date> = text.trim().parse().ok();
        if day.is_none() && !text.trim().is_empty() {
            typed = std::mem::take(&mut typed).wrong(name, t.audit_day_wrong());
        }
        day
    };
    let (from, to) = (day("from", from), day("to", to));
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        typed = typed.wrong("to", t.queue_backwards());
    }
    ((from, to), typed)
}
