use std::{
    fs,
    net::TcpStream,
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
        binary(&["/usr/lib/python3/dist-packages/aiosmtpd/main.py"], "python3-aiosmtpd");
        let dir = tempfile::tempdir().expect("a temporary folder");
        let port = free_port();
        #[expect(clippy::zombie_processes, reason = "killed and waited for when dropped; a panic below ends the test")]
        let child = Command::new("/usr/bin/python3")
            .args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}"), "-c", "aiosmtpd.handlers.Mailbox"])
            .arg(dir.path().join("mail"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("python3 starts");
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

    /// Everything received so far, as sent.
    pub fn messages(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.dir.path().join("mail/new")) else { return Vec::new() };
        let mut messages: Vec<_> =
            entries.flatten().filter_map(|entry| fs::read_to_string(entry.path()).ok()).collect();
        messages.sort();
        messages
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
