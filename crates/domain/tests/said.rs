//! To whom something of somebody's may have got, by what they have said about it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod demo;

use demo::{PARTS, files};
use domain::{
    consent::{Cover, How},
    map::{DataMap, load},
    said::{ConsentAnswer, Got, Noted, Said},
};
use jiff::Timestamp;
use proptest::prelude::*;

fn map() -> DataMap {
    load(&files(&PARTS)).unwrap()
}

/// Their words on offers, as they said them one after another; the portal reads the last first.
fn said(map: &DataMap, words: &[(Cover, ConsentAnswer)]) -> Vec<Said> {
    let word = |(n, (cover, answer)): (usize, &(Cover, ConsentAnswer))| Said {
        purpose: "marketing".to_owned(),
        cover: *cover,
        answer: *answer,
        version: map.hash.clone(),
        how: How::Portal,
        request: None,
        at: Timestamp::from_second(i64::try_from(n).unwrap()).unwrap(),
    };
    words.iter().enumerate().map(word).rev().collect()
}

fn got(map: &DataMap, recipient: &str, said: &[Said], noted: Noted) -> Got {
    let tables = map.tables.iter();
    let (table, shared) = tables
        .flat_map(|table| table.recipients.iter().map(move |shared| (table, shared)))
        .find(|(_, shared)| shared.to == recipient)
        .unwrap();
    map.got(said, table, shared, noted)
}

#[test]
fn only_a_yes_to_the_purpose_without_it_says_that_nothing_was_given() {
    use ConsentAnswer::{Agreed, Refused, Withdrawn};
    use Cover::{Provision, Purpose, Sensitive};
    let map = map();
    let club = |words: &[(Cover, ConsentAnswer)]| got(&map, "partner", &said(&map, words), Noted::Nowhere);
    for (words, expected) in [
        (&[][..], Got::ByRule),
        (&[(Purpose, Agreed)], Got::ByRule),
        (&[(Purpose, Agreed), (Provision, Agreed)], Got::ByRule),
        // Asked again, perhaps after a yes elsewhere.
        (&[(Purpose, Refused)], Got::ByRule),
        (&[(Purpose, Refused), (Provision, Refused), (Purpose, Withdrawn)], Got::ByRule),
        (&[(Purpose, Agreed), (Provision, Refused)], Got::Never),
        // The club needs no sensitive information for it.
        (&[(Purpose, Agreed), (Sensitive, Refused)], Got::ByRule),
        // Withdrawn as a whole: what was never agreed to stays so.
        (&[(Purpose, Agreed), (Provision, Refused), (Purpose, Withdrawn), (Provision, Withdrawn)], Got::Never),
        (&[(Purpose, Agreed), (Provision, Agreed), (Purpose, Withdrawn), (Provision, Withdrawn)], Got::ByRule),
        // They had agreed elsewhere.
        (&[(Purpose, Withdrawn), (Provision, Withdrawn)], Got::ByRule),
        (&[(Purpose, Refused), (Purpose, Agreed)], Got::ByRule),
        (&[(Purpose, Agreed), (Purpose, Refused)], Got::ByRule),
    ] {
        assert_eq!(club(words), expected, "{words:?}");
    }
    let no = said(&map, &[(Purpose, Agreed), (Provision, Refused)]);
    assert_eq!(got(&map, "partner", &no, Noted::InRow), Got::Recorded, "what was written down counts");
    assert_eq!(got(&map, "station", &no, Noted::Nowhere), Got::ByRule, "a contract needs no yes");
    assert!(map.has_never_got(&no, "partner") && !map.has_never_got(&no, "station"));
}

proptest! {
    /// Who has agreed once stays on the list, whatever they say before and after.
    #[test]
    fn a_yes_is_never_forgotten(before in words(), after in words()) {
        let map = map();
        let yes = [(Cover::Purpose, ConsentAnswer::Agreed), (Cover::Provision, ConsentAnswer::Agreed)];
        let all = [before, yes.to_vec(), after].concat();
        prop_assert_eq!(got(&map, "partner", &said(&map, &all), Noted::Nowhere), Got::ByRule);
    }
}

fn words() -> impl Strategy<Value = Vec<(Cover, ConsentAnswer)>> {
    let word = (prop::sample::select(&Cover::ALL[..]), prop::sample::select(&ConsentAnswer::ALL[..]));
    prop::collection::vec(word, 0..6)
}
