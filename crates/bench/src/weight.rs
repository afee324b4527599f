//! Bytes on the wire of the first view, from the pre-compressed assets of a release.

use std::{path::PathBuf, process::Command};

use crate::say;

pub(crate) fn binary() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let binary = own.parent().map(|folder| folder.join("qingdan")).unwrap_or_default();
    anyhow::ensure!(binary.exists(), "{} is missing: make release", binary.display());
    Ok(binary)
}

pub(crate) fn report() -> anyhow::Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let size = |name: &str| std::fs::metadata(root.join("site").join(name)).map(|data| data.len());
    let together = |names: [&str; 3]| {
        let sizes = names.map(|name| size(name).map_err(|_| anyhow::anyhow!("site/{name} is missing: make release")));
        sizes.into_iter().sum::<anyhow::Result<u64>>()
    };
    let islands = together(["qingdan.js.br", "qingdan_bg.wasm.br", "start.js.br"])?;
    let check = together(["check.js.br", "check_bg.wasm.br", "check-file.js.br"])?;
    let css = size("main.css.br")?;
    let dir = tempfile::tempdir()?;
    let port = testkit::free_port();
    let mut child = Command::new(binary()?)
        .args(["demo", "--customers", "20", "--listen", &format!("127.0.0.1:{port}"), "--dir"])
        .arg(dir.path().join("demo"))
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()?;
    let agent: ureq::Agent = ureq::Agent::config_builder().build().into();
    let mut html = 0;
    for _ in 0..100 {
        std::thread::sleep(std::time::Duration::from_millis(100));
        let answer = agent.get(format!("http://127.0.0.1:{port}/policy")).header("accept-encoding", "br").call();
        if let Ok(mut answer) = answer {
            html = answer.body_mut().read_to_vec()?.len() as u64;
            break;
        }
    }
    child.kill()?;
    child.wait()?;
    say("\nbytes on the wire, brotli (goal: first view of any customer page ≤ 90,000)");
    say(&format!("  policy, the longest page: HTML {html} + style {css} = {}", html + css));
    say(&format!("  a page with islands adds {islands} (script and wasm)"));
    say(&format!("  the check of a certificate's file adds {check}, when a file is chosen"));
    Ok(())
}
