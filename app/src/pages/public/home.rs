use domain::map::DataMap;
use leptos::prelude::*;

use crate::{page::Page, paths, text::Text};

/// What this place is for, in three doors.
pub fn home(t: Text, map: &DataMap) -> Page {
    let handler = map.handler.name.in_lang(t.lang()).to_owned();
    let body = view! {
        <h1>{t.home_title()}</h1>
        <p class="lead">{t.home_lead(handler)}</p>
        <ul class="doors">
            <li>
                <a class="door" href=paths::SIGN_IN>
                    <strong>{t.home_account()}</strong><span>{t.home_account_means()}</span>
                </a>
            </li>
            <li>
                <a class="door" href=paths::SIGN_IN_PARCEL>
                    <strong>{t.home_parcel()}</strong><span>{t.home_parcel_means()}</span>
                </a>
            </li>
            <li>
                <a class="door" href=paths::POLICY>
                    <strong>{t.home_policy()}</strong><span>{t.home_policy_means()}</span>
                </a>
            </li>
        </ul>
        <h2>{t.home_rights()}</h2>
        <ul>
            <li>{t.home_right_see()}</li>
            <li>{t.home_right_correct()}</li>
            <li>{t.home_right_delete()}</li>
        </ul>
        <p>{t.home_free()} " " <a href=paths::RIGHTS>{t.home_all_rights()}</a></p>
    };
    Page::new(t.home_title(), body)
}
