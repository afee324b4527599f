use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use crate::{binary, free_port, is_root, signal};

/// A `PostgreSQL` server of one's own. `initdb` refuses to run as root, so as root everything runs
/// as the user `postgres` of the Debian package.
pub struct Postgres {
    child: Mutex<Child>,
    settings: Vec<String>,
    /// Bytes a file may have.
    room: Mutex<Option<u64>>,
    port: u16,
    bin: PathBuf,
    dir: tempfile::TempDir,
    databases: AtomicU32,
}

/// Bytes of a page of a table.
const PAGE: u64 = 8192;

/// Settings of a server that answers long before it has written anything.
pub const LAZY: &[&str] =
    &["fsync=on", "synchronous_commit=off", "wal_writer_delay=10s", "wal_writer_flush_after=1GB", "wal_buffers=64MB"];

impl Postgres {
    pub fn start() -> Self {
        Self::start_with(&["fsync=off"])
    }

    /// With settings of one's own.
    pub fn start_with(settings: &[&str]) -> Self {
        Self::start_in(settings, None)
    }

    /// On a disk that is full for a file of `pages` pages: the next gets its first half, which the server takes for what
    /// it is (53100). `PostgreSQL` ignores SIGXFSZ "so that ulimit violations work like disk full".
    pub fn start_full_after(pages: u64) -> Self {
        Self::start_in(&["fsync=off", "max_wal_size=64MB"], Some(pages * PAGE + PAGE / 2))
    }

    fn start_in(settings: &[&str], room: Option<u64>) -> Self {
        let initdb = binary(
            &[
                "/usr/lib/postgresql/17/bin/initdb",
                "/usr/lib/postgresql/16/bin/initdb",
                "/usr/lib/postgresql/15/bin/initdb",
                "/usr/lib/postgresql/14/bin/initdb",
            ],
            "postgresql",
        );
        let bin = initdb.parent().expect("a folder").to_owned();
        let dir = tempfile::tempdir().expect("a temporary folder");
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).expect("an open folder");
        let data = dir.path().join("data");
        let done = as_postgres(&initdb)
            .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
            // No file of the log itself may be larger than the disk.
            .args(room.map(|_| "--wal-segsize=1"))
            .arg("-D")
            .arg(&data)
            .current_dir(dir.path())
            .stdout(Stdio::null())
            .status()
            .expect("initdb runs");
        assert!(done.success(), "initdb failed");
        let port = free_port();
        let settings: Vec<String> = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let child = Mutex::new(serve(&bin, dir.path(), port, &settings, room));
        let server = Self { child, settings, room: Mutex::new(room), port, bin, dir, databases: AtomicU32::new(0) };
        server.wait();
        server
    }

    fn wait(&self) {
        for _ in 0..400 {
            if self.psql("postgres", "SELECT 1") {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("PostgreSQL did not answer within 20 s");
    }

    /// Stops it as a power cut would, without writing anything more, and starts it again.
    pub fn crash(&self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        signal("-QUIT", child.id());
        let _ = child.wait();
        let room = *self.room.lock().unwrap_or_else(PoisonError::into_inner);
        *child = serve(&self.bin, self.dir.path(), self.port, &self.settings, room);
        drop(child);
        self.wait();
    }

    /// Gives it a larger disk, which takes a new start.
    pub fn enlarge(&self) {
        *self.room.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.crash();
    }

    /// The URL of a new, empty database.
    pub fn database(&self) -> String {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed));
        assert!(self.psql("postgres", &format!("CREATE DATABASE {name}")), "CREATE DATABASE failed");
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    /// The URL of a new database with everything that is in `base`.
    pub fn database_like(&self, base: &str) -> String {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let create = format!("CREATE DATABASE {name} TEMPLATE {base} STRATEGY FILE_COPY");
        assert!(self.psql("postgres", &create), "CREATE DATABASE failed");
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    pub fn psql(&self, database: &str, sql: &str) -> bool {
        Command::new(self.bin.join("psql"))
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "postgres", "-d", database, "-qc", sql])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }
}

fn serve(bin: &Path, dir: &Path, port: u16, settings: &[String], room: Option<u64>) -> Child {
    let most = room.map_or_else(|| "unlimited".to_owned(), |bytes| bytes.to_string());
    as_postgres(Path::new("prlimit"))
        .arg(format!("--fsize={most}"))
        .arg(bin.join("postgres"))
        .arg("-D")
        .arg(dir.join("data"))
        .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"])
        .args(settings.iter().flat_map(|setting| ["-c", setting]))
        .args(["-c", &format!("unix_socket_directories={}", dir.display()), "-c", "max_connections=200"])
        .current_dir(dir)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("postgres starts")
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // "fast" shutdown is SIGINT
        signal("-INT", child.id());
        for _ in 0..100 {
            if matches!(child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
    }
}

fn as_postgres(program: &Path) -> Command {
    if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}
