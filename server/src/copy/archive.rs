//! The writer of the archive: each side of each table as a page, a table and JSON, one page of records after another.

use std::{
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use app::{
    components::{Beside, beside},
    copy::{self as pages, Part, Shape},
    text::Text,
};
use domain::{
    Identifier, Personal,
    map::{DataMap, RoleName, Table},
    permit::TakeCopy,
};
use exchange::sheet;
use jiff::{Timestamp, civil::Date, tz};
use service::{
    Portal,
    copy::{Read, Taker, file_name},
    mine::{Record, Until, Value},
};
use sha2::{Digest, Sha256};
use zip::{
    DateTime, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use super::{
    sink::{Sink, Unsent},
    summary,
};

/// Reads everything and writes it to `sink`.
pub(super) async fn write<S: Sink>(
    portal: &Portal,
    text: Text,
    permit: &TakeCopy,
    sink: S,
) -> Result<(S, Read), Unsent> {
    let now = portal.clock.now();
    let made = app::format::moment(text.lang(), now);
    let mut archive = Archive::new(text, portal, permit.of(), now, sink);
    let read = portal.copy(permit, &mut archive).await?;
    let sink = Box::pin(archive.close(&read, &made)).await?;
    Ok((sink, read))
}

/// What the archive has written and nobody has sent yet.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A file of the archive, once it is whole.
struct Whole {
    name: String,
    sha256: String,
    bytes: u64,
}

/// The file that is being written.
struct Current<'a> {
    name: String,
    shape: Shape,
    table: &'a Table,
    words: String,
    hash: Sha256,
    bytes: u64,
    records: u64,
}

struct Archive<'a, S> {
    text: Text,
    map: &'a DataMap,
    today: Date,
    of: &'a [Identifier],
    /// What every file of it is written as.
    written_at: SimpleFileOptions,
    written: Written,
    zip: ZipWriter<StreamWriter<Written>>,
    sink: S,
    /// Who signs.
    portal: &'a Portal,
    files: Vec<Whole>,
    sides: Vec<pages::Side<'a>>,
    current: Option<Current<'a>>,
    /// Records written in one shape or another.
    lines: u64,
}

impl<'a, S: Sink> Archive<'a, S> {
    fn new(text: Text, portal: &'a Portal, of: &'a [Identifier], now: Timestamp, sink: S) -> Self {
        let written = Written::default();
        let zip = ZipWriter::new_stream(written.clone());
        let (map, today) = (&*portal.map, portal.clock.today());
        Self {
            text,
            map,
            today,
            of,
            written_at: SimpleFileOptions::default().last_modified_time(in_china(now)),
            written,
            zip,
            sink,
            portal,
            files: Vec::new(),
            sides: Vec::new(),
            current: None,
            lines: 0,
        }
    }

    /// Sends on what there is. A record is written once it is in every shape: until then it is in part.
    async fn pass_on(&mut self) -> Result<(), Unsent> {
        let bytes = self.written.take();
        let records = self.lines / Shape::ALL.len() as u64;
        if bytes.is_empty() { Ok(()) } else { self.sink.take(bytes, records).await }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Unsent> {
        if let Some(current) = &mut self.current {
            current.hash.update(bytes);
            current.bytes += bytes.len() as u64;
        }
        Ok(self.zip.write_all(bytes)?)
    }

    /// A file that is written in one go.
    fn whole(&mut self, name: &str, content: &[u8]) -> Result<(), Unsent> {
        self.zip.start_file(name, self.written_at)?;
        self.zip.write_all(content)?;
        let sha256 = hex::encode(Sha256::digest(content));
        self.files.push(Whole { name: name.to_owned(), sha256, bytes: content.len() as u64 });
        Ok(())
    }

    /// What there is to say of the whole comes last.
    async fn close(mut self, read: &Read, made: &str) -> Result<S, Unsent> {
        let sides = std::mem::take(&mut self.sides);
        let site = &self.portal.settings.address;
        let mut contents = pages::Contents { sides: &sides, missing: &read.missing, made, site, summary: None };
        if let Some(pdf) = summary::set(self.text, self.map, self.of, &contents, self.today).await {
            self.whole(summary::NAME, &pdf)?;
            contents.summary = Some(summary::NAME);
        }
        let index = pages::index(self.text, self.map, &contents);
        self.whole("index.html", index.as_bytes())?;
        let files = self
            .files
            .iter()
            .map(|file| serde_json::json!({ "name": file.name, "sha256": file.sha256, "bytes": file.bytes }));
        let manifest = serde_json::json!({
            "made_at": made,
            "handler": self.map.handler.name,
            "policy": self.map.hash,
            "missing": read.missing,
            "files": files.collect::<Vec<_>>(),
        });
        self.whole("manifest.json", serde_json::to_string_pretty(&manifest)?.as_bytes())?;
        // Whoever is given the archive can tell where it is from.
        let signed = self.portal.store.vault().sign(manifest.to_string());
        self.whole("manifest.signed.json", serde_json::to_string_pretty(&signed)?.as_bytes())?;
        let Self { zip, written, mut sink, .. } = self;
        zip.finish()?;
        sink.take(written.take(), read.records).await?;
        Ok(sink)
    }
}

impl<S: Sink> Taker for Archive<'_, S> {
    const SHAPES: usize = Shape::ALL.len();
    type Error = Unsent;

