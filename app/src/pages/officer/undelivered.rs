//! Messages about a request that could not be delivered: somebody has to be told another way.

use domain::request::{Addressee, Happened};
use leptos::prelude::*;
use service::requests::Followed;

use crate::{components::notice, format, text::Text};

pub(super) fn undelivered(t: Text, followed: &Followed) -> Vec<AnyView> {
    let failed = followed.events.iter().filter(|event| event.what == Happened::NotDelivered);
    failed
        .filter_map(|event| {
            let moment = format::moment(t.lang(), event.at);
            let (title, what) = match Addressee::of(&event.data)? {
                Addressee::Person => (t.case_undelivered_person(moment), t.case_undelivered_person_what()),
                Addressee::Recipient => (t.case_undelivered_recipient(moment), t.case_undelivered_other_what()),
                Addressee::Owner => (t.case_undelivered_owner(moment), t.case_undelivered_other_what()),
            };
            Some(notice(title, view! { <p>{what}</p> }))
        })
        .collect()
}
