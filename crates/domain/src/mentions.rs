//! Whom a text speaks of: the e-mail addresses and mobile numbers somewhere inside it.
//!
//! A call centre's note, a log line, a JSON document: what identifies a person stands in the middle of other
//! words. Better one too many than one too few: what is found here is only compared with keyed hashes.

use unicode_normalization::UnicodeNormalization;

use crate::{Email, Identifier, Mobile};

/// Characters between the groups of a number as people write it: `138-0013 8000`.
const BETWEEN: [char; 5] = [' ', '-', '\u{2013}', '(', ')'];

/// Each once, in the order of the text.
pub fn mentions(text: &str) -> Vec<Identifier> {
    // Full-width letters and digits become ordinary ones.
    let text: String = text.nfkc().collect();
    let mut found: Vec<Identifier> = Vec::new();
    let all = emails(&text).map(Identifier::Email).chain(mobiles(&text).into_iter().map(Identifier::Mobile));
    for identifier in all {
        if !found.contains(&identifier) {
            found.push(identifier);
        }
    }
    found
}

/// What stands around each `@`. A full stop that ends the sentence is not the address's.
fn emails(text: &str) -> impl Iterator<Item = Email> {
    text.match_indices('@').filter_map(|(at, _)| {
        let (before, after) = (text.get(..at)?, text.get(at + 1..)?);
        let local = before.trim_end_matches(is_of_local);
        let local = before.get(local.len()..)?.trim_start_matches(['.', '\'', '/', '=']);
        let host = after.trim_start_matches(is_of_host);
        let host = after.get(..after.len() - host.len())?.trim_end_matches(['.', '-']);
        Email::parse(&format!("{local}@{host}"))
    })
}

/// Latin, as in nearly every address: Chinese words run into one without a space.
fn is_of_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)
}

fn is_of_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '.'
}

/// Digits in a row, and such rows joined where only [`BETWEEN`] stands between them.
fn mobiles(text: &str) -> Vec<Mobile> {
    let mut found = Vec::new();
    for run in text.split(|c: char| !c.is_ascii_digit() && !BETWEEN.contains(&c)) {
        let groups: Vec<&str> = run.split(BETWEEN).filter(|group| !group.is_empty()).collect();
        for first in 0..groups.len() {
            let mut joined = String::new();
            for group in groups.iter().skip(first) {
                joined.push_str(group);
                // 0086 and eleven digits.
                if joined.len() > 15 {
                    break;
                }
                found.extend(number(&joined));
            }
        }
    }
    found
}

/// A mobile number by itself or with the country's before it; the plus is not a digit and already gone.
fn number(digits: &str) -> Option<Mobile> {
    let bare = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86")).filter(|rest| rest.len() == 11);
    Mobile::parse(bare.unwrap_or(digits))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(text: &str) -> Vec<String> {
        mentions(text).iter().map(|found| found.reveal().to_owned()).collect()
    }

    #[test]
    fn an_identifier_is_found_among_words() {
        assert_eq!(told("请回电13800138000，谢谢"), ["13800138000"]);
        assert_eq!(told("+86 138-0013-8000 or 0086 139 0013 9000"), ["13800138000", "13900139000"]);
        assert_eq!(told("13800138000 13900139000"), ["13800138000", "13900139000"]);
        assert_eq!(told("邮箱:Li.Na@Example.com。"), ["li.na@example.com"]);
        assert_eq!(told("write to li@example.com."), ["li@example.com"]);
        assert_eq!(told(r#"{"to":"li@example.com","tel":13800138000}"#), ["li@example.com", "13800138000"]);
        assert_eq!(told("mailto=li@example.com"), ["mailto=li@example.com"]);
        assert_eq!(told("１３８００１３８０００"), ["13800138000"]);
    }

    #[test]
    fn a_longer_number_is_nobodys() {
        assert_eq!(told("order 202613800138000123"), Vec::<String>::new());
        assert_eq!(told("12800138000"), Vec::<String>::new());
        assert_eq!(told("a@b, @, li@, @example.com"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn whatever_stands_around_it_it_is_found(
            before in "[一-龥，。：；\\[<\" ]{0,12}",
            after in "[一-龥，。：；\\]>\" ]{0,12}",
            tail in 3_000_000_000_u64..=9_999_999_999,
            name in "[a-z][a-z0-9]{0,9}",
        ) {
            let (mobile, email) = (format!("1{tail}"), format!("{name}@example.com"));
            let by_mobile = told(&format!("{before}{mobile}{after}"));
            let by_email = told(&format!("{before}{email}{after}"));
            prop_assert_eq!((by_mobile, by_email), (vec![mobile], vec![email]));
        }

        #[test]
        fn no_text_breaks_it(text in ".{0,200}") {
            mentions(&text);
        }
    }
}
