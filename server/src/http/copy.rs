//! A person's copy as one archive, written while it is read: however much there is, only a page of it is in memory,
//! and nothing of it is kept here.

use std::{
    io::Write,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use app::{copy as pages, copy::Part, text::Text};
use axum::{
    body::{Body, Bytes},
    http::header,
    response::{IntoResponse, Response},
};
use domain::{
    Personal,
    map::{DataMap, RoleName, SourceName, Table},
    permit::TakeCopy,
};
use exchange::sheet;
use futures::{Stream, stream};
use jiff::civil::Date;
use service::{
    Portal,
    copy::{Taker, file_name},
    mine::{Record, Until, Value},
};
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use zip::{ZipWriter, write::SimpleFileOptions, write::StreamWriter};

use super::{cx::Cx, failure::Failure};

/// Pieces on their way to the browser.
const AHEAD: usize = 4;
/// A browser that takes nothing for so long is gone; the company's database must not wait for it.
const PATIENCE: Duration = Duration::from_mins(1);
/// And however slowly it takes it: a transaction that stays open keeps a database from cleaning up.
const LONGEST: Duration = Duration::from_mins(15);
/// Copies that are made at the same time: each holds one of a source's few connections.
pub(super) const AT_ONCE: usize = 2;

pub(super) async fn page(cx: Cx) -> Result<Response, Failure> {
    cx.actor.own_fresh()?;
    Ok(cx.page(app::pages::customer::copy))
}

pub(super) async fn file(cx: Cx) -> Result<Response, Failure> {
    let permit = cx.actor.own_fresh()?;
    let Ok(turn) = cx.app.copies.clone().try_acquire_owned() else { return Err(Failure::Busy) };
    let portal = cx.shared_portal();
    portal.begin_copy(&permit, &cx.actor, cx.lang).await?;
    Ok(stream(cx.shared_portal(), cx.text(), permit.into(), turn, async {}))
}

/// Writes it while it is read; `arrived` runs when all of it has been taken.
pub(super) fn stream(
    portal: Arc<Portal>,
    text: Text,
    permit: TakeCopy,
    turn: OwnedSemaphorePermit,
    arrived: impl Future<Output = ()> + Send + 'static,
) -> Response {
    let (send, receive) = mpsc::channel(AHEAD);
    let (map, today, now) = (portal.map.clone(), portal.clock.today(), portal.clock.now());
    tokio::spawn(async move {
        let _turn = turn;
        let made = app::format::moment(text.lang(), now);
        let work = async {
            let mut archive = Archive::new(text, &map, today, send.clone(), &portal);
            let missing = portal.copy(&permit, &mut archive).await?;
            Box::pin(archive.close(&missing, &made)).await
        };
        if let Ok(Ok(())) = tokio::time::timeout(LONGEST, work).await {
            if send.send(Piece::End).await.is_ok() {
                arrived.await;
            }
        } else {
            tracing::warn!("a copy broke off");
        }
    });
    let name = format!("attachment; filename=\"qingdan-{today}.zip\"");
    let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, Body::from_stream(pieces(receive))).into_response()
}

/// A piece of the archive, or that it was the last: one that breaks off must not look complete.
enum Piece {
    Of(Bytes),
    End,
}

fn pieces(receive: mpsc::Receiver<Piece>) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::unfold(Some(receive), async |receive| {
        let mut receive = receive?;
        match receive.recv().await {
            Some(Piece::Of(bytes)) => Some((Ok(bytes), Some(receive))),
            Some(Piece::End) => None,
            None => Some((Err(std::io::Error::other("the copy broke off")), None)),
        }
    })
}

/// Nobody takes the rest.
struct Gone;

impl<E: std::error::Error> From<E> for Gone {
    fn from(_: E) -> Self {
        Self
    }
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Page,
    Sheet,
    Data,
}

impl Shape {
    const ALL: [Self; 3] = [Self::Page, Self::Sheet, Self::Data];

    const fn ending(self) -> &'static str {
        match self {
            Self::Page => "html",
            Self::Sheet => "csv",
            Self::Data => "json",
        }
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

struct Archive<'a> {
    text: Text,
    map: &'a DataMap,
    today: Date,
    written: Written,
    zip: ZipWriter<StreamWriter<Written>>,
    send: mpsc::Sender<Piece>,
    /// Who signs.
    portal: &'a Portal,
    files: Vec<Whole>,
    sides: Vec<pages::Side<'a>>,
    current: Option<Current<'a>>,
}

impl<'a> Archive<'a> {
    fn new(text: Text, map: &'a DataMap, today: Date, send: mpsc::Sender<Piece>, portal: &'a Portal) -> Self {
        let written = Written::default();
        let zip = ZipWriter::new_stream(written.clone());
        Self { text, map, today, written, zip, send, portal, files: Vec::new(), sides: Vec::new(), current: None }
    }

