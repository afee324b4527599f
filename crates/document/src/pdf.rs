//! A document as PDF/UA-1, set by typst with Debian's Chinese fonts. What is in the document goes in as
//! data and is never read as markup.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use domain::Lang;
use serde_json::json;
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic, Warned},
    foundations::{Bytes, Datetime, Dict, Duration, Smart, Value},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::{Block, Document, Span};

const TEMPLATE: &str = include_str!("pdf.typ");

/// Where Debian's package `fonts-noto-cjk` puts them; `QINGDAN_FONTS` names another folder.
const FONTS: &str = "/usr/share/fonts/opentype/noto";
const FILES: [&str; 4] =
    ["NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc", "NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"];

/// Why a document was not set.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    #[error("no Chinese fonts in {0}: apt-get install fonts-noto-cjk, or name their folder in QINGDAN_FONTS")]
    NoFonts(PathBuf),
    #[error("the document could not be set: {0}")]
    NotSet(String),
}

struct Fonts {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

impl Fonts {
    fn load(folder: &Path) -> Result<Self, PdfError> {
        let mut fonts = Vec::new();
        for file in FILES {
            let Ok(data) = fs::read(folder.join(file)) else { continue };
            fonts.extend(Font::iter(Bytes::new(data)).filter(|font| font.info().family.ends_with("CJK SC")));
        }
        if fonts.is_empty() {
            return Err(PdfError::NoFonts(folder.to_owned()));
        }
        Ok(Self { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts })
    }

    /// A character no font has would make the whole document fail; it becomes a box.
    fn printable(&self, text: &str) -> String {
        let has = |c: char| c.is_whitespace() || self.fonts.iter().any(|font| font.info().coverage.contains(c as u32));
        text.chars().map(|c| if has(c) { c } else { '□' }).collect()
    }
}

/// The document as bytes of a PDF. `day` is its date, `name` makes its identity: the same version is the
/// same file.
///
/// # Errors
/// Fonts that are not installed; a document that does not fulfil PDF/UA.
pub fn set(document: &Document, day: jiff::civil::Date, name: &str) -> Result<Vec<u8>, PdfError> {
    static FONTS_LOADED: OnceLock<Arc<Fonts>> = OnceLock::new();
    // One at a time: the typesetter keeps one cache for the process.
    static ONE: Mutex<()> = Mutex::new(());
    let folder = std::env::var_os("QINGDAN_FONTS").map_or_else(|| PathBuf::from(FONTS), PathBuf::from);
    let fonts = if let Some(fonts) = FONTS_LOADED.get() {
        fonts.clone()
    } else {
        let fonts = Arc::new(Fonts::load(&folder)?);
        FONTS_LOADED.get_or_init(|| fonts).clone()
    };
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let data = fonts.printable(&data(document, day).to_string());
    let world = Page::new(fonts, &data);
    let Warned { output, .. } = typst::compile::<PagedDocument>(&world);
    let pages = output.map_err(|errors| PdfError::NotSet(said(&errors)))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|e| PdfError::NotSet(e.message().to_string()))?;
    let at = Datetime::from_ymd_hms(
        i32::from(day.year()),
        u8::try_from(day.month()).unwrap_or(1),
        u8::try_from(day.day()).unwrap_or(1),
        0,
        0,
        0,
    );
    let options = PdfOptions {
        ident: Smart::Custom(name.to_owned()),
        timestamp: at.map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&pages, &options).map_err(|errors| PdfError::NotSet(said(&errors)))?;
    typst::comemo::evict(0);
    Ok(bytes)
}

fn said(errors: &[SourceDiagnostic]) -> String {
    errors.iter().fold(String::new(), |mut all, error| {
        let _ = write!(all, "{}; ", error.message);
        all
    })
}

fn data(document: &Document, day: jiff::civil::Date) -> serde_json::Value {
    let sections: Vec<_> = document
        .sections
        .iter()
        .map(|section| {
            let blocks: Vec<_> = section.blocks.iter().map(block).collect();
            json!({ "title": section.title, "blocks": blocks })
        })
        .collect();
    json!({
        "title": document.title,
        "lang": match document.lang { Lang::Zh => "zh", Lang::En => "en" },
        "year": day.year(), "month": day.month(), "day": day.day(),
        "lead": document.lead,
        "sections": sections,
    })
}

