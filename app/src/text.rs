//! Every text of the product in both languages, one function each, generated from `locales/`.

use domain::Lang;

/// The texts in one language.
#[derive(Clone, Copy, Debug)]
pub struct Text(pub Lang);

include!(concat!(env!("OUT_DIR"), "/text.rs"));

/// For English; Chinese has one word for both.
fn one_or_several(number: &impl std::fmt::Display, one: &'static str, several: &'static str) -> &'static str {
    if number.to_string() == "1" { one } else { several }
}

impl Text {
    pub fn of(lang: Lang) -> Self {
        Self(lang)
    }

    pub const fn lang(self) -> Lang {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_counts_one_and_several() {
        let (en, zh) = (Text::of(Lang::En), Text::of(Lang::Zh));
        assert_eq!(en.clock_left(1), "1 working day left");
        assert_eq!(en.clock_left(2), "2 working days left");
        assert_eq!(en.clock_overdue(1), "1 working day overdue");
        assert_eq!(en.statistics_days(0), "0 working days");
        assert_eq!(en.drift_notice(1), "The databases differ from the map in 1 place");
        assert_eq!(zh.clock_left(1), "还剩 1 个工作日");
        let one = named::BulkErase { changes: 1, stays: 3 };
        assert_eq!(en.bulk_erase(one), "1 record would change, 3 would stay by law");
    }
}