    /// Sends on what there is, as fast as it is taken.
    async fn pass_on(&self) -> Result<(), Gone> {
        let bytes = self.written.take();
        if !bytes.is_empty() {
            tokio::time::timeout(PATIENCE, self.send.send(Piece::Of(bytes.into()))).await??;
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Gone> {
        if let Some(current) = &mut self.current {
            current.hash.update(bytes);
            current.bytes += bytes.len() as u64;
        }
        Ok(self.zip.write_all(bytes)?)
    }

    /// A file that is written in one go.
    fn whole(&mut self, name: &str, content: &str) -> Result<(), Gone> {
        self.zip.start_file(name, SimpleFileOptions::default())?;
        self.zip.write_all(content.as_bytes())?;
        let sha256 = hex::encode(Sha256::digest(content));
        self.files.push(Whole { name: name.to_owned(), sha256, bytes: content.len() as u64 });
        Ok(())
    }

    async fn close(mut self, missing: &[SourceName], made: &str) -> Result<(), Gone> {
        let index = pages::index(self.text, self.map, &self.sides, missing, made);
        self.whole("index.html", &index)?;
        let files = self
            .files
            .iter()
            .map(|file| serde_json::json!({ "name": file.name, "sha256": file.sha256, "bytes": file.bytes }));
        let manifest = serde_json::json!({
            "made_at": made,
            "handler": self.map.handler.name,
            "policy": self.map.hash,
            "missing": missing,
            "files": files.collect::<Vec<_>>(),
        });
        self.whole("manifest.json", &serde_json::to_string_pretty(&manifest).unwrap_or_default())?;
        // Whoever is given the archive can tell where it is from.
        let signed = self.portal.store.vault().sign(manifest.to_string());
        self.whole("manifest.signed.json", &serde_json::to_string_pretty(&signed).unwrap_or_default())?;
        let (written, send) = (self.written.clone(), self.send.clone());
        self.zip.finish()?;
        tokio::time::timeout(PATIENCE, send.send(Piece::Of(written.take().into()))).await??;
        Ok(())
    }
}

impl Taker for Archive<'_> {
    const SHAPES: usize = Shape::ALL.len();
    type Error = Gone;

    async fn begin(&mut self, table: &Table, role: &RoleName, shape: usize) -> Result<(), Gone> {
        let Some(shape) = Shape::ALL.get(shape).copied() else { return Err(Gone) };
        let map = self.map;
        let Some(table) = map.table(&table.name) else { return Err(Gone) };
        let lang = self.text.lang();
        let role_words = table.role(role).map(|role| role.words.in_lang(lang)).unwrap_or_default();
        let words = format!("{} · {role_words}", table.words.in_lang(lang));
        let name = format!("{}.{}", file_name(&table.name, role), shape.ending());
        self.zip.start_file(name.as_str(), SimpleFileOptions::default().large_file(true))?;
        let current = Current { name, shape, table, words: words.clone(), hash: Sha256::new(), bytes: 0, records: 0 };
        self.current = Some(current);
        let columns: Vec<&str> = table.fields_of(role).map(|field| field.words.in_lang(lang)).collect();
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

    async fn records(&mut self, records: Vec<Record>) -> Result<(), Gone> {
        let Some(current) = &mut self.current else { return Err(Gone) };
        let (shape, before) = (current.shape, current.records);
        current.records += records.len() as u64;
        let bytes = match shape {
            Shape::Page => pages::records(self.text, self.map, &records, self.today).into_bytes(),
            Shape::Sheet => {
                let cells = |record: &Record| record.values.iter().map(cell).collect::<Vec<_>>();
                sheet::lines(records.iter().map(cells))?
            }
            Shape::Data => {
                let objects = records.iter().enumerate().map(|(n, record)| {
                    let comma = if before == 0 && n == 0 { "" } else { ",\n" };
                    format!("{comma}{}", object(self.text, record))
                });
                objects.collect::<String>().into_bytes()
            }
        };
        self.write(&bytes)?;
        self.pass_on().await
    }

    async fn end(&mut self) -> Result<(), Gone> {
        let foot = match self.current.as_ref().map(|current| current.shape) {
            Some(Shape::Page) => pages::FOOT,
            Some(Shape::Sheet) | None => "",
            Some(Shape::Data) => "\n]}\n",
        };
        self.write(foot.as_bytes())?;
        let Some(current) = self.current.take() else { return Ok(()) };
        let part = Part { name: current.name.clone(), records: current.records };
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

fn cell(value: &Value) -> String {
    sheet::harmless(value.full.as_ref().map_or("", Personal::reveal))
}

/// One record with what belongs to it.
fn object(text: Text, record: &Record) -> serde_json::Value {
    let lang = text.lang();
    let values: serde_json::Map<String, serde_json::Value> = record
        .values
        .iter()
        .map(|value| {
            let shown = value.full.as_ref().map(Personal::reveal);
            let named = serde_json::json!({ "name": value.words.in_lang(lang), "value": shown });
            (value.column.to_string(), named)
        })
        .collect();
    let until = match &record.until {
        Until::On { date, .. } => serde_json::json!(date),
        Until::After { .. } => serde_json::Value::Null,
    };
    serde_json::json!({ "values": values, "until": until, "given": record.given })
}
