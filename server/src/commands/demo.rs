use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::Args;
use jiff::civil::Date;

use super::{
    say,
    serve::{Worker, serve},
};
use crate::{demo, http::Demo, mail::Folder};

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Where to write the company, its map, the configuration and the mail
    #[arg(long, default_value = "demo")]
    dir: PathBuf,
    /// How many customers the company has
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(20..=1_000_000))]
    customers: u32,
    /// The same seed on the same day makes the same company
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// The day the company's history leads up to, instead of today
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
    /// Days it has lived with the portal already: requests answered and open, nights, the register of destruction
    #[arg(long, value_name = "DAYS", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=60))]
    past: u8,
    /// One officer decides everything; otherwise two decide deletions, what leaves the company, and who is hardest to tell
    #[arg(long)]
    one_officer: bool,
    /// Write, but do not serve
    #[arg(long)]
    no_serve: bool,
}

pub(crate) async fn run(args: &DemoArgs) -> anyhow::Result<ExitCode> {
    let today = args.today.unwrap_or_else(|| service::Clock::System.today());
    let wanted = demo::Wanted {
        dir: &args.dir,
        customers: args.customers,
        seed: args.seed,
        listen: args.listen,
        today,
        past: args.past,
        officers: if args.one_officer { demo::Officers::One } else { demo::Officers::Two },
    };
    let config = demo::write(&wanted).await?;
    if args.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    let mailbox = Folder::open(&config.path(std::path::Path::new("mail")))?;
    say(format!(
        "\nOpen {}  (codes arrive at {}/demo/mailbox; stop with Ctrl-C)\n",
        config.public_url, config.public_url
    ));
    serve(config, Worker::Here, Demo::Yes(mailbox)).await
}