fn block(block: &Block) -> serde_json::Value {
    match block {
        Block::Heading { text } => json!({ "is": "heading", "text": text }),
        Block::Paragraph { spans: of } => json!({ "is": "paragraph", "spans": spans(of) }),
        Block::Hint { spans: of } => json!({ "is": "hint", "spans": spans(of) }),
        Block::List { items } => {
            let items: Vec<_> = items.iter().map(|item| spans(item)).collect();
            json!({ "is": "list", "items": items })
        }
        Block::Table { table } => {
            let rows: Vec<Vec<_>> = table.rows.iter().map(|row| row.iter().map(|cell| spans(cell)).collect()).collect();
            json!({ "is": "table", "caption": table.caption, "head": table.head, "rows": rows })
        }
    }
}

/// Links into the site lead nowhere on paper; those to the world stay.
fn spans(spans: &[Span]) -> Vec<serde_json::Value> {
    spans
        .iter()
        .map(|span| match span {
            Span::Strong { text } => json!({ "text": text, "strong": true }),
            Span::Link { text, to } if to.starts_with("https:") || to.starts_with("mailto:") => {
                json!({ "text": text, "to": to })
            }
            Span::Text { text } | Span::Link { text, .. } => json!({ "text": text }),
        })
        .collect()
}

struct Page {
    library: LazyHash<Library>,
    fonts: Arc<Fonts>,
    main: Source,
}

impl Page {
    fn new(fonts: Arc<Fonts>, data: &str) -> Self {
        let mut inputs = Dict::new();
        inputs.insert("data".into(), Value::Str(data.into()));
        let library = Library::builder().with_inputs(inputs).build();
        let path = VirtualPath::new("main.typ").unwrap_or_else(|_| unreachable!("a fixed path"));
        let id: FileId = RootedPath::new(VirtualRoot::Project, path).intern();
        Self { library: LazyHash::new(library), fonts, main: Source::new(id, TEMPLATE.to_owned()) }
    }
}

impl World for Page {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Section, Table};
    use jiff::civil::date;

    /// Pages of a text full of quotation marks.
    fn pages(lang: Lang) -> usize {
        let blocks = vec![Block::paragraph("“a” ".repeat(6_000))];
        let document = Document {
            title: "Quotes".into(),
            lang,
            lead: vec![],
            sections: vec![Section::new("a", "Quotes", blocks)],
        };
        let bytes = set(&document, date(2026, 11, 1), "one").unwrap();
        bytes.windows(10).filter(|part| *part == b"/Type/Page" || *part == b"/Type /Pag").count()
    }

    #[test]
    fn english_quotation_marks_are_not_as_wide_as_a_character() {
        let (zh, en) = (pages(Lang::Zh), pages(Lang::En));
        assert!(zh > 3 && en * 3 <= zh * 2, "{en} pages of {zh}");
    }

    #[test]
    fn a_policy_is_set_as_pdf_ua_and_twice_the_same() {
        let table = Table {
            caption: "清单".into(),
            head: vec!["记录".into(), "内容".into()],
            rows: vec![vec![
                vec![Span::text("运单 #1 *不是标记*")],
                vec![Span::strong("身份证号码"), Span::text("🙂 𬭎𠮷")],
            ]],
        };
        let blocks = vec![
            Block::paragraph("我们是一家寄递公司。"),
            Block::Heading { text: "小标题".into() },
            Block::List { items: vec![vec![Span::link("写信", "mailto:privacy@example.com")]] },
            Block::Table { table },
        ];
        let document = Document {
            title: "远帆物流隐私政策".into(),
            lang: Lang::Zh,
            lead: vec!["生效日期：2026年11月1日".into()],
            sections: vec![Section::new("a", "收集什么", blocks)],
        };
        let bytes = set(&document, date(2026, 11, 1), "one").unwrap();
        assert!(bytes.starts_with(b"%PDF-1.7"));
        let says_ua = bytes.windows(7).any(|part| part == b"pdfuaid");
        assert!(says_ua, "the metadata says PDF/UA");
        assert_eq!(bytes, set(&document, date(2026, 11, 1), "one").unwrap());
    }
}
