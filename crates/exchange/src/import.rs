//! A Fides dataset as the draft of a map: what it says is taken over, what the law asks for beyond that is
//! marked for somebody to decide.

use std::fmt::Write;

use domain::map::{
    Kind,
    draft::{HANDLER, PURPOSE, quoted},
};

use crate::{
    categories,
    fides::{Collection, Dataset, Field},
};

const HEAD: &str = r#"# A draft made from a Fides dataset. Fides knows no purposes by table, no periods with their statutes and no
# words for customers: lines marked "?" are yours to decide. Then: qingdan map check

"#;

/// The draft of a map. It loads as it is.
pub fn draft(datasets: &[Dataset]) -> String {
    let mut out = format!("{HEAD}{HANDLER}\n[identifier.email]\n[identifier.mobile]\n\n{PURPOSE}");
    for dataset in datasets {
        let (name, variable) = (name_of(&dataset.fides_key), name_of(&dataset.fides_key).to_uppercase());
        let words = dataset.name.clone().unwrap_or_else(|| name.clone());
        let _ = writeln!(
            out,
            "\n[source.{name}]\nname = {{ zh-CN = {}, en = {} }}\nengine = \"postgres\"    # ?\nurl_env = \"{variable}_URL\"\nstored_in = {{ zh-CN = \"中国境内\", en = \"mainland China\" }}    # ?",
            quoted(&words),
            quoted(&words)
        );
        for collection in dataset.collections.iter().flatten() {
            table(&mut out, datasets, dataset, collection);
        }
    }
    out
}

fn table(out: &mut String, datasets: &[Dataset], dataset: &Dataset, collection: &Collection) {
    let fields: Vec<&Field> = collection.fields.iter().flatten().collect();
    let full = format!("{}.{}", name_of(&dataset.fides_key), collection.name);
    let key: Vec<String> = fields
        .iter()
        .filter(|field| field.fides_meta.as_ref().is_some_and(|meta| meta.primary_key == Some(true)))
        .map(|field| quoted(&field.name))
        .collect();
    let ways = ways(datasets, &fields);
    let (Some(first), false, false) = (fields.first(), key.is_empty(), ways.is_empty()) else {
        let _ = writeln!(
            out,
            "\n# ? {full}: no primary key, or nothing that leads to a person. Add both by hand if it is about people."
        );
        return;
    };
    let words = collection.description.clone().unwrap_or_else(|| collection.name.clone());
    let _ = writeln!(
        out,
        "\n[table.{}]\nname = {{ zh-CN = {}, en = {} }}    # ?\nkey = [{}]\npurposes = [\"service\"]    # ?\n\
         retention = {{ from = {}, starts = {{ zh-CN = \"（起算事件）\", en = \"(what happens on that day)\" }}, keep = \"30 years\", then = \"anonymise\" }}    # ? column and period, long until you have decided",
        quoted(&full),
        quoted(&words),
        quoted(&words),
        key.join(", "),
        quoted(&first.name)
    );
    for (n, ways) in ways.iter().enumerate() {
        // A second identity of one kind is another person's.
        let name = if n == 0 { "holder".to_owned() } else { format!("other{n}") };
        let _ = writeln!(out, "role.{name} = {{ name = {{ zh-CN = \"本人\", en = \"yours\" }}, {ways} }}    # ?");
    }
    let mut lines = String::new();
    let mut personal = false;
    for field in &fields {
        personal |= line(&mut lines, dataset, collection, field, &key);
    }
    // Without anything to empty the draft deletes.
    if personal {
        out.push_str(&lines);
        return;
    }
    let not_key = fields.iter().find(|field| !key.contains(&quoted(&field.name)));
    if let Some(field) = not_key {
        let name = quoted(&field.name);
        let _ =
            writeln!(out, "field.{name} = {{ of = \"holder\", kind = \"text\" }}    # ? nothing personal was named");
    }
}

/// How a person is found, as Fides says it: identities in the row, or references to a collection that has one.
fn ways(datasets: &[Dataset], fields: &[&Field]) -> Vec<String> {
    let (mut emails, mut mobiles, mut through) = (Vec::new(), Vec::new(), Vec::new());
    for field in fields {
        let Some(meta) = &field.fides_meta else { continue };
        match meta.identity.as_deref() {
            Some("email") => emails.push(format!("email = {}", quoted(&field.name))),
            Some("phone_number") => mobiles.push(format!("mobile = {}", quoted(&field.name))),
            Some(_) | None => {}
        }
        for reference in meta.references.iter().flatten().filter(|r| r.direction.as_deref() != Some("to")) {
            let Some((collection, _)) = reference.field.rsplit_once('.') else { continue };
            if identifies(datasets, &reference.dataset, collection) {
                let target = format!("{}.{collection}.holder", name_of(&reference.dataset));
                through.push(format!("{} = {}", quoted(&field.name), quoted(&target)));
            }
        }
    }
    let roles = emails.len().max(mobiles.len()).max(usize::from(!through.is_empty()));
    let role = |n: usize| {
        let identified: Vec<String> = [emails.get(n), mobiles.get(n)].into_iter().flatten().cloned().collect();
        let mut ways = Vec::new();
        if !identified.is_empty() {
            ways.push(format!("identified_by = {{ {} }}", identified.join(", ")));
        }
        if n == 0 && !through.is_empty() {
            ways.push(format!("through = {{ {} }}", through.join(", ")));
        }
        ways.join(", ")
    };
    (0..roles).map(role).collect()
}

/// A collection with an identity and one key column, so that a path can end there.
fn identifies(datasets: &[Dataset], dataset: &str, collection: &str) -> bool {
    let of = datasets.iter().find(|known| known.fides_key == dataset);
    let of = of.and_then(|known| known.collections.iter().flatten().find(|known| known.name == collection));
    let metas: Vec<_> =
        of.iter().flat_map(|of| of.fields.iter().flatten()).filter_map(|f| f.fides_meta.as_ref()).collect();
    let keys = metas.iter().filter(|meta| meta.primary_key == Some(true)).count();
    keys == 1 && metas.iter().any(|meta| matches!(meta.identity.as_deref(), Some("email" | "phone_number")))
}

fn line(out: &mut String, dataset: &Dataset, collection: &Collection, field: &Field, key: &[String]) -> bool {
    if key.contains(&quoted(&field.name)) {
        return false;
    }
    let known = dataset.meta.as_ref().and_then(|meta| meta.pointer("/qingdan/kinds"));
    let exact = known.and_then(|kinds| kinds.get(format!("{}.{}", collection.name, field.name)));
    let exact: Option<Kind> = exact.and_then(|kind| serde_json::from_value(kind.clone()).ok());
    // The most telling category counts; what the system runs on says nothing about a person.
    let category = field.data_categories.iter().flatten().filter(|c| c.starts_with("user")).max_by_key(|c| c.len());
    let kind = match (exact, category) {
        (Some(kind), _) => kind,
        (None, Some(category)) => categories::from_fides(category, &field.name),
        (None, None) => return false,
    };
    let words = field
        .description
        .clone()
        .map_or(String::new(), |words| format!(", name = {{ zh-CN = {}, en = {} }}", quoted(&words), quoted(&words)));
    let source = category.map_or(String::new(), |category| format!("    # {category}"));
    let _ = writeln!(
        out,
        "field.{} = {{ of = \"holder\", kind = \"{}\"{words} }}{source}",
        quoted(&field.name),
        kind.written()
    );
    kind.is_personal()
}

fn name_of(key: &str) -> String {
    let name: String = key.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect();
    if name.is_empty() { "source".to_owned() } else { name }
}
