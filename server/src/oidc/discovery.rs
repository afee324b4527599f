//! What a provider says of itself (OpenID Connect Discovery).

use serde::Deserialize;
use url::Url;

use super::trouble::Trouble;
use crate::config::encrypted_or_here;

pub(super) struct Metadata {
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) jwks_uri: Url,
    pub(super) userinfo_endpoint: Option<Url>,
    pub(super) client_sends: ClientSends,
    /// It always says which one it is when it sends people back (RFC 9207).
    pub(super) says_iss: bool,
}

/// How the client secret goes to the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClientSends {
    Basic,
    Post,
}

#[derive(Deserialize)]
struct Written {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    userinfo_endpoint: Option<Url>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

pub(super) fn address(issuer: &str) -> String {
    format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
}

impl Metadata {
    pub(super) fn read(text: &[u8], issuer: &str) -> Result<Self, Trouble> {
        let written: Written =
            serde_json::from_slice(text).map_err(|_| Trouble::Unreachable("its configuration cannot be read"))?;
        // Exactly, or somebody else could speak for it (Discovery, 4.3).
        if written.issuer != issuer {
            return Err(Trouble::Unreachable("its configuration names another issuer than ours does"));
        }
        let places = [&written.authorization_endpoint, &written.token_endpoint, &written.jwks_uri];
        if !places.into_iter().chain(&written.userinfo_endpoint).all(encrypted_or_here) {
            return Err(Trouble::Unreachable("its configuration names an address without encryption"));
        }
        let client_sends = match &written.token_endpoint_auth_methods_supported {
            None => ClientSends::Basic,
            Some(methods) if methods.iter().any(|method| method == "client_secret_basic") => ClientSends::Basic,
            Some(methods) if methods.iter().any(|method| method == "client_secret_post") => ClientSends::Post,
            Some(_) => return Err(Trouble::Unreachable("it takes no client secret")),
        };
        Ok(Self {
            authorization_endpoint: written.authorization_endpoint,
            token_endpoint: written.token_endpoint,
            jwks_uri: written.jwks_uri,
            userinfo_endpoint: written.userinfo_endpoint,
            client_sends,
            says_iss: written.authorization_response_iss_parameter_supported,
        })
    }
}
