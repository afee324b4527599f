//! What `strace` wrote down about one thread, line by line.

use std::{collections::HashMap, path::Path};

use super::{Call, Did};

/// All that changes files, and what says where.
pub(super) const CALLS: &str = "trace=lseek,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,unlink,unlinkat,rename,\
    renameat,renameat2,fsync,fdatasync,sync_file_range,copy_file_range,sendfile";

/// The calls that changed or flushed files of `folder`.
///
/// # Panics
/// On a call to these files that nobody has thought of here: its effect would be missing in silence.
pub(super) fn read(notes: &str, folder: &Path) -> Vec<Call> {
    let mut places: HashMap<String, usize> = HashMap::new();
    notes.lines().filter_map(|line| call(line, folder, &mut places)).collect()
}

fn call(line: &str, folder: &Path, places: &mut HashMap<String, usize>) -> Option<Call> {
    let (time, rest) = line.split_once(' ')?;
    let (name, rest) = rest.split_once('(')?;
    let (told, end) = rest.rsplit_once(") = ")?;
    let (answer, took) = end.split_once(" <")?;
    // What failed has changed nothing.
    let answer: usize = answer.parse().ok()?;
    let began = nanoseconds(time)?;
    let ended = began + nanoseconds(took.trim_end_matches('>'))?;
    let did = did(name, told, answer, folder, places)?;
    Some(Call { began, ended, did })
}

fn did(name: &str, told: &str, answer: usize, folder: &Path, places: &mut HashMap<String, usize>) -> Option<Did> {
    let first = told.split(", ").next()?;
    // An open file with its path behind it, or a path; what is written to a file that has been removed is nowhere.
    let (path, gone) = match first.split_once('<') {
        Some((_, path)) if !name.ends_with("at") => path.split_once('>')?,
        Some(_) | None => (told.split('"').nth(1)?, ""),
    };
    let path = String::from_utf8(unescaped(path)).expect("a path of ours");
    let file = Path::new(&path).strip_prefix(folder).ok()?.to_string_lossy().into_owned();
    if file.ends_with("-shm") || !gone.is_empty() {
        return None;
    }
    let number = || told.rsplit(", ").next()?.parse::<usize>().ok();
    match name {
        "lseek" => {
            places.insert(first.to_owned(), answer);
            None
        }
        "write" | "pwrite64" => {
            let at = if name == "write" {
                let place = places.entry(first.to_owned()).or_default();
                let at = *place;
                *place += answer;
                at
            } else {
                number()?
            };
            let mut bytes = unescaped(told.split('"').nth(1)?);
            bytes.truncate(answer);
            Some(Did::Write { file, at, bytes })
        }
        "ftruncate" => Some(Did::Resize { file, to: number()? }),
        "unlink" | "unlinkat" => Some(Did::Remove { file }),
        "fsync" | "fdatasync" if file.is_empty() => Some(Did::FlushFolder),
        "fsync" | "fdatasync" => Some(Did::Flush { file }),
        other => panic!("{other} of {file} is not known here: {told:.200}"),
    }
}

/// `1764190000.123456789`, `0.000012`.
fn nanoseconds(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.')?;
    let part = format!("{part:0<9}");
    Some(whole.parse::<u64>().ok()? * 1_000_000_000 + part.parse::<u64>().ok()?)
}

/// `\x41\x42`, as all bytes are written with `-xx`.
fn unescaped(text: &str) -> Vec<u8> {
    text.split("\\x").filter_map(|byte| u8::from_str_radix(byte, 16).ok()).collect()
}
