//! What people do on the pages other software does at the API: each page has its twin there, or a reason why not.

use std::collections::BTreeSet;

use super::World;
use crate::http::{Demo, routes};

/// What other software has instead of a page.
enum Twin {
    /// The operations that do, or show, the same.
    Done(&'static [&'static str]),
    /// Nothing, and why.
    Not(&'static str),
}

use Twin::{Done, Not};

const BY_KEY: Twin = Not("a program shows its key, and has no session");
const ADDRESS: Twin = Not("whoever holds the address is the one it is for; no key is needed");
const TYPED: Twin = Not("a form to be filled in, or shown once more with what was typed");
const PERSON: Twin = Not("a person looks, where two persons are needed or evidence shows who somebody is");
const ADMINISTRATION: Twin = Not("looks after the portal itself: neither a customer's nor an officer's");
const PUBLISHED: Twin = Not("published for everybody, without a key");
const ISLAND: Twin = Not("one word for a page that waits; the whole is a twin of its own");

/// Every route of a page, by method and path.
const TWINS: &[(&str, Twin)] = &[
    ("GET /", PUBLISHED),
    ("GET /policy", Done(&["GET /policy/versions/{hash}"])),
    ("GET /policy/versions", Done(&["GET /policy/versions"])),
    ("GET /policy/rules", PUBLISHED),
    ("GET /policy/minors", PUBLISHED),
    ("GET /policy.pdf", PUBLISHED),
    ("GET /policy/v/{hash}", Done(&["GET /policy/versions/{hash}"])),
    ("GET /policy/v/{hash}/changes", Done(&["GET /policy/versions/{hash}"])),
    ("GET /verify", PUBLISHED),
    ("POST /verify", PUBLISHED),
    ("GET /verify/{file}", PUBLISHED),
    ("GET /preferences", BY_KEY),
    ("GET /sign-in", BY_KEY),
    ("POST /sign-in", BY_KEY),
    ("GET /sign-in/parcel", BY_KEY),
    ("POST /sign-in/parcel", BY_KEY),
    ("GET /sign-in/code", BY_KEY),
    ("POST /sign-in/code", BY_KEY),
    ("POST /sign-out", BY_KEY),
    ("GET /sign-in/with/{provider}", BY_KEY),
    ("GET /sign-in/with/{provider}/back", BY_KEY),
    ("GET /arrive/{secret}", BY_KEY),
    ("POST /arrive/{secret}", BY_KEY),
    ("GET /confirm", BY_KEY),
    ("POST /confirm", BY_KEY),
    ("GET /mine", Done(&["POST /subjects/records"])),
    ("GET /mine/full", Done(&["POST /subjects/records"])),
    ("GET /mine/lists", Done(&["POST /subjects/records", "POST /subjects/consents"])),
    ("GET /mine/looks", Done(&["POST /subjects/looks"])),
    ("GET /mine/consent", Done(&["POST /subjects/consents", "POST /subjects/consents/history", "POST /subjects/uses"])),
    ("POST /mine/consent", Done(&["POST /subjects/consents/given", "POST /subjects/consents/refused"])),
    ("POST /mine/consent/give", Done(&["POST /subjects/consents/given"])),
    ("POST /mine/consent/withdraw", Done(&["POST /subjects/requests"])),
    ("GET /mine/copy", Done(&["POST /subjects/copies/list"])),
    ("POST /mine/copy.zip", Done(&["POST /subjects/copy"])),
    ("POST /mine/copy/prepare", Done(&["POST /subjects/copies"])),
    ("GET /mine/copy/{id}", Done(&["POST /subjects/copies/{id}"])),
    ("GET /mine/copy/{id}/progress", ISLAND),
    ("POST /mine/copy/{id}/download", Done(&["POST /subjects/copies/{id}/download"])),
    ("POST /mine/copy/{id}/remove", Done(&["POST /subjects/copies/{id}/remove"])),
    ("GET /mine/cancel-account", Done(&["POST /subjects/closing-preview"])),
    ("POST /mine/cancel-account", Done(&["POST /subjects/requests"])),
    ("GET /rights", PUBLISHED),
    ("GET /rights/for-another", TYPED),
    ("POST /rights/for-another", Done(&["POST /subjects/for-another"])),
    ("GET /rights/{kind}", Done(&["POST /subjects/uses"])),
    ("POST /rights/{kind}", Done(&["POST /subjects/requests"])),
    ("GET /mine/delete", Done(&["POST /subjects/deletion-preview"])),
    ("POST /mine/delete", Done(&["POST /subjects/requests"])),
    ("GET /mine/correct/{token}/{column}", Done(&["POST /subjects/records"])),
    ("POST /mine/correct/{token}/{column}", Done(&["POST /subjects/corrections"])),
    ("GET /requests", Done(&["POST /subjects/requests/list"])),
    ("GET /requests/{number}", Done(&["POST /subjects/requests/{number}"])),
    ("GET /requests/{number}/stage", ISLAND),
    ("POST /requests/{number}/cancel", Done(&["POST /subjects/requests/{number}/cancel"])),
    ("POST /requests/{number}/stop", Done(&["POST /subjects/requests/{number}/stop"])),
    ("POST /requests/{number}/answer", Done(&["POST /subjects/requests/{number}/answer"])),
    ("POST /requests/{number}/transfer", Done(&["POST /subjects/requests/{number}/transfer"])),
    ("GET /transfer/{secret}", ADDRESS),
    ("POST /transfer/{secret}", ADDRESS),
    ("POST /requests/{number}/copy", Done(&["POST /subjects/requests/{number}/copy"])),
    ("POST /requests/{number}/prepare", Done(&["POST /subjects/requests/{number}/prepare"])),
    ("GET /requests/{number}/files/{id}", Done(&["POST /subjects/requests/{number}/files/{file}"])),
    ("GET /tasks/{link}", ADDRESS),
    ("POST /tasks/{link}", ADDRESS),
    ("POST /tasks/{link}/show", ADDRESS),
    ("GET /recipients/{link}", ADDRESS),
    ("POST /recipients/{link}", ADDRESS),
    ("POST /recipients/{link}/show", ADDRESS),
    ("GET /officer/sign-in", BY_KEY),
    ("POST /officer/sign-in", BY_KEY),
    ("GET /officer/second-factor", BY_KEY),
    ("POST /officer/second-factor", BY_KEY),
    ("GET /officer/enrol", BY_KEY),
    ("POST /officer/enrol", BY_KEY),
    ("POST /officer/sign-out", BY_KEY),
    ("GET /officer/password", BY_KEY),
    ("POST /officer/password", BY_KEY),
    ("GET /officer", Done(&["GET /requests"])),
    ("POST /officer/views", Not("an officer's own list of what they look for; a program keeps its own")),
    ("POST /officer/views/{id}/remove", Not("an officer's own list of what they look for")),
    ("POST /officer/bulk/preview", Done(&["POST /requests/bulk/preview"])),
    ("POST /officer/bulk", Done(&["POST /requests/bulk"])),
    ("GET /officer/find", TYPED),
    ("POST /officer/find", Done(&["POST /requests/search"])),
    ("GET /officer/requests/{number}", Done(&["GET /requests/{number}"])),
    ("GET /officer/new", TYPED),
    ("POST /officer/new", Done(&["POST /requests"])),
    ("POST /officer/requests/{number}/people", Done(&["POST /requests/{number}/people"])),
    ("POST /officer/requests/{number}/confirm", PERSON),
    ("GET /officer/requests/{number}/files/{id}", Done(&["GET /requests/{number}/files/{file}"])),
    ("POST /officer/requests/{number}/merge", Done(&["POST /requests/{number}/merge"])),
    ("POST /officer/requests/{number}/take", Done(&["POST /requests/{number}/take"])),
    ("POST /officer/requests/{number}/give-back", Done(&["POST /requests/{number}/give-back"])),
    ("POST /officer/requests/{number}/pass-on", Done(&["POST /requests/{number}/pass-on", "GET /officers"])),
    ("POST /officer/requests/{number}/note", Done(&["POST /requests/{number}/notes"])),
    ("POST /officer/requests/{number}/tell", Done(&["POST /requests/{number}/recipients/{recipient}/tell"])),
    ("POST /officer/requests/{number}/told", Done(&["POST /requests/{number}/recipients/{recipient}/told"])),
    ("POST /officer/requests/{number}/approve/check", Done(&["POST /requests/{number}/approve/check"])),
    ("POST /officer/requests/{number}/approve", Done(&["POST /requests/{number}/approve"])),
    ("POST /officer/requests/{number}/agree", PERSON),
    ("POST /officer/requests/{number}/refuse/check", TYPED),
    ("POST /officer/requests/{number}/refuse", Done(&["POST /requests/{number}/refuse"])),
    ("POST /officer/requests/{number}/change", TYPED),
    ("POST /officer/requests/{number}/settle", Done(&["POST /requests/{number}/settle"])),
    ("POST /officer/requests/{number}/ask", Done(&["POST /requests/{number}/ask"])),
    ("POST /officer/requests/{number}/plan", Done(&["POST /requests/{number}/plan"])),
    ("GET /officer/requests/{number}/correct", Done(&["GET /requests/{number}/records"])),
    ("POST /officer/requests/{number}/correct", Done(&["POST /requests/{number}/records"])),
    ("GET /officer/requests/{number}/leave-out", Done(&["GET /requests/{number}/left-out"])),
    ("POST /officer/requests/{number}/leave-out", Done(&["POST /requests/{number}/left-out"])),
    (
        "POST /officer/requests/{number}/reveal",
        Done(&["POST /requests/{number}/values", "POST /requests/{number}/changes"]),
    ),
    ("POST /officer/requests/{number}/rescan", Done(&["POST /requests/{number}/rescan"])),
    ("GET /officer/requests/{number}/locked", Done(&["GET /requests/{number}/locked"])),
    ("POST /officer/requests/{number}/locked/ask", PERSON),
    ("POST /officer/requests/{number}/locked/grant", PERSON),
    ("POST /officer/requests/{number}/locked/show", PERSON),
    ("GET /officer/policy", Done(&["GET /policy/open"])),
    ("GET /officer/policy/{hash}", Done(&["GET /policy/open"])),
    ("POST /officer/policy/{hash}/approve", PERSON),
    ("POST /officer/policy/{hash}/withdraw", PERSON),
    ("GET /officer/differences", Done(&["GET /drift"])),
    ("GET /officer/connections", ADMINISTRATION),
    ("POST /officer/connections", ADMINISTRATION),
    ("POST /officer/connections/{id}/remove", ADMINISTRATION),
    ("POST /officer/connections/messages/{id}/again", ADMINISTRATION),
    ("GET /officer/nights", Done(&["GET /nights", "GET /nights/waiting"])),
    ("GET /officer/holds", Done(&["GET /holds"])),
    ("GET /officer/holds/new", TYPED),
    ("POST /officer/holds/new", Done(&["POST /holds"])),
    ("GET /officer/holds/{id}", Done(&["GET /holds/{hold}"])),
    ("POST /officer/holds/{id}/review", Done(&["POST /holds/{hold}/review"])),
    ("POST /officer/holds/{id}/lift", Done(&["POST /holds/{hold}/lift"])),
    ("GET /officer/nights/progress", ISLAND),
    ("GET /officer/requests/{number}/progress", ISLAND),
    ("GET /officer/nights/{file}", Done(&["GET /nights/{night}"])),
    ("GET /officer/register", Done(&["GET /register/{month}"])),
    ("GET /officer/register/{file}", Done(&["GET /register/{month}"])),
    ("GET /officer/statistics", Done(&["GET /statistics/{year}"])),
    ("GET /officer/statistics/{file}", Done(&["GET /statistics/{year}"])),
    ("GET /officer/simulate", Done(&["GET /nights/simulation"])),
    ("GET /officer/accounts", ADMINISTRATION),
    ("POST /officer/accounts", ADMINISTRATION),
    ("POST /officer/accounts/close", ADMINISTRATION),
    ("POST /officer/accounts/renew", ADMINISTRATION),
    ("GET /officer/programs", ADMINISTRATION),
    ("POST /officer/programs", ADMINISTRATION),
    ("POST /officer/programs/remove", ADMINISTRATION),
    ("GET /officer/nights/release", Done(&["GET /nights/waiting"])),
    ("POST /officer/nights/release", PERSON),
    ("GET /officer/audit", Not("the auditor's, who watches the programs too")),
    ("GET /officer/audit.csv", Not("the auditor's, who watches the programs too")),
];

