//! Files for a spreadsheet.

/// Spreadsheets here read UTF-8 only with a byte order mark.
pub const MARK: &str = "\u{feff}";

/// A cell that a spreadsheet would take for a formula is a text.
pub fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// Rows without the mark, as they come later in a file.
///
/// # Errors
/// What the writer refuses: rows of different lengths.
pub fn lines<R>(rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, csv::Error>
where
    R: IntoIterator<Item: AsRef<[u8]>>,
{
    write(Vec::new(), rows)
}

/// A whole file.
///
/// # Errors
/// What the writer refuses: rows of different lengths.
pub fn csv<R>(rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, csv::Error>
where
    R: IntoIterator<Item: AsRef<[u8]>>,
{
    write(MARK.as_bytes().to_vec(), rows)
}

fn write<R>(into: Vec<u8>, rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, csv::Error>
where
    R: IntoIterator<Item: AsRef<[u8]>>,
{
    let mut writer = csv::Writer::from_writer(into);
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
}
