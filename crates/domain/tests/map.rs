//! The map as people write it: every mistake has a place and a way out; no input breaks the loader.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod demo;

use demo::{PARTS, files};
use domain::{
    Lang,
    map::{DataMap, Problem, diff::diff, load, restore},
};
use proptest::prelude::*;

fn problems(text: &str) -> Vec<Problem> {
    load(&files(&[text])).unwrap_err()
}

#[test]
fn comments_and_the_order_of_files_do_not_change_the_version() {
    let map = load(&files(&PARTS)).unwrap();
    let mut turned = PARTS;
    turned.reverse();
    assert_eq!(load(&files(&turned)).unwrap().hash, map.hash);
    let commented = PARTS[0].replace("[handler]", "# a remark\n[handler]");
    let mut texts = PARTS;
    texts[0] = &commented;
    assert_eq!(load(&files(&texts)).unwrap().hash, map.hash);
    let longer = PARTS[2].replace("keep = \"15 days\"", "keep = \"16 days\"");
    texts[2] = &longer;
    assert_ne!(load(&files(&texts)).unwrap().hash, map.hash, "a period is content");
}

/// People read their own first: name before number, as whoever wrote the map has it.
#[test]
fn fields_stand_in_the_order_in_which_they_are_written_and_it_changes_no_version() {
    let columns = |map: &DataMap| -> Vec<String> {
        let table = map.tables.iter().find(|table| table.name.table == "customers").unwrap();
        table.fields.iter().map(|field| field.column.to_string()).collect()
    };
    let map = load(&files(&PARTS)).unwrap();
    assert_eq!(columns(&map), ["name", "email", "mobile", "registered_at", "last_login_at"]);
    let email = "email = { of = \"holder\", kind = \"email\" }\n";
    let first = "[table.\"company.customers\".field]\n";
    let turned = PARTS[2].replacen(email, "", 1).replacen(first, &format!("{first}{email}"), 1);
    let mut texts = PARTS;
    texts[2] = &turned;
    let other = load(&files(&texts)).unwrap();
    assert_eq!(columns(&other), ["email", "name", "mobile", "registered_at", "last_login_at"]);
    assert_eq!(other.hash, map.hash, "which is read first promises nothing else");
    let restored = restore(&other.body, &other.sources).unwrap();
    assert_eq!(columns(&restored), columns(&other), "a stored version is shown as it was approved");
    assert_eq!(restored.hash, map.hash);
}

#[test]
fn children_come_before_the_tables_they_point_at() {
    let map = load(&files(&PARTS)).unwrap();
    let place = |name: &str| map.tables.iter().position(|table| table.name.table == name).unwrap();
    assert!(place("tracking_events") < place("waybills"));
    assert!(place("payments") < place("orders"));
    assert!(place("orders") < place("customers"));
    assert_eq!(place("customers"), map.tables.len() - 1, "what identifies a person goes last");
}

#[test]
fn a_translation_that_is_missing_is_an_error() {
    let text = PARTS[0].replace(", en = \"business database\"", "");
    let found = problems(&text);
    assert!(found.iter().any(|problem| problem.wrong.contains("missing field `en`")), "{found:?}");
    assert!(found.iter().any(|problem| problem.instead.contains("add `en`")), "{found:?}");
}

#[test]
fn a_circle_of_paths_is_named() {
    let table = |name: &str, to: &str| {
        format!(
            "[table.\"company.{name}\"]\nname = {{ zh-CN = \"a\", en = \"a\" }}\nkey = [\"id\"]\npurposes = [\"account\"]\n\
             retention = {{ from = \"d\", starts = {{ zh-CN = \"a\", en = \"a\" }}, keep = \"1 years\", then = \"delete\" }}\n\
             role.x = {{ name = {{ zh-CN = \"a\", en = \"a\" }}, through = {{ c = \"company.{to}.x\" }} }}\n\
             field.n = {{ of = \"x\", kind = \"name\" }}\n"
        )
    };
    let circle = table("a", "b") + &table("b", "a");
    let found = load(&files(&[PARTS[0], PARTS[1], &circle])).unwrap_err();
    assert!(
        found.iter().any(|problem| problem.wrong.contains("leads back to itself") && problem.file == "2.toml"),
        "{found:?}"
    );
}

