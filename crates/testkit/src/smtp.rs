use std::{
    fs,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::{binary, free_port};

/// A real SMTP server that keeps what it is sent in a Maildir.
pub struct Smtp {
    child: Child,
    port: u16,
    dir: tempfile::TempDir,
}

impl Smtp {
    pub fn start() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let port = free_port();
        let mut python = Command::new("/usr/bin/python3");
        python.args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}"), "-c", "aiosmtpd.handlers.Mailbox"]);
        python.arg(dir.path().join("mail"));
        Self::run(python, port, dir)
    }

    /// One that takes mail over TLS and with a password only, at the second try, and none for whoever begins with `gone`.
    pub fn start_strict(gone: &str) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        certify(dir.path());
        fs::write(dir.path().join("strict.py"), include_str!("strict_smtp.py")).expect("a script");
        let port = free_port();
        let mut python = Command::new("/usr/bin/python3");
        python.arg(dir.path().join("strict.py")).arg(port.to_string()).arg(dir.path()).arg(gone);
        Self::run(python, port, dir)
    }

    fn run(mut python: Command, port: u16, dir: tempfile::TempDir) -> Self {
        binary(&["/usr/lib/python3/dist-packages/aiosmtpd/main.py"], "python3-aiosmtpd");
        #[expect(clippy::zombie_processes, reason = "killed and waited for when dropped; a panic below ends the test")]
        let child = python.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("python3 starts");
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Self { child, port, dir };
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the SMTP server did not answer within 10 s");
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Of a strict one, with its password.
    pub fn strict_url(&self) -> String {
        format!("smtp://portal:a%20pass%2Fword@localhost:{}?tls=required", self.port)
    }

    /// Who vouches for a strict one's certificate.
    pub fn authority(&self) -> PathBuf {
        self.dir.path().join("ca.pem")
    }

    /// Everything received so far, as sent.
    pub fn messages(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.dir.path().join("mail/new")) else { return Vec::new() };
        let mut messages: Vec<_> =
            entries.flatten().filter_map(|entry| fs::read_to_string(entry.path()).ok()).collect();
        messages.sort();
        messages
    }
}

/// An authority of our own, and a certificate by it for this machine.
fn certify(dir: &Path) {
    let openssl = binary(&["/usr/bin/openssl"], "openssl");
    fs::write(dir.join("names"), "subjectAltName=DNS:localhost,IP:127.0.0.1").expect("a file");
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    for line in [
        format!("req -x509 {key} -keyout ca.key -out ca.pem -subj /CN=authority -days 2"),
        format!("req {key} -keyout server.key -out server.csr -subj /CN=localhost"),
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem"
            .to_owned(),
    ] {
        let mut command = Command::new(&openssl);
        command.args(line.split(' ')).current_dir(dir).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(command.status().is_ok_and(|done| done.success()), "openssl {line}");
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