/// Operations that stand for no page.
const API_ONLY: &[(&str, &str)] =
    &[("POST /subjects/hand-over", "brings a person from a program to the pages, signed in")];

async fn described(world: &World) -> BTreeSet<String> {
    let document = world.program(&[]).await.get("/openapi.json").await.json;
    let paths = document["paths"].as_object().unwrap();
    let operation = |(path, of): (&String, &serde_json::Value)| {
        let path = path.strip_prefix("/api/v1").unwrap().to_owned();
        let methods: Vec<String> = of.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
        methods.into_iter().map(move |method| format!("{method} {path}")).collect::<Vec<_>>()
    };
    paths.iter().flat_map(operation).collect()
}

#[tokio::test]
async fn every_route_has_a_twin_or_a_reason() {
    let world = World::new().await;
    let described = described(&world).await;
    let name = |route: &routes::Route| format!("{} {}", route.method, route.path);
    let pages: BTreeSet<String> = routes::routes(&Demo::No).iter().map(name).collect();
    let known: BTreeSet<String> = TWINS.iter().map(|(page, _)| (*page).to_owned()).collect();
    assert_eq!(known.len(), TWINS.len(), "each page once");
    let neither: Vec<_> = pages.difference(&known).collect();
    assert!(neither.is_empty(), "pages with neither a twin nor a reason: {neither:#?}");
    let gone: Vec<_> = known.difference(&pages).collect();
    assert!(gone.is_empty(), "pages that are no more: {gone:#?}");

    let twins = TWINS.iter().flat_map(|(_, twin)| match twin {
        Done(twins) => *twins,
        Not(why) => {
            assert!(!why.is_empty());
            &[]
        }
    });
    let alone = API_ONLY.iter().map(|(operation, why)| {
        assert!(!why.is_empty());
        operation
    });
    let named: BTreeSet<String> = twins.chain(alone).map(|operation| (*operation).to_owned()).collect();
    let missing: Vec<_> = named.difference(&described).collect();
    assert!(missing.is_empty(), "named here, and not in the document the product serves: {missing:#?}");
    let nobodys: Vec<_> = described.difference(&named).collect();
    assert!(nobodys.is_empty(), "operations that are nobody's twin: {nobodys:#?}");
}
