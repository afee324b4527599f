//! Chinese formats: what a value must look like before a customer may write it into a company's
//! database. Sources: GB 11643 (resident ID), GB 32100 (USCC), ISO/IEC 7812 (cards).

mod bank_card;
mod plate;
mod resident_id;
mod uscc;

pub use bank_card::{is_bank_card, luhn};
pub use plate::is_plate;
pub use resident_id::{is_resident_id, resident_id_check};
pub use uscc::is_uscc;

use crate::{
    Email, Mobile,
    map::{Field, Kind},
    personal::tidy,
};

/// What is wrong with a value someone typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    Empty,
    TooLong {
        most: usize,
    },
    NotA(Kind),
    ControlCharacter,
    /// Not one of those the data map lists.
    NotListed,
}

/// A typed value as it may be stored, or what is wrong with it.
pub fn accept(kind: Kind, typed: &str) -> Result<String, Malformed> {
    let value = tidy(typed);
    if value.is_empty() {
        return Err(Malformed::Empty);
    }
    if value.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Malformed::ControlCharacter);
    }
    let most = kind.longest();
    if value.chars().count() > most {
        return Err(Malformed::TooLong { most });
    }
    let well_formed = match kind {
        Kind::Email => return Email::parse(&value).map(|e| e.reveal().to_owned()).ok_or(Malformed::NotA(kind)),
        Kind::Mobile => return Mobile::parse(&value).map(|m| m.reveal().to_owned()).ok_or(Malformed::NotA(kind)),
        Kind::Name => is_name(&value),
        Kind::ResidentId => is_resident_id(&value.to_ascii_uppercase()),
        Kind::BankCard => is_bank_card(&value),
        Kind::Plate => is_plate(&value),
        Kind::Uscc => is_uscc(&value),
        Kind::Phone => value.chars().filter(char::is_ascii_digit).count() >= 5,
        Kind::IpAddress => value.parse::<std::net::IpAddr>().is_ok(),
        Kind::Date | Kind::BirthDate => value.get(..10).is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok()),
        // What the company issued or measured is not typed by the person.
        Kind::Secret | Kind::File | Kind::Location => false,
        Kind::Address
        | Kind::Region
        | Kind::Gender
        | Kind::Account
        | Kind::Text
        | Kind::WaybillNo
        | Kind::Amount
        | Kind::Plain => true,
    };
    if well_formed { Ok(value) } else { Err(Malformed::NotA(kind)) }
}

/// Likewise, of a field: where the data map lists what may stand in it, one of those and nothing else.
pub fn accept_in(field: &Field, typed: &str) -> Result<String, Malformed> {
    if field.values.is_empty() {
        return accept(field.kind, typed);
    }
    let typed = tidy(typed);
    field.values.keys().find(|value| tidy(value) == typed).cloned().ok_or(Malformed::NotListed)
}

/// 2 to 50 characters of any script; `·` joins the parts of minority and foreign names.
fn is_name(value: &str) -> bool {
    let count = value.chars().count();
    (2..=50).contains(&count)
        && !value.starts_with('·')
        && !value.ends_with('·')
        && value.chars().all(|c| c.is_alphabetic() || matches!(c, '·' | ' ' | '.' | '-' | '\'' | '’'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_many_kinds_are_names() {
        for name in ["李娜", "欧阳修远", "阿依古丽·买买提", "𬭎𠮷", "Anne-Marie O'Neil"] {
            assert!(accept(Kind::Name, name).is_ok(), "{name}");
        }
        for name in ["李", "·李娜", "李娜<script>", "1234"] {
            assert!(accept(Kind::Name, name).is_err(), "{name}");
        }
    }

    #[test]
    fn what_is_accepted_is_stored_in_one_spelling() {
        assert_eq!(accept(Kind::Mobile, "+86 154 0000 0001").as_deref(), Ok("15400000001"));
        assert_eq!(accept(Kind::Email, " Li.Na@Example.com ").as_deref(), Ok("li.na@example.com"));
        assert_eq!(accept(Kind::Address, "a\u{0}b"), Err(Malformed::ControlCharacter));
    }

    proptest! {
        #[test]
        fn no_input_panics(text in "\\PC{0,60}") {
            for kind in Kind::ALL {
                let _ = accept(kind, &text);
            }
        }
    }
}
