//! A person's copy as one archive. One writer for all of them: one that is sent on while it is read, and one that is
//! kept sealed until it is downloaded. However much there is, only a page of it is in memory.
//!
//! ```text
//! archive  the writer: what is in it, and the manifest
//! sink     where its bytes go
//! line     to a browser, as they come
//! shelf    into the portal's database, sealed
//! summary  the PDF, in builds that set one
//! ```

mod archive;
mod line;
mod shelf;
mod sink;
mod summary;

pub(crate) use line::{AT_ONCE, stream};
pub(crate) use shelf::{Archivist, handed_out};
