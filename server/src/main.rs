//! `qingdan`: one binary, one subcommand a file.

mod boot;
mod commands;
mod config;
mod copy;
mod demo;
mod http;
mod mail;
mod oidc;
mod proven_at;
mod webhooks;
mod work;

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = commands::Cli::parse();
    init_log();
    match commands::run(cli.command).await {
        Ok(code) => code,
        Err(error) => {
            // The chain of causes, without backtraces: what happened, why, what to do.
            eprintln!("qingdan: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn init_log() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("QINGDAN_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm_migration=warn"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::env::var("QINGDAN_LOG_FORMAT").is_ok_and(|format| format == "json") {
        builder.json().init();
    } else {
        builder.init();
    }
}
