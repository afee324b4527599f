//! Where customers may be signed in already: the company's identity provider (OpenID Connect).

use std::{collections::BTreeSet, net::IpAddr, path::PathBuf};

use anyhow::{Context, bail};
use domain::lang::Words;
use serde::Deserialize;
use url::{Host, Url};

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentityProvider {
    /// Stands in addresses here, also in the one the company registers at the provider.
    pub(crate) id: String,
    /// On the button: “用…登录”, “Sign in with …”.
    pub(crate) name: Words,
    /// As the provider itself writes it: what it signs must say exactly this.
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) client_secret_env: Option<String>,
    pub(crate) client_secret_file: Option<PathBuf>,
    #[serde(default = "usual_scopes")]
    pub(crate) scopes: Vec<String>,
    #[serde(default)]
    pub(crate) proves: Proves,
}

/// Which of what the provider says proves which identifier. Whoever writes this down names every one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Proves {
    pub(crate) email: Option<Claim>,
    pub(crate) mobile: Option<Claim>,
}

/// The claim with the value, and the one that must be true beside it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claim {
    pub(crate) claim: String,
    pub(crate) verified: String,
}

impl Default for Proves {
    /// The standard's own names (OpenID Connect Core, 5.1).
    fn default() -> Self {
        let claim = |claim: &str| Some(Claim { claim: claim.to_owned(), verified: format!("{claim}_verified") });
        Self { email: claim("email"), mobile: claim("phone_number") }
    }
}

fn usual_scopes() -> Vec<String> {
    ["openid", "email", "phone"].map(str::to_owned).to_vec()
}

/// Encrypted, but on this machine itself for trying out.
pub(crate) fn encrypted_or_here(url: &Url) -> bool {
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && here)
}

pub(super) fn check(providers: &[IdentityProvider]) -> anyhow::Result<()> {
    let mut ids = BTreeSet::new();
    for provider in providers {
        provider.check().with_context(|| format!("[[identity_provider]] “{}”", provider.id))?;
        if !ids.insert(&provider.id) {
            bail!("[[identity_provider]]: id = “{}” stands twice; give each its own", provider.id);
        }
    }
    Ok(())
}

impl IdentityProvider {
    fn check(&self) -> anyhow::Result<()> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if self.id.is_empty() || self.id.len() > 32 || !self.id.bytes().all(plain) {
            bail!(
                "id: it stands in an address; write up to 32 small letters, digits and hyphens, such as id = \"yuanfan\""
            );
        }
        if self.name.zh.trim().is_empty() || self.name.en.trim().is_empty() {
            bail!(
                "name: write both languages, such as name = {{ zh-CN = \"远帆账号\", en = \"your Yuanfan account\" }}"
            );
        }
        let issuer = Url::parse(&self.issuer)
            .ok()
            .filter(|url| encrypted_or_here(url) && url.query().is_none() && url.fragment().is_none());
        if issuer.is_none() || self.issuer.contains("/.well-known/") {
            bail!(
                "issuer: “{}” is not an issuer; write the https:// address that stands as \"issuer\" in the provider's \
                 /.well-known/openid-configuration (http:// only on 127.0.0.1)",
                self.issuer
            );
        }
        if self.client_id.is_empty() {
            bail!("client_id: write the one the provider gave for this portal");
        }
        if self.client_secret_env.is_some() == self.client_secret_file.is_some() {
            bail!("write one of client_secret_env or client_secret_file");
        }
        if !self.scopes.iter().any(|scope| scope == "openid") {
            bail!(
                "scopes: without \"openid\" the provider does not say who it is; write scopes = [\"openid\", \"email\"]"
            );
        }
        if let Some(scope) = self.scopes.iter().find(|scope| scope.is_empty() || scope.contains(char::is_whitespace)) {
            bail!("scopes: “{scope}” is not one scope; write each on its own, as scopes = [\"openid\", \"email\"]");
        }
        let claims: Vec<&Claim> = self.proves.email.iter().chain(&self.proves.mobile).collect();
        if claims.is_empty() {
            bail!(
                "proves: nobody would be known by this; write proves = {{ email = {{ claim = \"email\", verified = \
                 \"email_verified\" }} }}, or leave it away for e-mail and mobile by their standard names"
            );
        }
        if let Some(same) = claims.iter().find(|claim| claim.verified.is_empty() || claim.claim == claim.verified) {
            bail!(
                "proves: beside “{}” name the claim that is true where the provider has verified it, as verified = \
                 \"email_verified\"",
                same.claim
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::IdentityProvider;

    const GOOD: &str = r#"
        id = "yuanfan"
        name = { zh-CN = "远帆账号", en = "your Yuanfan account" }
        issuer = "https://id.example.com/realms/shop"
        client_id = "qingdan"
        client_secret_env = "OIDC_SECRET"
    "#;

    fn said(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from));
        let text = GOOD.replace(from, to);
        match toml::from_str::<IdentityProvider>(&text) {
            Ok(provider) => provider.check().err().map(|error| format!("{error:#}")).unwrap_or_default(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_wrong_provider_is_told_with_what_to_write() {
        assert_eq!(said("yuanfan\"\n", "yuanfan\"\n"), "");
        assert_eq!(said("https://id.example.com/realms/shop", "http://127.0.0.1:9/x"), "");
        assert_eq!(said("client_id", "scopes = [\"openid\", \"profile\"]\nclient_id"), "");
        for (from, to, expected) in [
            ("\"yuanfan\"", "\"Yuan Fan\"", "small letters"),
            (", en = \"your Yuanfan account\"", "", "missing field `en`"),
            ("your Yuanfan account", " ", "both languages"),
            ("https://id", "http://id", "write the https:// address"),
            ("https://id.example.com", "http://127.0.0.1.example.com", "write the https:// address"),
            ("/realms/shop", "/.well-known/openid-configuration", "stands as \"issuer\""),
            ("\"qingdan\"", "\"\"", "client_id"),
            ("client_secret_env", "client_secret_file = \"x\"\nclient_secret_env", "write one of"),
            ("client_secret_env = \"OIDC_SECRET\"", "", "write one of client_secret_env or client_secret_file"),
            ("client_id", "client_secret = \"x\"\nclient_id", "unknown field `client_secret`"),
            ("client_id", "scopes = [\"email\"]\nclient_id", "without \"openid\""),
            ("client_id", "scopes = [\"openid email\"]\nclient_id", "without \"openid\""),
            ("client_id", "scopes = [\"openid\", \"e mail\"]\nclient_id", "each on its own"),
            ("client_id", "proves = {}\nclient_id", "nobody would be known"),
            ("client_id", "proves = { email = { claim = \"mail\" } }\nclient_id", "missing field `verified`"),
            ("client_id", "proves = { email = { claim = \"a\", verified = \"a\" } }\nclient_id", "beside “a”"),
        ] {
            let said = said(from, to);
            assert!(said.contains(expected), "{to}: {said}");
        }
    }
}
