//! What a disk holds after its power was cut. `strace` writes down what a program writes and when it waits for the disk;
//! from that every state in which the power may have left the files is made again: what was flushed is there, of the rest
//! any part may be missing. A picture of the files as programs see them would show all of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::{Command, Stdio},
};

use tempfile::TempDir;

mod trace;

/// Whole or not at all is what a disk writes of this many bytes.
const SECTOR: usize = 512;

/// What a program did to the files of one folder.
pub struct Recording {
    before: BTreeMap<String, Vec<u8>>,
    /// By their end.
    calls: Vec<Call>,
}

/// Times are nanoseconds.
#[derive(Debug)]
struct Call {
    began: u64,
    ended: u64,
    did: Did,
}

#[derive(Debug)]
enum Did {
    Write { file: String, at: usize, bytes: Vec<u8> },
    Resize { file: String, to: usize },
    Remove { file: String },
    Flush { file: String },
    FlushFolder,
}

impl Did {
    /// The file it changes.
    fn changes(&self) -> Option<&str> {
        match self {
            Self::Write { file, .. } | Self::Resize { file, .. } | Self::Remove { file } => Some(file),
            Self::Flush { .. } | Self::FlushFolder => None,
        }
    }

    /// Waiting for the disk, so that `other` is safe.
    fn flushes(&self, other: &Self) -> bool {
        match self {
            Self::Flush { file } => other.changes() == Some(file),
            Self::FlushFolder => matches!(other, Self::Remove { .. }),
            Self::Write { .. } | Self::Resize { .. } | Self::Remove { .. } => false,
        }
    }
}

/// How much of a change that was not flushed is there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    All,
    Nothing,
    /// Of a write, its first part.
    Torn,
}

impl Recording {
    /// Lets `command` do its work on the files in `folder`, to the end.
    pub fn of(command: &Command, folder: &Path) -> Self {
        // As the system calls it, which is what the trace says.
        let folder = folder.canonicalize().expect("the folder is there");
        let before = files(&folder);
        let notes = tempfile::tempdir().expect("a temporary folder");
        let strace = crate::binary(&["/usr/bin/strace"], "strace");
        let mut traced = Command::new(strace);
        traced.args(["-ff", "--seccomp-bpf", "-y", "-xx", "-s", "1048576", "-T", "--absolute-timestamps=unix,ns"]);
        traced.args(["-e", trace::CALLS, "-o"]).arg(notes.path().join("t")).arg(command.get_program());
        traced.args(command.get_args());
        for (name, value) in command.get_envs() {
            traced.env(name, value.unwrap_or_default());
        }
        let done = traced.stdout(Stdio::null()).status().expect("strace starts");
        assert!(done.success(), "the program failed, or strace may not trace here");
        let mut calls: Vec<Call> = Vec::new();
        for note in fs::read_dir(notes.path()).expect("notes").flatten() {
            calls.extend(trace::read(&fs::read_to_string(note.path()).expect("strace writes ASCII"), &folder));
        }
        calls.sort_by_key(|call| call.ended);
        assert!(!calls.is_empty(), "nothing was written");
        Self { before, calls }
    }

    /// How many moments there are at which the power can go.
    pub fn moments(&self) -> usize {
        self.calls.len()
    }

    /// The files after the power went before call `moment`; of each change that was not flushed, `kept` says what is there.
    pub fn cut(&self, moment: usize, mut kept: impl FnMut() -> Kept) -> TempDir {
        let calls: Vec<&Call> = self.calls.iter().take(moment).collect();
        let mut there: Vec<(&Did, Kept)> = Vec::new();
        // A file that was made again after it had been removed is another one: what is in it shows that the old one has gone.
        let mut made_again: BTreeSet<&str> = BTreeSet::new();
        for (index, call) in calls.iter().enumerate().rev() {
            let Some(file) = call.did.changes() else { continue };
            let flushed = |later: &&Call| later.did.flushes(&call.did) && later.began >= call.ended;
            let sure = calls.iter().skip(index + 1).any(flushed);
            let removed = matches!(call.did, Did::Remove { .. });
            let part = if sure || (removed && made_again.contains(file)) { Kept::All } else { kept() };
            if part != Kept::Nothing {
                made_again.insert(file);
                there.push((&call.did, part));
            }
        }
        let mut files = self.before.clone();
        for (did, part) in there.into_iter().rev() {
            apply(&mut files, did, part);
        }
        let dir = tempfile::tempdir().expect("a temporary folder");
        for (name, bytes) in files {
            fs::write(dir.path().join(name), bytes).expect("a file");
        }
        dir
    }
}

