//! The product itself on a demonstration company, and a customer at its door.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::weight::binary;

pub(crate) struct Demo {
    process: Child,
    dir: tempfile::TempDir,
    pub(crate) base: String,
    pub(crate) agent: ureq::Agent,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Demo {
    pub(crate) async fn start(customers: u32) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        let port = testkit::free_port();
        let process = Command::new(binary()?)
            .args(["demo", "--customers", &customers.to_string(), "--listen", &format!("127.0.0.1:{port}"), "--dir"])
            .arg(dir.path().join("demo"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let base = format!("http://127.0.0.1:{port}");
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        for _ in 0..200 {
            if agent.get(format!("{base}/readyz")).call().is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(Self { process, dir, base, agent })
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.dir.path().join("demo")
    }

    /// What the system says of the process: `VmRSS` now, `VmHWM` at most.
    pub(crate) fn memory(&self, what: &str) -> anyhow::Result<String> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find(|line| line.starts_with(what)).unwrap_or_default();
        Ok(line.split_whitespace().skip(1).collect::<Vec<_>>().join(" "))
    }

    pub(crate) fn post(
        &self,
        path: &str,
        cookie: &str,
        form: &str,
    ) -> anyhow::Result<axum::http::Response<ureq::Body>> {
        let answer = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("origin", &self.base)
            .header("cookie", cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .send(form)?;
        Ok(answer)
    }

    pub(crate) fn get(&self, path: &str, cookie: &str) -> anyhow::Result<String> {
        let mut answer = self.agent.get(format!("{}{path}", self.base)).header("cookie", cookie).call()?;
        Ok(answer.body_mut().read_to_string()?)
    }

    /// The cookie of the first customer.
    pub(crate) fn sign_in(&self) -> anyhow::Result<String> {
        let enter = |path: &str, cookie: &str, form: &str| -> anyhow::Result<String> {
            let answer = self.post(path, cookie, form)?;
            let cookies = answer.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
            let session =
                cookies.filter_map(|cookie| cookie.split(';').next()).find(|pair| pair.starts_with("__Host-"));
            Ok(session.unwrap_or(cookie).to_owned())
        };
        let cookie = enter("/sign-in", "", "email=customer1%40example.com")?;
        for _ in 0..100 {
            std::thread::sleep(Duration::from_millis(100));
            let mail = std::fs::read_dir(self.folder().join("mail"))?.flatten();
            let mut mail = mail.filter(|entry| entry.path().extension().is_some_and(|x| x == "json"));
            let Some(letter) = mail.next() else { continue };
            let letter: serde_json::Value = serde_json::from_slice(&std::fs::read(letter.path())?)?;
            let body = letter.get("body").and_then(|body| body.as_str()).unwrap_or_default();
            let code: String = body.chars().skip_while(|c| !c.is_ascii_digit()).take(6).collect();
            return enter("/sign-in/code", &cookie, &format!("code={code}"));
        }
        anyhow::bail!("no code arrived")
    }
}