    async fn begin(&mut self, table: &Table, role: &RoleName, shape: usize) -> Result<(), Unsent> {
        let Some(shape) = Shape::ALL.get(shape).copied() else { return Err(Unsent::Gone) };
        let map = self.map;
        let Some(table) = map.table(&table.name) else { return Err(Unsent::Gone) };
        let lang = self.text.lang();
        let role_words = table.role(role).map(|role| role.words.in_lang(lang)).unwrap_or_default();
        let words = format!("{} · {role_words}", table.words.in_lang(lang));
        let name = shape.place(&file_name(&table.name, role));
        self.zip.start_file(name.as_str(), self.written_at.large_file(true))?;
        let current = Current { name, shape, table, words: words.clone(), hash: Sha256::new(), bytes: 0, records: 0 };
        self.current = Some(current);
        let columns = table.fields_of(role).map(|field| field.words.in_lang(lang));
        let columns: Vec<&str> = columns.chain(pages::beside_head(self.text)).collect();
        let head = match shape {
            Shape::Page => pages::side(self.text, &words).into_bytes(),
            Shape::Sheet => sheet::csv([columns])?,
            Shape::Data => {
                let purposes: Vec<String> = table.purposes.iter().map(|id| map.purpose_name(id, lang)).collect();
                let recipients: Vec<&str> =
                    map.recipients_of(table).map(|recipient| recipient.name.in_lang(lang)).collect();
                let about = serde_json::json!({
                    "record": words, "table": table.name, "why": purposes, "recipients": recipients,
                    "kept_in": map.source_name(&table.name.source, lang),
                });
                let about = about.to_string();
                format!("{},\"records\":[\n", about.trim_end_matches('}')).into_bytes()
            }
        };
        self.write(&head)
    }

    async fn records(&mut self, records: Vec<Record>) -> Result<(), Unsent> {
        let Some(current) = &mut self.current else { return Err(Unsent::Gone) };
        let (shape, before) = (current.shape, current.records);
        current.records += records.len() as u64;
        let bytes = match shape {
            Shape::Page => pages::records(self.text, self.map, &records).into_bytes(),
            Shape::Sheet => {
                let beside = |record: &Record| pages::beside_cells(self.text, self.map, record);
                let cells = |record: &Record| -> Vec<String> {
                    let beside = beside(record).map(|words| sheet::harmless(&words));
                    record.values.iter().map(cell).chain(beside).collect()
                };
                sheet::lines(records.iter().map(cells))?
            }
            Shape::Data => {
                let objects = records.iter().enumerate().map(|(n, record)| {
                    let comma = if before == 0 && n == 0 { "" } else { ",\n" };
                    format!("{comma}{}", object(self.text, self.map, record))
                });
                objects.collect::<String>().into_bytes()
            }
        };
        self.write(&bytes)?;
        self.lines += records.len() as u64;
        self.pass_on().await
    }

    async fn end(&mut self) -> Result<(), Unsent> {
        let foot = match self.current.as_ref().map(|current| current.shape) {
            Some(Shape::Page) => pages::FOOT,
            Some(Shape::Sheet) | None => "",
            Some(Shape::Data) => "\n]}\n",
        };
        self.write(foot.as_bytes())?;
        let Some(current) = self.current.take() else { return Ok(()) };
        let part = Part { shape: current.shape, name: current.name.clone(), records: current.records };
        if current.shape == Shape::Page {
            self.sides.push(pages::Side { table: current.table, words: current.words, parts: Vec::new() });
        }
        if let Some(side) = self.sides.last_mut() {
            side.parts.push(part);
        }
        let sha256 = hex::encode(current.hash.finalize());
        self.files.push(Whole { name: current.name, sha256, bytes: current.bytes });
        self.pass_on().await
    }
}

/// The format knows no zones: as a clock on the wall shows it where the people are.
fn in_china(at: Timestamp) -> DateTime {
    DateTime::try_from(tz::offset(8).to_datetime(at)).unwrap_or_default()
}

fn cell(value: &Value) -> String {
    sheet::harmless(value.full.as_ref().map_or("", Personal::reveal))
}

/// One record with what belongs to it.
fn object(text: Text, map: &DataMap, record: &Record) -> serde_json::Value {
    let lang = text.lang();
    let values: serde_json::Map<String, serde_json::Value> = record
        .values
        .iter()
        .map(|value| {
            let shown = value.full.as_ref().map(Personal::reveal);
            let mut named = serde_json::json!({ "name": value.words.in_lang(lang), "value": shown });
            if let (Some(means), Some(named)) = (&value.means, named.as_object_mut()) {
                named.insert("means".into(), means.in_lang(lang).into());
            }
            (value.column.to_string(), named)
        })
        .collect();
    let until = match &record.until {
        Until::On { date, .. } | Until::Waits { date } => serde_json::json!(date),
        Until::After { .. } | Until::Held => serde_json::Value::Null,
    };
    let on_hold = record.until == Until::Held;
    let Beside { why, basis, whom, until: kept } = beside(text, map, record, None);
    serde_json::json!({
        "values": values, "why": why, "legal_basis": basis, "recipients": whom, "given": record.given,
        "until": until, "on_hold": on_hold, "kept": kept,
    })
}
