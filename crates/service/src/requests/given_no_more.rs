//! To whom nothing of somebody's is given any more on their word: they stay on the person's list.

use std::collections::BTreeMap;

use domain::{
    china,
    consent::Cover,
    map::{
        DataMap,
        written::{Recipient, RecipientAs},
    },
    said::{ConsentAnswer, Said},
};
use jiff::{Timestamp, civil::Date};

use super::Consent;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoMore {
    /// They have said so, and it is being carried out.
    Stopping,
    /// Their last word.
    Since(Date),
}

/// By the recipients' ids. Who gets something for another purpose too is none of them, nor who never got anything.
pub fn given_no_more<'a>(map: &'a DataMap, consents: &[Consent], said: &[Said]) -> BTreeMap<&'a str, NoMore> {
    let may_have_got = map.recipients.iter().filter(|(id, _)| !map.has_never_got(said, id));
    may_have_got.filter_map(|(id, recipient)| Some((id.as_str(), no_more(recipient, consents)?))).collect()
}

fn no_more(recipient: &Recipient, consents: &[Consent]) -> Option<NoMore> {
    let of = |purpose: &String| consents.iter().find(|consent| consent.purpose == *purpose);
    let resting: Vec<&Consent> = recipient.purposes.iter().map(of).collect::<Option<_>>()?;
    let words: Vec<Timestamp> = resting.iter().map(|consent| stopped(consent, recipient)).collect::<Option<_>>()?;
    let last = words.into_iter().max()?;
    let under_way = resting.iter().any(|consent| consent.open.is_some() || !consent.stopping.is_empty());
    Some(if under_way { NoMore::Stopping } else { NoMore::Since(china::day(last)) })
}

/// When they said no to the purpose, or to its being given to others, or abroad.
fn stopped(consent: &Consent, recipient: &Recipient) -> Option<Timestamp> {
    let no = |said: &Said| (said.answer != ConsentAnswer::Agreed).then_some(said.at);
    let needed = |cover: Cover| match cover {
        Cover::Provision => recipient.role == RecipientAs::Handler,
        Cover::Abroad => recipient.is_abroad(),
        Cover::Purpose | Cover::Sensitive => false,
    };
    let of_parts =
        || consent.separate.iter().filter(|(cover, _)| needed(*cover)).find_map(|(_, said)| no(said.as_ref()?));
    consent.last.as_ref().and_then(no).or_else(of_parts)
}
