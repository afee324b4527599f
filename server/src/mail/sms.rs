use std::time::Duration;

use anyhow::Context;
use domain::Mobile;
use serde_json::json;

/// A gateway for short messages: `POST {"to": "+86…", "text": "…"}`, any 2xx is taken.
pub(super) struct Gateway {
    agent: ureq::Agent,
    url: String,
    authorization: Option<String>,
}

impl Gateway {
    pub(super) fn new(url: &str, authorization_env: Option<&str>) -> anyhow::Result<Self> {
        let authorization = authorization_env
            .map(|variable| {
                std::env::var(variable)
                    .with_context(|| format!("[sms]: the environment variable {variable} is not set"))
            })
            .transpose()?;
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        Ok(Self { agent, url: url.to_owned(), authorization })
    }

    pub(super) async fn send(&self, to: &Mobile, text: &str) -> anyhow::Result<()> {
        let body = json!({ "to": format!("+86{}", to.reveal()), "text": text });
        let (agent, url, authorization) = (self.agent.clone(), self.url.clone(), self.authorization.clone());
        let status = tokio::task::spawn_blocking(move || {
            let mut request = agent.post(&url);
            if let Some(authorization) = authorization {
                request = request.header("Authorization", authorization);
            }
            request.send_json(&body).map(|response| response.status().as_u16())
        })
        .await?;
        match status {
            Ok(200..=299) => Ok(()),
            Ok(status) => anyhow::bail!("the gateway answered {status}"),
            Err(_) => anyhow::bail!("the gateway did not answer"),
        }
    }
}