/// A kind of entry that one forgets to take over from a file would be a promise nobody keeps.
#[test]
fn whatever_a_file_says_is_in_the_map() {
    let map = load(&files(&PARTS)).unwrap();
    let whole: serde_json::Value = serde_json::from_str(&map.body).unwrap();
    for part in PARTS {
        for (name, value) in part.parse::<toml::Table>().unwrap() {
            for inner in value.as_table().unwrap().keys() {
                assert!(!whole[&name][inner].is_null(), "{name}.{inner} is missing");
            }
        }
    }
    assert_eq!(map.account.blockers.len(), 2);
}

#[test]
fn what_would_never_be_settled_blocks_nobody() {
    let for_ever = PARTS[2].replace("empty = [\"delivered_at\"]\n", "");
    let found = load(&files(&[PARTS[0], PARTS[1], &for_ever, PARTS[3], PARTS[4]])).unwrap_err();
    assert!(found.iter().any(|problem| problem.wrong.contains("for ever")), "{found:?}");
}

#[test]
fn an_account_and_two_officers_only_as_they_can_be_kept() {
    let with = |from: &str, to: &str| {
        let parts = PARTS.map(|part| part.replace(from, to));
        load(&files(&parts.each_ref().map(String::as_str))).err().unwrap_or_default()
    };
    let two = |kind: &str| with("[account]\n", &format!("[portal]\ntwo_officers = [\"{kind}\"]\n[account]\n"));
    assert_eq!(two("DELETE").len() + two("TRANSFER").len() + two("COPY").len() + two("T3").len(), 0);
    for (found, says) in [
        (two("COMPLAINT"), "unknown variant `COMPLAINT`"),
        (with("cool_off = \"3 days\"", "cool_off = \"1 month\""), "does not end within"),
        (with("of = \"company.orders.buyer\"", "of = \"company.orders.nobody\""), "names no role"),
        (with("of = \"company.customers.holder\"", "of = \"company.customers.nobody\""), "names no role"),
    ] {
        assert!(found.iter().any(|problem| problem.wrong.contains(says)), "{says}: {found:?}");
    }
}

#[test]
fn what_stays_of_a_value_must_be_shared_by_several() {
    let map = |rule: &str| {
        let part = PARTS[3].replace("coarse = { up_to = \"市\" }", rule);
        load(&files(&[PARTS[0], PARTS[1], PARTS[2], &part, PARTS[4]])).err().unwrap_or_default()
    };
    assert_eq!(map("coarse = { up_to = \"市\", at_least = 5 }").len(), 0);
    for (rule, says) in [
        ("coarse = { up_to = \"市\", at_least = 1 }", "points at its person"),
        ("coarse = { up_to = \"\" }", "cuts at nothing"),
        ("coarse = {}", "however many share it"),
    ] {
        let found = map(rule);
        assert!(found.iter().any(|problem| problem.wrong.contains(says)), "{rule}: {found:?}");
    }
}

#[test]
fn a_restriction_is_written_only_where_it_says_something() {
    let map = |from: &str, to: &str| {
        let part = PARTS[2].replacen(from, to, 1);
        load(&files(&[PARTS[0], PARTS[1], &part, PARTS[3], PARTS[4]])).err().unwrap_or_default()
    };
    for (from, to, says) in [
        ("offers = { purpose = \"marketing\"", "offers = { purpose = \"marketting\"", "purpose “marketting”"),
        (
            "of = \"holder\", column = \"offers_stopped\"",
            "of = \"nobody\", column = \"offers_stopped\"",
            "role “nobody”",
        ),
        ("column = \"offers_stopped\"", "column = \"id\"", "part of the key"),
        ("restricted = \"1\", open = \"0\"", "restricted = \"1\", open = \"1\"", "says the same"),
    ] {
        let found = map(from, to);
        assert!(found.iter().any(|problem| problem.wrong.contains(says)), "{says}: {found:?}");
    }
}

