//! Masks: how much of a value is shown before its owner has asked to see it.
//!
//! Masking is for display. A masked value is still personal information (PIPL art. 73).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::map::Kind;

/// Which rule of masking applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// On a screen: enough for the owner to recognise it.
    #[default]
    Screen,
    /// On a parcel: at least six digits of the telephone, one character of the name, and the
    /// unit and room hidden (GB/T 41833-2022).
    Waybill,
    /// Nothing to hide.
    None,
}

const STARS: &str = "****";

/// The value with its telling part hidden. Length is hidden too wherever it would tell.
pub fn mask(kind: Kind, profile: Profile, value: &str) -> String {
    match (profile, kind) {
        (_, Kind::Secret) => STARS.to_owned(),
        // Bytes as hexadecimal digits: how many there are says enough on a screen.
        (_, Kind::File) if is_bytes(value) => format!("{} B", value.len() / 2),
        (Profile::None, _)
        | (_, Kind::Plain | Kind::Date | Kind::Amount | Kind::WaybillNo | Kind::Region | Kind::Gender) => {
            value.to_owned()
        }
        (Profile::Screen, Kind::Mobile) => keep(value, 3, 4),
        (Profile::Waybill, Kind::Mobile) => keep(value, 1, 4),
        (_, Kind::Phone) => keep(value, 3, 2),
        (_, Kind::BirthDate) => keep(value, 4, 0),
        (_, Kind::IpAddress | Kind::Location) => keep(value, 3, 0),
        (_, Kind::Name) => name(value),
        (_, Kind::Email) => email(value),
        (_, Kind::ResidentId | Kind::Account) => keep(value, 1, 1),
        (_, Kind::BankCard | Kind::File) => keep(value, 0, 4),
        (_, Kind::Plate | Kind::Uscc) => keep(value, 2, 2),
        (_, Kind::Address) => address(value),
        (_, Kind::Text) => keep(value, 2, 0),
    }
}

/// What may be read of a value in a row that was held to be somebody else's: the day, and the end of a parcel's number,
/// by which whoever has the parcel knows it again and nobody else learns the number. Anything more would be the other's.
pub fn mask_of_another(kind: Kind, value: &str) -> Option<String> {
    match kind {
        Kind::Date => value.get(..10)?.parse().ok().map(|day: Date| day.to_string()),
        Kind::WaybillNo => Some(keep(value, 0, 4)),
        Kind::Name
        | Kind::Mobile
        | Kind::Phone
        | Kind::Email
        | Kind::Address
        | Kind::Region
        | Kind::ResidentId
        | Kind::BirthDate
        | Kind::Gender
        | Kind::BankCard
        | Kind::Plate
        | Kind::Uscc
        | Kind::Account
        | Kind::IpAddress
        | Kind::Location
        | Kind::File
        | Kind::Secret
        | Kind::Text
        | Kind::Amount
        | Kind::Plain => None,
    }
}

