//! A year as the State Council's notice announces it, read from a file.

use std::fmt;

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Day, plain};

/// One year's rest days and make-up working days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    year: i16,
    notice: String,
    off: Vec<Date>,
    work: Vec<Date>,
}

/// As it is typed: `off = ["2027-02-05..2027-02-11", "2027-04-05"]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    year: i16,
    notice: String,
    off: Vec<String>,
    #[serde(default)]
    work: Vec<String>,
}

/// Why a file is no calendar, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub wrong: String,
    pub instead: &'static str,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.wrong, self.instead)
    }
}

impl Announced {
    /// # Errors
    /// What is wrong with the file, and what to write instead.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let written: Written = toml::from_str(text).map_err(|error| Unreadable {
            wrong: error.message().to_owned(),
            instead: "write year, notice, off = [\"2027-02-05..2027-02-11\"] and work = [\"2027-02-14\"]",
        })?;
        if written.notice.trim().is_empty() {
            let instead = "write the number of the State Council's notice";
            return Err(Unreadable { wrong: "does not say where it is from".to_owned(), instead });
        }
        let mut off = Vec::new();
        for range in &written.off {
            off.extend(days(range, written.year)?);
        }
        let mut work = Vec::new();
        for range in &written.work {
            for date in days(range, written.year)? {
                if plain(date).is_working() || off.contains(&date) {
                    let wrong = format!("{date} cannot be a make-up working day");
                    return Err(Unreadable { wrong, instead: "only a Saturday or Sunday that is not off can" });
                }
                work.push(date);
            }
        }
        Ok(Self { year: written.year, notice: written.notice.trim().to_owned(), off, work })
    }

    pub const fn year(&self) -> i16 {
        self.year
    }

    pub fn notice(&self) -> &str {
        &self.notice
    }

    /// Whether the notice speaks of this very day.
    pub(super) fn names(&self, date: Date) -> bool {
        self.off.contains(&date) || self.work.contains(&date)
    }

    pub(super) fn day(&self, date: Date) -> Day {
        if self.off.contains(&date) {
            Day::Holiday
        } else if self.work.contains(&date) {
            Day::MakeUp
        } else {
            plain(date)
        }
    }
}

/// A day, or the first and last of several.
fn days(range: &str, year: i16) -> Result<Vec<Date>, Unreadable> {
    let wrong = |what: &str| Unreadable {
        wrong: format!("“{range}” {what}"),
        instead: "write a day of the year, or its first and last, as in \"2027-02-05..2027-02-11\"",
    };
    let (first, last) = range.split_once("..").unwrap_or((range, range));
    let day = |text: &str| text.trim().parse::<Date>().map_err(|_| wrong("is not a day"));
    let (first, last) = (day(first)?, day(last)?);
    // New Year's bridge days may lie in December before.
    let within = |date: Date| date.year() == year || (date.year() == year - 1 && date.month() == 12);
    if !within(first) || !within(last) || last < first {
        return Err(wrong("is not within the year"));
    }
    Ok(first.series(1.day()).take_while(|date| *date <= last).collect())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const YEAR: &str = "year = 2027\nnotice = \"国办发明电〔2026〕9号\"\noff = [\"2027-02-05..2027-02-11\", \"2027-04-05\"]\nwork = [\"2027-02-14\"]";

    #[test]
    fn a_notice_is_read() {
        let year = Announced::parse(YEAR).unwrap();
        assert_eq!((year.year(), year.notice()), (2027, "国办发明电〔2026〕9号"));
        assert_eq!(year.day(date(2027, 2, 11)), Day::Holiday);
        assert_eq!(year.day(date(2027, 2, 12)), Day::Working);
        assert_eq!(year.day(date(2027, 2, 14)), Day::MakeUp);
        assert_eq!(year.day(date(2027, 2, 13)), Day::Weekend);
    }

    #[test]
    fn what_cannot_be_is_told() {
        for (from, to, says) in [
            ("2027-02-11", "2026-02-11", "within the year"),
            ("2027-04-05", "2026-11-30", "within the year"),
            ("2027-04-05\"", "2027-04-31\"", "not a day"),
            ("2027-02-14", "2027-02-15", "make-up working day"),
            ("国办发明电〔2026〕9号", " ", "where it is from"),
            ("notice", "note", "unknown field"),
        ] {
            let error = Announced::parse(&YEAR.replacen(from, to, 1)).unwrap_err();
            assert!(error.to_string().contains(says), "{from}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC{0,200}", cut in 0..150_usize) {
            let _ = Announced::parse(&text);
            let damaged: String = YEAR.chars().take(cut).chain(text.chars()).collect();
            let _ = Announced::parse(&damaged);
        }
    }
}
