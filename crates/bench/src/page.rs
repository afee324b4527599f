//! “My information” against a hand-written axum page that runs the same queries.

use std::{
    fmt::Write,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, response::Html, routing::get};
use domain::{Email, Identifier, map::load_dir};
use sources::{Sources, gather::gather};

use crate::{Line, median, per_second, runs, say, weight::binary};

const REQUESTS: u32 = 200;

struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) async fn pages() -> anyhow::Result<Vec<Line>> {
    let dir = tempfile::tempdir()?;
    let demo = dir.path().join("demo");
    let port = testkit::free_port();
    let child = Command::new(binary()?)
        .args(["demo", "--customers", "2000", "--listen", &format!("127.0.0.1:{port}"), "--dir"])
        .arg(&demo)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let served = Served(child);
    let base = format!("http://127.0.0.1:{port}");
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
    for _ in 0..200 {
        if agent.get(format!("{base}/readyz")).call().is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let cookie = sign_in(&agent, &base, &demo)?;
    let by_hand = by_hand(&demo).await?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..runs() {
        theirs.push(load(&agent, &by_hand, "")?);
        ours.push(load(&agent, &format!("{base}/mine"), &cookie)?);
    }
    let memory = std::fs::read_to_string(format!("/proc/{}/status", served.0.id()))?;
    let resident = memory.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default().replace('\t', " ");
    say(&format!("resident memory after the pages: {resident} (goal: 64 MiB idle)"));
    let ratio = median(ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs).collect());
    let rate = |values| format!("{:.0} pages/s", median(values));
    Ok(vec![Line {
        what: "“My information” against a hand-written page".to_owned(),
        ours: rate(ours),
        reference: rate(theirs),
        ratio,
        goal: "≥ 0.5",
    }])
}

fn load(agent: &ureq::Agent, url: &str, cookie: &str) -> anyhow::Result<f64> {
    let began = Instant::now();
    for _ in 0..REQUESTS {
        let mut answer = agent.get(url).header("cookie", cookie).call()?;
        anyhow::ensure!(answer.status() == 200, "{url}: {}", answer.status());
        answer.body_mut().read_to_string()?;
    }
    Ok(per_second(u64::from(REQUESTS), began.elapsed()))
}

/// The same statements, the values joined with commas.
async fn by_hand(demo: &std::path::Path) -> anyhow::Result<String> {
    let map = load_dir(&demo.join("map")).map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
    let sources = Sources::open(&map, demo)?;
    let state = Arc::new((map, sources));
    let email = Email::parse("customer1@example.com").ok_or_else(|| anyhow::anyhow!("no address"))?;
    let page = move || {
        let (state, email) = (state.clone(), email.clone());
        async move {
            let mut html = String::from("<!DOCTYPE html><table>");
            for part in gather(&state.1, &state.0, &[Identifier::Email(email)]).await {
                for rows in part.found.unwrap_or_default() {
                    for row in rows.rows {
                        let values: Vec<&str> = row
                            .values
                            .iter()
                            .filter_map(|(_, value)| value.as_ref())
                            .map(domain::Personal::reveal)
                            .collect();
                        let _ = write!(html, "<tr><td>{}</td></tr>", values.join(", "));
                    }
                }
            }
            Html(html)
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", get(page))).await });
    Ok(url)
}

fn sign_in(agent: &ureq::Agent, base: &str, demo: &std::path::Path) -> anyhow::Result<String> {
    let post = |path: &str, cookie: &str, form: &str| -> anyhow::Result<String> {
        let answer = agent
            .post(format!("{base}{path}"))
            .header("origin", base)
            .header("cookie", cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .send(form)?;
        let cookies = answer.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        let session = cookies.filter_map(|cookie| cookie.split(';').next()).find(|pair| pair.starts_with("__Host-"));
        Ok(session.unwrap_or(cookie).to_owned())
    };
    let cookie = post("/sign-in", "", "email=customer1%40example.com")?;
    for _ in 0..100 {
        std::thread::sleep(Duration::from_millis(100));
        let Some(letter) =
            std::fs::read_dir(demo.join("mail"))?.flatten().find(|e| e.path().extension().is_some_and(|x| x == "json"))
        else {
            continue;
        };
        let letter: serde_json::Value = serde_json::from_slice(&std::fs::read(letter.path())?)?;
        let body = letter.get("body").and_then(|body| body.as_str()).unwrap_or_default();
        let code: String = body.chars().skip_while(|c| !c.is_ascii_digit()).take(6).collect();
        return post("/sign-in/code", &cookie, &format!("code={code}"));
    }
    anyhow::bail!("no code arrived")
}
