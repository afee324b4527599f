//! From the configuration to providers that can be asked: each has its secret before anything starts.

use anyhow::{Context, bail};

use super::{
    Provider,
    answer::{ClientSecret, Fetcher},
    cache::Cache,
};
use crate::config::{Config, IdentityProvider};

/// Every provider, with its secret. `back` makes the address people come back to, from a provider's id.
pub(crate) fn providers(config: &Config, back: impl Fn(&str) -> String) -> anyhow::Result<Vec<Provider>> {
    let made = |provider: &IdentityProvider| {
        let secret = secret(config, provider)
            .with_context(|| format!("[[identity_provider]] “{}” client_secret", provider.id))?;
        Ok(Provider {
            back: format!("{}{}", config.public_url, back(&provider.id)),
            config: provider.clone(),
            secret,
            fetcher: Fetcher::new(),
            cache: Cache::default(),
        })
    };
    config.identity_provider.iter().map(made).collect()
}

fn secret(config: &Config, provider: &IdentityProvider) -> anyhow::Result<ClientSecret> {
    let text = match (&provider.client_secret_env, &provider.client_secret_file) {
        (Some(variable), _) => {
            std::env::var(variable).with_context(|| format!("the environment variable {variable} is not set"))?
        }
        (None, Some(file)) => {
            let file = config.path(file);
            std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?
        }
        (None, None) => bail!("write one of client_secret_env or client_secret_file"),
    };
    let text = text.trim();
    if text.is_empty() {
        bail!("is empty; put the secret the provider gave for this portal there");
    }
    Ok(ClientSecret::new(text))
}