fn apply(files: &mut BTreeMap<String, Vec<u8>>, did: &Did, part: Kept) {
    match did {
        Did::Write { file, at, bytes } => {
            let file = files.entry(file.clone()).or_default();
            let much = match part {
                Kept::All => bytes.len(),
                Kept::Torn => bytes.len() / 2 / SECTOR * SECTOR,
                Kept::Nothing => 0,
            };
            if file.len() < at + much {
                file.resize(at + much, 0);
            }
            if let (Some(to), Some(from)) = (file.get_mut(*at..at + much), bytes.get(..much)) {
                to.copy_from_slice(from);
            }
        }
        Did::Resize { file, to } => files.entry(file.clone()).or_default().resize(*to, 0),
        Did::Remove { file } => {
            files.remove(file);
        }
        Did::Flush { .. } | Did::FlushFolder => {}
    }
}

/// What connections share in memory is nothing a power cut leaves.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("the folder is there").flatten();
    let named = entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()));
    let kept = named.filter(|(name, path)| !name.ends_with("-shm") && path.is_file());
    kept.map(|(name, path)| (name, fs::read(path).expect("a file"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording() -> Recording {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("old"), "old").unwrap();
        let work = "import os, sys\nfolder = sys.argv[1]\nf = os.open(folder + '/new', os.O_RDWR | os.O_CREAT)\n\
                    os.write(f, b'A' * 2048)\nos.fsync(f)\nos.pwrite(f, b'B' * 2048, 2048)\nos.unlink(folder + '/old')\n\
                    os.fsync(os.open(folder, 0))\nos.ftruncate(f, 10)";
        let mut python = Command::new("/usr/bin/python3");
        python.args(["-c", work]).arg(folder.path());
        Recording::of(&python, folder.path())
    }

    fn state(recording: &Recording, moment: usize, kept: Kept) -> Vec<(String, usize)> {
        let dir = recording.cut(moment, || kept);
        files(dir.path()).into_iter().map(|(name, bytes)| (name, bytes.len())).collect()
    }

    #[test]
    fn what_was_flushed_is_there_and_of_the_rest_what_is_said() {
        let recording = recording();
        // Write, flush, write, remove, flush the folder, cut short.
        assert_eq!(recording.moments(), 6, "{:?}", recording.calls);
        let [old, new] = [("old", 3), ("new", 2048)].map(|(name, size)| (name.to_owned(), size));
        let all = |size: usize| vec![("new".to_owned(), size)];
        assert_eq!(state(&recording, 1, Kept::Nothing), vec![old.clone()], "written, not flushed");
        assert_eq!(state(&recording, 2, Kept::Nothing), [new.clone(), old.clone()], "flushed");
        assert_eq!(state(&recording, 3, Kept::Nothing), [new.clone(), old.clone()]);
        assert_eq!(state(&recording, 3, Kept::All), [("new".to_owned(), 4096), old.clone()]);
        assert_eq!(state(&recording, 3, Kept::Torn), [("new".to_owned(), 3072), old.clone()], "half of what came last");
        assert_eq!(state(&recording, 4, Kept::Nothing), [new, old], "removed, the folder not flushed");
        assert_eq!(state(&recording, 5, Kept::Nothing), all(2048), "the folder is flushed, the second write is not");
        assert_eq!(state(&recording, 6, Kept::All), all(10));
    }
}
