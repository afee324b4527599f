//! “My information” against a hand-written axum page that runs the same queries.

use std::{fmt::Write, sync::Arc, time::Instant};

use axum::{Router, response::Html, routing::get};
use domain::{Email, Identifier, map::load_dir};
use sources::{Sources, gather::gather};

use crate::{Line, demo::Demo, median, per_second, runs, say};

const REQUESTS: u32 = 200;

pub(crate) async fn pages() -> anyhow::Result<Vec<Line>> {
    let demo = Demo::start(2_000).await?;
    let (agent, base) = (&demo.agent, &demo.base);
    let cookie = demo.sign_in()?;
    let by_hand = by_hand(&demo.folder()).await?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..runs() {
        theirs.push(load(agent, &by_hand, "")?);
        ours.push(load(agent, &format!("{base}/mine"), &cookie)?);
    }
    say(&format!("resident memory after the pages: {} (goal: 64 MiB idle)", demo.memory("VmRSS")?));
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
            for part in gather(&state.1, &state.0, &[Identifier::Email(email)], &[]).await {
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
