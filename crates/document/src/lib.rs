//! A document as data, made once and shown in several ways: as a page, as a PDF, and as the difference
//! to the one before.
//!
//! Nothing in it can carry markup: texts are texts, links lead to this site or to `https:` and `mailto:`
//! addresses, so that whatever stands in a company's Markdown is harmless by construction.

mod compare;
mod markdown;
#[cfg(feature = "pdf")]
pub mod pdf;

use domain::Lang;
use serde::Serialize;

pub use compare::{Compared, Mark, compare};
pub use markdown::blocks;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    pub title: String,
    pub lang: Lang,
    /// Version, date and what else stands under the title.
    pub lead: Vec<String>,
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    pub id: String,
    pub title: String,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    Heading {
        text: String,
    },
    Paragraph {
        spans: Vec<Span>,
    },
    /// Said more quietly: a legal basis, a note.
    Hint {
        spans: Vec<Span>,
    },
    List {
        items: Vec<Vec<Span>>,
    },
    Table {
        table: Table,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    pub caption: String,
    pub head: Vec<String>,
    /// The first cell names the row.
    pub rows: Vec<Vec<Vec<Span>>>,
}

impl Table {
    /// The caption is for those who do not see it.
    pub fn new(caption: &str, head: &[&str], rows: Vec<Vec<Vec<Span>>>) -> Self {
        Self { caption: caption.to_owned(), head: head.iter().map(|name| (*name).to_owned()).collect(), rows }
    }
}

impl From<Table> for Block {
    fn from(table: Table) -> Self {
        Self::Table { table }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "span", rename_all = "snake_case")]
pub enum Span {
    Text { text: String },
    Strong { text: String },
    Link { text: String, to: String },
}

impl Span {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    pub fn strong(text: impl Into<String>) -> Self {
        Self::Strong { text: text.into() }
    }

    pub fn link(text: impl Into<String>, to: impl Into<String>) -> Self {
        Self::Link { text: text.into(), to: to.into() }
    }

    pub fn plain(&self) -> &str {
        match self {
            Self::Text { text } | Self::Strong { text } | Self::Link { text, .. } => text,
        }
    }
}

impl Block {
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph { spans: vec![Span::text(text)] }
    }

    pub fn hint(text: impl Into<String>) -> Self {
        Self::Hint { spans: vec![Span::text(text)] }
    }
}

impl Section {
    /// What stands in it, as lines of text.
    pub fn lines(&self) -> Vec<String> {
        compare::lines(&self.blocks)
    }

    pub fn new(id: impl Into<String>, title: impl Into<String>, blocks: Vec<Block>) -> Self {
        Self { id: id.into(), title: title.into(), blocks }
    }
}

fn plain(spans: &[Span]) -> String {
    spans.iter().map(Span::plain).collect()
}
