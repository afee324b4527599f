//! The demonstration's post office: one JSON file a message.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Clone)]
pub(crate) struct Folder(PathBuf);

#[derive(Serialize, Deserialize)]
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) at: Timestamp,
}

impl Folder {
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(path).with_context(|| format!("the mail folder {} cannot be made", path.display()))?;
        Ok(Self(path.to_owned()))
    }

    pub(super) fn put(&self, id: Uuid, to: &str, subject: &str, body: &str, at: Timestamp) -> anyhow::Result<()> {
        let letter = Letter { to: to.to_owned(), subject: subject.to_owned(), body: body.to_owned(), at };
        // Written aside first, so that a reader never sees half a message.
        let (aside, path) = (self.0.join(format!("{id}.part")), self.0.join(format!("{id}.json")));
        fs::write(&aside, serde_json::to_vec_pretty(&letter)?)?;
        fs::rename(aside, path)?;
        Ok(())
    }

    /// The newest messages first.
    pub(crate) fn newest(&self, most: usize) -> anyhow::Result<Vec<Letter>> {
        let mut letters: Vec<Letter> = fs::read_dir(&self.0)?
            .flatten()
            .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "json"))
            .filter_map(|entry| serde_json::from_slice(&fs::read(entry.path()).ok()?).ok())
            .collect();
        letters.sort_by_key(|letter| std::cmp::Reverse(letter.at));
        letters.truncate(most);
        Ok(letters)
    }
}
