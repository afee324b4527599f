//! From a configuration to a running [`Portal`].

use std::{path::Path, sync::Arc};

use anyhow::{Context, bail};
use domain::{
    actor::Actor,
    audit::Action,
    map::{self, DataMap, Severity},
};
use service::{Chance, Clock, Portal, Settings, sign_in::Passwords};
use sources::Sources;
use store::{MasterKey, Store, Vault};

use crate::config::Config;

pub(crate) fn load_map(path: &Path) -> anyhow::Result<DataMap> {
    map::load_dir(path).map_err(|problems| {
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
        let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("the data map has {errors} errors:\n{}", list.join("\n"))
    })
}

/// The portal's own database alone.
pub(crate) async fn store(config: &Config) -> anyhow::Result<Store> {
    let key_file = config.path(&config.portal.key_file);
    let key = std::fs::read_to_string(&key_file)
        .with_context(|| format!("the key file {} cannot be read; `qingdan key` makes one", key_file.display()))?;
    let Some(key) = MasterKey::parse(&key) else {
        bail!("the key file {} must hold 64 hexadecimal digits; `qingdan key` makes one", key_file.display());
    };
    let store = Store::open(&config.database_url()?, &config.base, Vault::new(&key)).await?;
    Ok(store.with_lease(jiff::SignedDuration::from_secs(config.limits.lease_seconds.max(1))))
}

pub(crate) async fn portal(config: &Config) -> anyhow::Result<Portal> {
    let map = Arc::new(load_map(&config.path(&config.map))?);
    let store = store(config).await?;
    let sources = Sources::open(&map, &config.base)?;
    let portal = Portal {
        store,
        sources,
        map,
        clock: Clock::System,
        chance: Chance::system(),
        passwords: Passwords::strong()?,
        settings: Settings {
            first_batch: config.retention.first_batch,
            largest_batch: config.retention.largest_batch,
            tries_per_network: config.limits.tries_per_network,
        },
    };
    map_in_force(&portal).await?;
    Ok(portal)
}

/// The first start under a new version of the map is in the audit log.
async fn map_in_force(portal: &Portal) -> anyhow::Result<()> {
    let now = portal.clock.now();
    let tx = portal.store.begin().await?;
    if tx.map_in_force(&portal.map.hash, now).await? {
        let hash = portal.map.hash.as_str();
        tx.audit(now, &Actor::System, Action::MapInForce, format!("map:{hash}"), serde_json::json!({})).await?;
    }
    tx.commit().await?;
    Ok(())
}
