//! From a configuration to a running [`Portal`].

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use domain::breaker;
use domain::map::{self, DataMap, Severity};
use service::{Chance, Clock, Live, Portal, Settings, calendar::Years, sign_in::Passwords};
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
    Ok(store.with_lease(Duration::from_secs(config.limits.lease_seconds.max(1))))
}

/// The portal by the version of the map in force, ready to take up the next one.
pub(crate) async fn live(config: &Config) -> anyhow::Result<Live> {
    let disk = load_map(&config.path(&config.map))?;
    let portal = by_version_in_force(config, &disk, Clock::System).await?;
    if portal.map.hash != disk.hash {
        tracing::warn!(
            in_force = portal.map.hash.short(),
            on_disk = disk.hash.short(),
            "the map on disk is not the one in force; two officers must approve it"
        );
    }
    Ok(Live::new(Arc::new(portal), disk, config.base.clone()))
}

pub(crate) async fn portal(config: &Config) -> anyhow::Result<Portal> {
    portal_at(config, Clock::System).await
}

/// By another clock: a demonstration has a past.
pub(crate) async fn portal_at(config: &Config, clock: Clock) -> anyhow::Result<Portal> {
    let disk = load_map(&config.path(&config.map))?;
    by_version_in_force(config, &disk, clock).await
}

async fn by_version_in_force(config: &Config, disk: &DataMap, clock: Clock) -> anyhow::Result<Portal> {
    let store = store(config).await?;
    let map = Arc::new(service::policy_in_force(&store, &clock, disk).await?);
    let sources = Sources::open(&map, &config.base)?;
    let portal = Portal {
        store,
        sources: Arc::new(sources),
        map,
        years: Years::default(),
        clock,
        chance: Chance::system(),
        passwords: Passwords::strong()?,
        settings: Settings {
            address: config.public_url.clone(),
            first_batch: config.retention.first_batch,
            largest_batch: config.retention.largest_batch,
            lanes: config.retention.lanes,
            window: (config.retention.hours > 0).then(|| Duration::from_hours(config.retention.hours)),
            breaker: breaker::Limits {
                share: config.retention.breaker_share,
                times: config.retention.breaker_times,
                from_rows: config.retention.breaker_rows,
            },
            tries_per_network: config.limits.tries_per_network,
        },
    };
    portal.learn_years().await?;
    portal.map_in_force().await?;
    Ok(portal)
}
