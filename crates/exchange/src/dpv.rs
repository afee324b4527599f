//! The map as JSON-LD in the W3C Data Privacy Vocabulary 2: one process a purpose.

use domain::map::{Basis, DataMap, Disposal, RecipientAs, Sensitivity, Table};
use serde_json::{Value, json};

use crate::categories;

pub fn export(map: &DataMap, base: &str) -> Value {
    let mut graph = vec![record(map), controller(map)];
    graph.extend(map.purposes.keys().map(|id| process(map, id)));
    graph.extend(map.recipients.iter().map(|(id, recipient)| {
        let kind = match recipient.role {
            RecipientAs::Processor => json!("dpv:DataProcessor"),
            RecipientAs::Handler => json!(["dpv:ThirdParty", "dpv:Recipient"]),
        };
        let country = recipient.country.as_deref().unwrap_or("CN");
        json!({
            "@id": format!("map:recipient-{id}"), "@type": kind, "dpv:hasName": both(&recipient.name),
            "dpv:hasContact": recipient.contact, "dpv:hasCountry": { "@id": format!("loc:{country}") },
        })
    }));
    json!({
        "@context": {
            "dpv": "https://w3id.org/dpv#", "pd": "https://w3id.org/dpv/pd#", "loc": "https://w3id.org/dpv/loc#",
            "dct": "http://purl.org/dc/terms/", "skos": "http://www.w3.org/2004/02/skos/core#",
            "xsd": "http://www.w3.org/2001/XMLSchema#", "map": format!("{base}#"),
        },
        "@graph": graph,
    })
}

fn both(words: &domain::Words) -> Value {
    json!([{ "@value": words.zh, "@language": "zh-CN" }, { "@value": words.en, "@language": "en" }])
}

fn record(map: &DataMap) -> Value {
    let processes: Vec<Value> = map.purposes.keys().map(|id| json!({ "@id": format!("map:purpose-{id}") })).collect();
    json!({
        "@id": "map:record", "@type": "dpv:ROPA", "dct:identifier": map.hash,
        "dct:issued": { "@value": map.handler.effective, "@type": "xsd:date" },
        "dpv:hasDataController": { "@id": "map:handler" }, "dpv:hasProcess": processes,
    })
}

fn controller(map: &DataMap) -> Value {
    let (handler, officer) = (&map.handler, &map.handler.officer);
    json!({
        "@id": "map:handler", "@type": "dpv:DataController", "dpv:hasName": both(&handler.name),
        "dpv:hasAddress": both(&handler.address), "dpv:hasContact": officer.email,
        "dpv:hasDataProtectionOfficer": {
            "@id": "map:officer", "@type": "dpv:DataProtectionOfficer", "dpv:hasName": both(&officer.name),
            "dpv:hasContact": officer.email,
        },
    })
}

/// PIPL art. 13. Where the vocabulary has no such ground, one of our own under `dpv:LegalBasis`.
fn basis(basis: Basis) -> Value {
    let own = |id: &str, words: (&str, &str)| json!({ "@id": format!("map:{id}"), "@type": "dpv:LegalBasis", "skos:prefLabel": both(&domain::Words::new(words.0, words.1)) });
    match basis {
        Basis::Consent => json!({ "@id": "dpv:Consent" }),
        Basis::Contract => json!({ "@id": "dpv:ContractPerformance" }),
        Basis::LegalDuty => json!({ "@id": "dpv:LegalObligation" }),
        Basis::Emergency => json!({ "@id": "dpv:VitalInterest" }),
        Basis::News => json!({ "@id": "dpv:PublicInterest" }),
        Basis::PublicData => own("basis-public-data", ("处理已公开的个人信息", "lawfully public information")),
        Basis::OtherLaw => own("basis-other-law", ("法律、行政法规规定的其他情形", "other law")),
    }
}

fn process(map: &DataMap, id: &str) -> Value {
    let tables: Vec<&Table> = map.tables.iter().filter(|table| table.purposes.iter().any(|p| p == id)).collect();
    let purpose = map.purposes.get(id);
    let data: Vec<Value> = tables
        .iter()
        .flat_map(|table| table.fields.iter().map(move |field| (table, field)))
        .filter_map(|(table, field)| {
            let class = categories::dpv(field.kind)?;
            let kind = match field.sensitivity {
                Sensitivity::Sensitive => "dpv:SensitivePersonalData",
                Sensitivity::General => "dpv:PersonalData",
            };
            Some(json!({
                "@id": format!("map:{}.{}", table.name, field.column), "@type": kind, "skos:broader": { "@id": class },
                "skos:prefLabel": both(&field.words),
            }))
        })
        .collect();
    let storage: Vec<Value> = tables
        .iter()
        .map(|table| {
            let then = match table.retention.then {
                Disposal::Delete => "dpv:Erase",
                Disposal::Anonymise => "dpv:Anonymise",
            };
            let place = map.sources.get(&table.name.source).map(|source| both(&source.stored_in));
            json!({
                "@id": format!("map:storage-{}", table.name), "@type": "dpv:StorageDuration",
                "dct:description": both(&table.retention.starts), "dpv:hasLocation": place,
                "dpv:hasDuration": { "@value": table.retention.effective().iso(), "@type": "xsd:duration" },
                "dpv:hasProcessing": { "@id": then },
            })
        })
        .collect();
    let recipients: Vec<Value> = map
        .recipients
        .iter()
        .filter(|(_, recipient)| recipient.purposes.iter().any(|p| p == id))
        .map(|(id, _)| json!({ "@id": format!("map:recipient-{id}") }))
        .collect();
    json!({
        "@id": format!("map:purpose-{id}"), "@type": "dpv:PersonalDataProcess",
        "dct:title": purpose.map(|purpose| both(&purpose.name)), "dct:description": purpose.map(|purpose| both(&purpose.why)),
        "dpv:hasDataController": { "@id": "map:handler" },
        "dpv:hasLegalBasis": purpose.map(|purpose| basis(purpose.basis)),
        "dpv:hasDataSubject": { "@id": "dpv:Customer" },
        "dpv:hasPersonalData": data, "dpv:hasStorageCondition": storage, "dpv:hasRecipient": recipients,
    })
}
