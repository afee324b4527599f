use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use crate::{binary, free_port, is_root, signal};

/// A `MariaDB` server of one's own.
pub struct Mariadb {
    child: Mutex<Child>,
    options: Vec<String>,
    port: u16,
    databases: AtomicU32,
    dir: tempfile::TempDir,
}

impl Mariadb {
    /// As fast as it can be made: what is written need not survive.
    pub fn start() -> Self {
        Self::start_with(&["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=256M"])
    }

    /// With options of one's own.
    pub fn start_with(options: &[&str]) -> Self {
        let install = binary(&["/usr/bin/mariadb-install-db"], "mariadb-server");
        let dir = open_folder();
        let done = as_mysql(&install)
            .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
            .arg(format!("--datadir={}", dir.path().join("data").display()))
            .arg(own_tmp(dir.path()))
            .current_dir(dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("mariadb-install-db runs");
        assert!(done.success(), "mariadb-install-db failed");
        Self::serve(dir, options)
    }

    /// On a copy of files another server has left.
    pub fn start_on(files: &tempfile::TempDir, options: &[&str]) -> Self {
        let dir = open_folder();
        let copied = Command::new("cp").arg("-a").arg(files.path().join("data")).arg(dir.path()).status();
        assert!(copied.is_ok_and(|status| status.success()), "the files could not be copied");
        Self::serve(dir, options)
    }

    /// Stops it and hands out its files.
    pub fn stop(mut self) -> tempfile::TempDir {
        self.end();
        std::mem::replace(&mut self.dir, tempfile::tempdir().expect("a temporary folder"))
    }

    fn serve(dir: tempfile::TempDir, options: &[&str]) -> Self {
        let port = free_port();
        let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        let child = Mutex::new(serve(dir.path(), port, &options));
        let server = Self { child, options, port, databases: AtomicU32::new(0), dir };
        server.wait();
        server
    }

    fn wait(&self) {
        for _ in 0..600 {
            if self.sql("", "SELECT 1") {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("MariaDB did not answer within 30 s");
    }

    /// Stops it from one instruction to the next, and starts it again.
    pub fn crash(&self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        signal("-KILL", child.id());
        let _ = child.wait();
        *child = serve(self.dir.path(), self.port, &self.options);
        drop(child);
        self.wait();
    }

    /// The same with other options, from where it was.
    pub fn restart_with(&mut self, options: &[&str]) {
        self.options = options.iter().map(|option| (*option).to_owned()).collect();
        self.crash();
    }

    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The URL of a database that is there.
    pub fn url(&self, database: &str) -> String {
        format!("mysql://root@127.0.0.1:{}/{database}", self.port)
    }

    /// The URL of a new, empty database.
    pub fn database(&self) -> String {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed));
        assert!(self.sql("", &format!("CREATE DATABASE {name}")), "CREATE DATABASE failed");
        self.url(&name)
    }

    pub fn sql(&self, database: &str, sql: &str) -> bool {
        let client = binary(&["/usr/bin/mariadb"], "mariadb-client");
        Command::new(client)
            .args(["--no-defaults", "--protocol=tcp", "-h127.0.0.1", "-uroot", &format!("-P{}", self.port)])
            .args(["-e", sql, database])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }
}

fn serve(dir: &Path, port: u16, options: &[String]) -> Child {
    let server = binary(&["/usr/sbin/mariadbd"], "mariadb-server");
    as_mysql(&server)
        .args(["--no-defaults", "--bind-address=127.0.0.1", "--skip-log-bin", "--skip-name-resolve"])
        .arg("--character-set-server=utf8mb4")
        .args(options)
        .arg(format!("--datadir={}", dir.join("data").display()))
        .arg(format!("--socket={}", dir.join("s").display()))
        .arg(format!("--pid-file={}", dir.join("pid").display()))
        .arg(format!("--port={port}"))
        .arg(own_tmp(dir))
        .current_dir(dir)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("mariadbd starts")
}

/// A server that starts removes all temporary tables it finds, also those of others at work.
fn own_tmp(dir: &Path) -> String {
    format!("--tmpdir={}", dir.display())
}

impl Drop for Mariadb {
    fn drop(&mut self) {
        self.end();
    }
}

impl Mariadb {
    fn end(&mut self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        signal("-TERM", child.id());
        for _ in 0..1_000 {
            if matches!(child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
    }
}

fn open_folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).expect("an open folder");
    dir
}

fn as_mysql(program: &Path) -> Command {
    if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "mysql", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}
