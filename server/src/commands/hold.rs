use std::process::ExitCode;

use clap::Subcommand;
use domain::{Identifier, IdentifierKind, actor::Actor, hold::HoldOn, ids::HoldId};
use jiff::civil::Date;
use service::holds::NewHold;

use super::{ConfigArg, say};

#[derive(Debug, Subcommand)]
pub(crate) enum HoldCommand {
    /// Keep everything about a person (rows of a table: on the officers' page); their e-mail and mobile are read from standard input, one a line
    Place {
        #[command(flatten)]
        config: ConfigArg,
        /// Who is responsible for the hold
        #[arg(long)]
        owner: String,
        /// Why, without personal data
        #[arg(long)]
        reason: String,
        /// When it must be looked at again
        #[arg(long, value_name = "YYYY-MM-DD")]
        review_on: Date,
    },
    /// List the holds in force
    List {
        #[command(flatten)]
        config: ConfigArg,
    },
    /// End a hold; the next night takes up what it stopped
    Release {
        #[command(flatten)]
        config: ConfigArg,
        id: HoldId,
    },
}

pub(crate) async fn run(command: HoldCommand) -> anyhow::Result<ExitCode> {
    match command {
        HoldCommand::Place { config, owner, reason, review_on } => {
            // Not as arguments: those stand in shell histories and process lists.
            let mut subject = Vec::new();
            for line in std::io::stdin().lines() {
                let line = line?;
                let kinds = [IdentifierKind::Email, IdentifierKind::Mobile];
                let Some(identifier) = kinds.into_iter().find_map(|kind| Identifier::parse(kind, &line)) else {
                    anyhow::bail!("line {} is neither an e-mail address nor a mobile number", subject.len() + 1);
                };
                subject.push(identifier);
            }
            if subject.is_empty() {
                anyhow::bail!("write the person's e-mail address or mobile number to standard input");
            }
            let portal = config.portal().await?;
            let new = NewHold { on: HoldOn::Person(subject), owner, reason, review_on };
            let permit = Actor::System.keep_holds().map_err(service::ServiceError::from)?;
            say(format!("placed {}", portal.place_hold(permit, &Actor::System, new).await?));
        }
        HoldCommand::List { config } => {
            let portal = config.portal().await?;
            for hold in portal.store.active_holds().await? {
                let who = match &hold.on {
                    HoldOn::Person(subject) => service::subject::masked(subject),
                    HoldOn::Rows(rows) => rows.table.to_string(),
                };
                say(format!("{}  {who}  {}  {}  review {}", hold.id, hold.owner, hold.reason, hold.review_on));
            }
        }
        HoldCommand::Release { config, id } => {
            let portal = config.portal().await?;
            let permit = Actor::System.keep_holds().map_err(service::ServiceError::from)?;
            match portal.release_hold(permit, &Actor::System, id).await {
                Ok(()) => say(format!("released {id}")),
                Err(service::ServiceError::NotFound) => anyhow::bail!("there is no hold {id} in force"),
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