fn is_bytes(value: &str) -> bool {
    value.len() >= 16 && value.len().is_multiple_of(2) && value.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The first `head` and last `tail` characters, stars between; all stars when little would be hidden.
fn keep(value: &str, head: usize, tail: usize) -> String {
    let count = value.chars().count();
    if count < head + tail + 3 {
        return STARS.to_owned();
    }
    let head: String = value.chars().take(head).collect();
    let tail: String = value.chars().skip(count - tail).collect();
    format!("{head}{STARS}{tail}")
}

const COMPOUND_SURNAMES: [&str; 12] =
    ["欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐", "端木"];

fn name(value: &str) -> String {
    let count = value.chars().count();
    let shown = if count > 2 && COMPOUND_SURNAMES.iter().any(|surname| value.starts_with(surname)) { 2 } else { 1 };
    let head: String = value.chars().take(if count > 1 { shown } else { 0 }).collect();
    let tail = if count == 3 && shown == 1 { value.chars().last() } else { None };
    match tail {
        Some(tail) => format!("{head}*{tail}"),
        None => format!("{head}{}", "*".repeat((count - head.chars().count()).clamp(1, 3))),
    }
}

fn email(value: &str) -> String {
    match value.split_once('@') {
        Some((local, host)) if !local.is_empty() => {
            format!("{}***@{host}", local.chars().next().unwrap_or('*'))
        }
        Some(_) | None => STARS.to_owned(),
    }
}

/// Province, city and district are shown; street, building, unit and room are not.
fn address(value: &str) -> String {
    const ENDS: [char; 6] = ['省', '市', '区', '县', '旗', '州'];
    let mut end = 0;
    let mut before = ' ';
    for (seen, (at, c)) in value.char_indices().enumerate() {
        if seen >= 14 {
            break;
        }
        // 小区, 社区 and 园区 are estates, not districts: they tell where someone lives
        if ENDS.contains(&c) && !matches!(before, '小' | '社' | '园' | '校') {
            end = at + c.len_utf8();
        }
        before = c;
    }
    format!("{}{STARS}", value.get(..end).unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_examples_of_the_reference() {
        let screen = |kind, value| mask(kind, Profile::Screen, value);
        assert_eq!(screen(Kind::Mobile, "13812345678"), "138****5678");
        assert_eq!(mask(Kind::Mobile, Profile::Waybill, "13812345678"), "1****5678");
        assert_eq!(screen(Kind::ResidentId, "11010519491231002X"), "1****X");
        assert_eq!(screen(Kind::Email, "zhang@example.com"), "z***@example.com");
        assert_eq!(screen(Kind::Name, "张三"), "张*");
        assert_eq!(screen(Kind::Name, "张小明"), "张*明");
        assert_eq!(screen(Kind::Name, "欧阳修远"), "欧阳**");
        assert_eq!(screen(Kind::BankCard, "6222021234567890128"), "****0128");
        assert_eq!(screen(Kind::Plate, "粤B12312"), "粤B****12");
        assert_eq!(screen(Kind::Address, "福建省厦门市思明区软件园二期 8 号 302 室"), "福建省厦门市思明区****");
        assert_eq!(screen(Kind::Address, "幸福里阳光小区八号楼"), "****");
    }

    #[test]
    fn of_somebody_elses_row_its_day_and_the_end_of_its_number_are_read() {
        assert_eq!(mask_of_another(Kind::Date, "2026-11-22 10:15:00").as_deref(), Some("2026-11-22"));
        assert_eq!(mask_of_another(Kind::Date, "the day Zhang San moved"), None, "a column of text may hold anything");
        assert_eq!(mask_of_another(Kind::WaybillNo, "YF123456783").as_deref(), Some("****6783"));
        assert_eq!(mask_of_another(Kind::WaybillNo, "****6783").as_deref(), Some("****6783"));
        assert_eq!(mask_of_another(Kind::WaybillNo, "12345").as_deref(), Some("****"));
    }

    proptest! {
        /// Whatever a column holds: of the kinds of which nothing is read, and of a number all but its end.
        #[test]
        fn no_value_of_somebody_elses_is_read(value in "\\PC{0,40}") {
            for kind in Kind::ALL {
                match mask_of_another(kind, &value) {
                    Some(shown) if kind == Kind::WaybillNo => prop_assert!(shown.chars().count() <= 8),
                    Some(shown) => prop_assert!(kind == Kind::Date && shown.parse::<Date>().is_ok()),
                    None => {}
                }
            }
        }

        #[test]
        fn a_mask_hides_and_never_panics(value in "\\PC{1,40}") {
            for kind in Kind::ALL.into_iter().filter(|kind| kind.is_personal()) {
                let masked = mask(kind, Profile::Screen, &value);
                prop_assert!(masked.contains('*'), "{kind:?} {masked}");
            }
        }

        #[test]
        fn a_parcel_hides_six_digits(value in "1[3-9][0-9]{9}") {
            let shown = mask(Kind::Mobile, Profile::Waybill, &value).chars().filter(char::is_ascii_digit).count();
            prop_assert!(11 - shown >= 6);
        }
    }
}
