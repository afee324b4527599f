use std::{fs::OpenOptions, io::Write, os::unix::fs::OpenOptionsExt, path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Args;
use store::MasterKey;

use super::say;

#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    /// Where to write it; never overwrites
    #[arg(default_value = "portal.key")]
    file: PathBuf,
}

pub(crate) fn run(args: &KeyArgs) -> anyhow::Result<ExitCode> {
    write(&args.file)?;
    say(format!(
        "{}: keep it apart from the database and its backups; without it nothing sealed can be read",
        args.file.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// Readable by its owner only.
pub(crate) fn write(path: &std::path::Path) -> anyhow::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be made", path.display()))?;
    writeln!(file, "{}", *MasterKey::generate()?.to_hex())?;
    Ok(())
}
