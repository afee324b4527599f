//! Dates and counts as people read them.

use domain::Lang;
use jiff::{
    Timestamp,
    civil::{Date, Weekday},
};

use crate::text::Text;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// 2026年11月22日 / 22 November 2026
pub fn day(lang: Lang, date: Date) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        Lang::En => format!("{} {} {}", date.day(), english(date.month()), date.year()),
    }
}

fn english(month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|n| MONTHS.get(n)).copied().unwrap_or_default()
}

/// 11月 / November
pub fn month(lang: Lang, month: i8) -> String {
    match lang {
        Lang::Zh => format!("{month}月"),
        Lang::En => english(month).to_owned(),
    }
}

/// 2026年11月22日（周日） / Sunday 22 November 2026
pub fn weekday(lang: Lang, date: Date) -> String {
    let (zh, en) = match date.weekday() {
        Weekday::Monday => ("周一", "Monday"),
        Weekday::Tuesday => ("周二", "Tuesday"),
        Weekday::Wednesday => ("周三", "Wednesday"),
        Weekday::Thursday => ("周四", "Thursday"),
        Weekday::Friday => ("周五", "Friday"),
        Weekday::Saturday => ("周六", "Saturday"),
        Weekday::Sunday => ("周日", "Sunday"),
    };
    match lang {
        Lang::Zh => format!("{}（{zh}）", day(lang, date)),
        Lang::En => format!("{en} {}", day(lang, date)),
    }
}

/// A moment in China: 2026年11月22日 14:05 / 22 November 2026, 14:05
pub fn moment(lang: Lang, at: Timestamp) -> String {
    let local = jiff::tz::offset(8).to_datetime(at);
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    match lang {
        Lang::Zh => format!("{} {time}", day(lang, local.date())),
        Lang::En => format!("{}, {time}", day(lang, local.date())),
    }
}

/// 12,345
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// 34 KB / 1.2 MB
pub fn bytes(n: u64) -> String {
    const MEGA: u64 = 1024 * 1024;
    if n < MEGA { format!("{} KB", n.div_ceil(1024)) } else { format!("{}.{} MB", n / MEGA, n % MEGA * 10 / MEGA) }
}

/// A value from a database as it is shown: ISO dates become readable ones.
pub fn value(text: Text, kind: domain::map::Kind, raw: &str) -> String {
    if kind != domain::map::Kind::Date {
        return raw.to_owned();
    }
    let parsed = raw.get(..10).and_then(|date| date.parse::<Date>().ok());
    let time = raw.get(10..).unwrap_or_default().trim_start_matches(['T', ' ']);
    match (parsed, time.get(..5)) {
        (Some(date), Some(time)) => format!("{} {time}", day(text.lang(), date)),
        (Some(date), None) => day(text.lang(), date),
        (None, _) => raw.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_read_as_in_the_design_language() {
        let sunday = date(2026, 11, 22);
        assert_eq!(weekday(Lang::Zh, sunday), "2026年11月22日（周日）");
        assert_eq!(day(Lang::En, sunday), "22 November 2026");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(999), "999");
    }
}
