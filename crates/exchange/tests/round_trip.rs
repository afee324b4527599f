//! The demonstration's map, in and out of other formats.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;

use domain::{
    Lang,
    map::{DataMap, Kind, MapFile, load, load_dir},
};
use exchange::{dpv, fides, import, ropa};
use proptest::prelude::*;

fn demo() -> DataMap {
    load_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../server/src/demo/map")).unwrap()
}

#[test]
fn a_map_goes_out_as_a_fides_dataset_and_comes_back_as_a_draft_that_loads() {
    let map = demo();
    let yaml = fides::export(&map).unwrap();
    assert!(yaml.contains("identity: phone_number") && yaml.contains("user.contact.email"), "{yaml}");
    let datasets = fides::parse(&yaml).unwrap();
    let text = import::draft(&datasets);
    let draft =
        load(&[MapFile { name: "draft.toml".into(), text: text.clone() }]).unwrap_or_else(|e| panic!("{e:?}\n{text}"));
    // Every table a path of one step leads from, with the kinds as they were.
    let invoices = draft.tables.iter().find(|table| table.name.table == "invoices").unwrap();
    assert!(invoices.fields.iter().any(|field| field.kind == Kind::Uscc), "kinds Fides has no category for survive");
    assert!(draft.tables.len() >= 6, "{}", draft.tables.len());
}

#[test]
fn a_dataset_of_somebody_elses_is_drafted() {
    let yaml = "dataset:\n- fides_key: shop\n  name: null\n  collections:\n  - name: customer\n    fields:\n    - name: id\n      fides_meta: {primary_key: True}\n    - name: email\n      data_categories: [user.contact.email]\n      fidesops_meta: {identity: email, data_type: string}\n    - name: created\n      data_categories: [system.operations]\n  - name: orders\n    fields:\n    - name: id\n      fides_meta: {primary_key: true}\n    - name: customer_id\n      fides_meta:\n        references: [{dataset: shop, field: customer.id, direction: from}]\n    - name: address\n      data_categories: [user.contact.address.street]\n";
    let draft = import::draft(&fides::parse(yaml).unwrap());
    let map = load(&[MapFile { name: "draft.toml".into(), text: draft.clone() }])
        .unwrap_or_else(|e| panic!("{e:?}\n{draft}"));
    assert_eq!(map.tables.len(), 2);
    assert_eq!(map.tables[0].fields[0].kind, Kind::Address);
}

#[test]
fn the_record_of_processing_activities_is_whole_and_harmless() {
    let map = demo();
    for lang in Lang::ALL {
        let rows = ropa::rows(&map, lang);
        assert!(rows.len() > map.tables.len());
        assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    }
    let csv = String::from_utf8(ropa::csv(&map, Lang::Zh).unwrap()).unwrap();
    assert!(
        csv.starts_with('\u{feff}') && csv.contains("会计档案管理办法") && !csv.contains(",=") && !csv.contains("\n-")
    );
    assert!(ropa::xlsx(&map, Lang::En).unwrap().starts_with(b"PK"));
}

#[test]
fn the_vocabulary_names_every_purpose_recipient_and_period() {
    let map = demo();
    let text = dpv::export(&map, "https://privacy.example.com/map").to_string();
    for part in [
        "dpv:ROPA",
        "map:purpose-delivery",
        "map:recipient-overseas",
        "loc:SG",
        "pd:PaymentCardNumber",
        "P3Y",
        "dpv:LegalObligation",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_file_panics(text in "[-\\PC \n:\\[\\]{}&*!|>]{0,200}") {
        let _ = fides::parse(&text);
        let _ = fides::parse(&format!("dataset:\n- fides_key: x\n  collections:\n  - name: {text}\n"));
    }
}
