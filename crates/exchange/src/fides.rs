//! Fides datasets (fideslang 3.1), one for each database of the map.

use std::collections::BTreeMap;

use domain::map::{DataMap, Place, Table, Way};
use serde::{Deserialize, Serialize};

use crate::categories;

/// A manifest: only what a dataset needs of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Manifest {
    #[serde(default)]
    pub dataset: Option<Vec<Dataset>>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Dataset {
    pub fides_key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Kinds Fides has no category of its own for: `{ qingdan: { kinds: { "table.column": "uscc" } } }`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<serde_json::Value>,
    #[serde(default)]
    pub collections: Option<Vec<Collection>>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Collection {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default)]
    pub fields: Option<Vec<Field>>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_categories: Option<Vec<String>>,
    #[serde(default, alias = "fidesops_meta", skip_serializing_if = "Option::is_none")]
    pub fides_meta: Option<Meta>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<Field>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_key: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<Vec<Reference>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub dataset: String,
    /// `collection.field`
    pub field: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum FidesError {
    #[error("larger than {0} bytes")]
    TooLarge(usize),
    #[error("not a Fides manifest: {0}")]
    NotAManifest(String),
    #[error("holds no dataset")]
    Empty,
    #[error("could not be written: {0}")]
    NotWritten(String),
}

/// A manifest of some hundred kilobytes is a large one.
const LARGEST: usize = 2 << 20;

/// The datasets of a manifest.
///
/// # Errors
/// Anything that is none, told without quoting it.
pub fn parse(text: &str) -> Result<Vec<Dataset>, FidesError> {
    if text.len() > LARGEST {
        return Err(FidesError::TooLarge(LARGEST));
    }
    // Bounded: an alias can stand for a thousand others.
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_depth: 32, max_nodes: 100_000, max_events: 250_000, max_documents: 1, max_aliases: 100, max_anchors: 100 },
        with_snippet: false,
    };
    let manifest: Manifest = serde_saphyr::from_str_with_options(text, options)
        .map_err(|error| FidesError::NotAManifest(error.to_string()))?;
    let datasets = manifest.dataset.unwrap_or_default();
    if datasets.is_empty() { Err(FidesError::Empty) } else { Ok(datasets) }
}

/// The map as a manifest.
///
/// # Errors
/// What the writer refuses.
pub fn export(map: &DataMap) -> Result<String, FidesError> {
    let datasets = map.sources.iter().map(|(name, source)| {
        let tables: Vec<&Table> = map.tables.iter().filter(|table| table.name.source == *name).collect();
        let kinds: BTreeMap<String, &domain::map::Kind> = tables
            .iter()
            .flat_map(|table| {
                table.fields.iter().map(|field| (format!("{}.{}", collection(table), field.column), &field.kind))
            })
            .collect();
        Dataset {
            fides_key: key(name.as_str()),
            name: Some(source.name.zh.clone()),
            description: Some(source.name.en.clone()),
            meta: Some(serde_json::json!({ "qingdan": { "map": map.hash, "kinds": kinds } })),
            collections: Some(tables.into_iter().map(table_of).collect()),
        }
    });
    let manifest = Manifest { dataset: Some(datasets.collect()) };
    serde_saphyr::to_string(&manifest).map_err(|error| FidesError::NotWritten(error.to_string()))
}

fn collection(table: &Table) -> String {
    match &table.name.schema {
        Some(schema) => format!("{schema}.{}", table.name.table),
        None => table.name.table.clone(),
    }
}

fn table_of(table: &Table) -> Collection {
    let mut fields: BTreeMap<String, Field> = BTreeMap::new();
    let plain = |name: &str| Field { name: name.to_owned(), ..Field::default() };
    for column in &table.key {
        let field = fields.entry(column.0.clone()).or_insert_with(|| plain(column.as_str()));
        field.fides_meta.get_or_insert_default().primary_key = Some(true);
    }
    for field in &table.fields {
        let written = fields.entry(field.column.0.clone()).or_insert_with(|| plain(field.column.as_str()));
        written.description = Some(field.words.zh.clone());
        written.data_categories = Some(vec![categories::fides(field.kind).to_owned()]);
    }
    for way in table.roles.iter().flat_map(|role| &role.ways) {
        match way {
            Way::Identified { by, place: Place::Column(column), .. } => {
                let field = fields.entry(column.0.clone()).or_insert_with(|| plain(column.as_str()));
                let identity = match by {
                    domain::IdentifierKind::Email => "email",
                    domain::IdentifierKind::Mobile => "phone_number",
                };
                field.fides_meta.get_or_insert_default().identity = Some(identity.to_owned());
            }
            Way::Identified { place: Place::Json { .. }, .. } => {}
            Way::Through(path) => {
                for (own, other) in path.columns.iter().zip(&path.on) {
                    let field = fields.entry(own.0.clone()).or_insert_with(|| plain(own.as_str()));
                    let reference = Reference {
                        dataset: key(path.parent.source.as_str()),
                        field: format!("{}.{other}", path.parent.table),
                        direction: Some("from".to_owned()),
                    };
                    let references = field.fides_meta.get_or_insert_default().references.get_or_insert_default();
                    if !references.contains(&reference) {
                        references.push(reference);
                    }
                }
            }
        }
    }
    Collection {
        name: collection(table),
        description: Some(table.words.zh.clone()),
        fields: Some(fields.into_values().collect()),
    }
}

/// Fides' keys are ASCII.
fn key(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || "_-".contains(c) { c } else { '_' }).collect()
}
