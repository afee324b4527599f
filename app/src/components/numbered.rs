//! Numbers of requests and nights in one piece: at their hyphens a narrow line would break them, and half of one reads
//! like a date.

use domain::ids::{NightNumber, RequestNumber};
use leptos::prelude::*;

/// As long as every number is.
const LENGTH: usize = 17;

#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Words(&'a str),
    Number(&'a str),
}

/// Words with the numbers that stand in them held together. What is copied is what was written.
pub fn numbered(words: impl AsRef<str>) -> AnyView {
    let part = |part| match part {
        Part::Words(words) => view! { {words.to_owned()} }.into_any(),
        Part::Number(number) => view! { <span class="whole">{number.to_owned()}</span> }.into_any(),
    };
    let words = words.as_ref();
    let parts = parts(words);
    if parts.iter().any(|part| matches!(part, Part::Number(_))) {
        parts.into_iter().map(part).collect_view().into_any()
    } else {
        part(Part::Words(words))
    }
}

fn parts(words: &str) -> Vec<Part<'_>> {
    let is_number = |text: &&str| RequestNumber::parse(text).is_some() || NightNumber::parse(text).is_some();
    let mut parts = Vec::new();
    let mut from = 0;
    let mut add = |part| match part {
        Part::Words("") => {}
        Part::Words(_) | Part::Number(_) => parts.push(part),
    };
    for (at, _) in words.match_indices('Q') {
        let Some(number) = words.get(at..at + LENGTH).filter(is_number) else { continue };
        add(Part::Words(words.get(from..at).unwrap_or_default()));
        add(Part::Number(number));
        from = at + LENGTH;
    }
    add(Part::Words(words.get(from..).unwrap_or_default()));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_wherever_they_stand() {
        let of = |text| parts(text);
        assert_eq!(of("QD-20261123-7K3MQ"), [Part::Number("QD-20261123-7K3MQ")]);
        let expected = [Part::Words("申请 "), Part::Number("QD-20261123-7K3MQ"), Part::Words(" 已办结")];
        assert_eq!(of("申请 QD-20261123-7K3MQ 已办结"), expected);
        let expected = [Part::Number("QN-20260102-22222"), Part::Words("、"), Part::Number("QD-20261123-7K3MQ")];
        assert_eq!(of("QN-20260102-22222、QD-20261123-7K3MQ"), expected);
        assert_eq!(of("Questions? QD-2026"), [Part::Words("Questions? QD-2026")]);
        assert_eq!(of(""), []);
    }
}
