//! The demonstration's map.

use domain::map::MapFile;

pub(crate) const PARTS: [&str; 5] = [
    include_str!("../../../../server/src/demo/map/00-handler.toml"),
    include_str!("../../../../server/src/demo/map/10-purposes.toml"),
    include_str!("../../../../server/src/demo/map/20-account.toml"),
    include_str!("../../../../server/src/demo/map/30-delivery.toml"),
    include_str!("../../../../server/src/demo/map/40-settlement.toml"),
];

pub(crate) fn files(texts: &[&str]) -> Vec<MapFile> {
    texts.iter().enumerate().map(|(n, text)| MapFile { name: format!("{n}.toml"), text: (*text).to_owned() }).collect()
}
