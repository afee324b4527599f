//! Lengths of time as a rule states them: `"3 years"`, `"6 months"`, `"15 days"`.

use std::{borrow::Cow, cmp::Ordering, fmt, str::FromStr};

use jiff::{Span, ToSpan, civil::Date};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::Lang;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    Day,
    Month,
    Year,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    n: u16,
    unit: Unit,
}

impl Period {
    pub const fn days(n: u16) -> Self {
        Self { n, unit: Unit::Day }
    }

    pub const fn years(n: u16) -> Self {
        Self { n, unit: Unit::Year }
    }

    /// As ISO 8601 writes it: `P3Y`.
    pub fn iso(self) -> String {
        let unit = match self.unit {
            Unit::Day => 'D',
            Unit::Month => 'M',
            Unit::Year => 'Y',
        };
        format!("P{}{unit}", self.n)
    }

    fn span(self) -> Span {
        let n = i64::from(self.n);
        match self.unit {
            Unit::Day => n.days(),
            Unit::Month => n.months(),
            Unit::Year => n.years(),
        }
    }

    /// The last day of the period when it starts on `from`; the end of the calendar when beyond it.
    pub fn after(self, from: Date) -> Date {
        from.checked_add(self.span()).unwrap_or(Date::MAX)
    }

    /// The latest start whose period is over on `as_of`: every row that began on or before it has
    /// expired. Month ends make plain subtraction wrong (2024-02-29 + 1 year is 2025-02-28).
    pub fn cutoff(self, as_of: Date) -> Date {
        let mut day = as_of.checked_sub(self.span()).unwrap_or(Date::MIN);
        while let Ok(next) = day.tomorrow() {
            if self.after(next) > as_of {
                break;
            }
            day = next;
        }
        day
    }

    /// As people say it.
    pub fn say(self, lang: Lang) -> String {
        let n = self.n;
        match (lang, self.unit) {
            (Lang::Zh, Unit::Day) => format!("{n} 日"),
            (Lang::Zh, Unit::Month) => format!("{n} 个月"),
            (Lang::Zh, Unit::Year) => format!("{n} 年"),
            (Lang::En, unit) => {
                let name = match unit {
                    Unit::Day => "day",
                    Unit::Month => "month",
                    Unit::Year => "year",
                };
                format!("{n} {name}{}", if n == 1 { "" } else { "s" })
            }
        }
    }

    fn typical_days(self) -> u32 {
        let n = u32::from(self.n);
        match self.unit {
            Unit::Day => n,
            Unit::Month => n * 61 / 2,
            Unit::Year => n * 1461 / 4,
        }
    }
}

/// By length, for "the longest floor wins" and "keep is not below the floor".
impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> Ordering {
        self.typical_days().cmp(&other.typical_days())
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("“{text}” is not a period: write a number and days, months or years, as in \"3 years\"");
        let (n, unit) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let unit = match unit.trim() {
            "day" | "days" => Unit::Day,
            "month" | "months" => Unit::Month,
            "year" | "years" => Unit::Year,
            _ => return Err(wrong()),
        };
        let n = n.parse().ok().filter(|n| *n <= 3650).ok_or_else(wrong)?;
        Ok(Self { n, unit })
    }
}

impl TryFrom<String> for Period {
    type Error = String;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

impl JsonSchema for Period {
    fn schema_name() -> Cow<'static, str> {
        "Period".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[0-9]{1,4} (day|days|month|months|year|years)$",
            "description": "A number and days, months or years, as in \"3 years\""
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn says_what_was_written() {
        let period: Period = "3 years".parse().unwrap();
        assert_eq!(period.say(Lang::Zh), "3 年");
        assert_eq!(period.to_string(), "3 years");
        for wrong in ["3", "three years", "3 weeks", "-1 days", "99999 days", ""] {
            assert!(wrong.parse::<Period>().unwrap_err().contains("3 years"), "{wrong}");
        }
    }

    #[test]
    fn a_leap_day_is_not_kept_a_day_longer() {
        assert_eq!(Period::years(1).cutoff(date(2025, 2, 28)), date(2024, 2, 29));
    }

    proptest! {
        /// What the night job selects and what the customer's page promises are the same day.
        #[test]
        fn expired_by_cutoff_is_expired_by_date(
            start in 0i32..20_000, as_of in 0i32..30_000, n in 0u16..60, unit in 0..3,
        ) {
            let unit = [Unit::Day, Unit::Month, Unit::Year][usize::try_from(unit).unwrap()];
            let period = Period { n, unit };
            let start = date(1980, 1, 1).checked_add(start.days()).unwrap();
            let as_of = date(1980, 1, 1).checked_add(as_of.days()).unwrap();
            prop_assert_eq!(start <= period.cutoff(as_of), period.after(start) <= as_of);
        }
    }
}