#[test]
fn the_same_name_twice_is_told_where() {
    let found = load(&files(&[PARTS[0], PARTS[0]])).unwrap_err();
    assert!(found.iter().any(|problem| problem.wrong.contains("already defined") && problem.line > 1), "{found:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_loader(text in "\\PC{0,300}") {
        if let Err(found) = load(&files(&[&text])) {
            prop_assert!(!found.is_empty());
        }
    }

    /// A real map with a piece cut out, doubled or turned into something else.
    #[test]
    fn a_damaged_map_is_told_with_place_and_way_out(part in 0..5_usize, at in 0..3000_usize, cut in 0..40_usize, with in "[a-z\"={}\\[\\] .\n]{0,6}") {
        let chars: Vec<char> = PARTS[part].chars().collect();
        let at = at % chars.len();
        let end = (at + cut).min(chars.len());
        let damaged: String = chars[..at].iter().collect::<String>() + &with + &chars[end..].iter().collect::<String>();
        let mut texts = PARTS;
        texts[part] = &damaged;
        if let Err(found) = load(&files(&texts)) {
            for problem in found {
                prop_assert!(problem.line >= 1 && !problem.wrong.is_empty() && !problem.instead.is_empty(), "{problem}");
                prop_assert!(!problem.file.is_empty());
            }
        }
    }
}

#[test]
fn what_a_stored_value_means_is_said_of_lists_and_in_both_languages() {
    let map = |rule: &str| {
        let part = PARTS[3].replace("values = { \"已签收\" = { zh-CN = \"已签收\", en = \"Delivered\" }", rule);
        assert_ne!(part, PARTS[3]);
        load(&files(&[PARTS[0], PARTS[1], PARTS[2], &part, PARTS[4]]))
    };
    let good = map("values = { \"3\" = { zh-CN = \"已签收\", en = \"Delivered\" }").unwrap();
    let field =
        good.tables.iter().flat_map(|table| &table.fields).find(|field| field.values.contains_key("3")).unwrap();
    // A column of fixed width is filled up with blanks.
    assert_eq!(field.means("3  ").map(|words| words.en.as_str()), Some("Delivered"));
    assert_eq!(field.means("4"), None, "shown as it is");
    for (rule, says, instead) in [
        ("values = { \"3\" = { zh-CN = \"已签收\" }", "missing field `en`", "add `en`"),
        ("values = { \"3\" = { zh-CN = \"已签收\", en = \"\" }", "one of the languages", "write both"),
        ("values = { \"\" = { zh-CN = \"无\", en = \"None\" }", "what an empty value means", "leave it out"),
    ] {
        let found = map(rule).unwrap_err();
        let problem = found.iter().find(|problem| problem.wrong.contains(says)).unwrap_or_else(|| panic!("{found:?}"));
        assert!(problem.instead.contains(instead), "{problem}");
        let line = PARTS[3].lines().position(|line| line.starts_with("status =")).unwrap() + 1;
        assert_eq!((problem.file.as_str(), problem.line), ("3.toml", line), "{problem}");
    }
    let named = PARTS[3]
        .replace("kind = \"mobile\", name", "kind = \"mobile\", values = { a = { zh-CN = \"a\", en = \"a\" } }, name");
    let found = load(&files(&[PARTS[0], PARTS[1], PARTS[2], &named, PARTS[4]])).unwrap_err();
    assert!(found.iter().any(|problem| problem.wrong.contains("not chosen from a list")), "{found:?}");
}

/// Whoever approves a version reads that from then on one officer is enough.
#[test]
fn what_two_officers_decide_is_among_the_changes_of_a_version() {
    let before = load(&files(&PARTS)).unwrap();
    let part = PARTS[2].replace("[account]\n", "[portal]\nkeep = \"2 years\"\ntwo_officers = []\n[account]\n");
    let after = load(&files(&[PARTS[0], PARTS[1], &part, PARTS[3], PARTS[4]])).unwrap();
    let said = |from, to| diff(from, to).iter().map(|change| change.say(Lang::En)).collect::<Vec<_>>();
    let kept = "How long requests, evidence or copies are kept has changed";
    assert_eq!(said(&before, &after), ["Two officers no longer decide anything together", kept]);
    assert!(said(&after, &before)[0].starts_with("Two officers decide: deletions and closing accounts, copies"));
}
