//! `stoa user`: people and their roles.

use std::io::Read;

use anyhow::Context;
use chrono::NaiveDate;
use domain::{
    Operations,
    access::{Actor, NewGrant, accounts::NewUser},
};
use model::{GrantId, PageRequest, Role, Scope, UserId};
use rand::distr::{Alphanumeric, SampleString};

use super::{output::say, refusal::refused};
use crate::{cli::UserCommand, config::Config, state};

pub(crate) async fn user(config: &Config, command: UserCommand) -> anyhow::Result<()> {
    let operations = state::open(config, false).await?;
    match command {
        UserCommand::Add {
            email,
            name,
            username,
            staff,
            password_stdin,
        } => {
            let (password, typed) = password(password_stdin)?;
            let new = NewUser {
                username: username.unwrap_or_else(|| username_of(&email)),
                email,
                name,
                password,
            };
            add(&operations, new, staff, typed).await
        }
        UserCommand::List { search } => list(&operations, &search).await,
        UserCommand::Password {
            email,
            password_stdin,
        } => {
            let person = person(&operations, &email).await?;
            let (password, typed) = password(password_stdin)?;
            let set = operations.accounts().set_password(person, &password).await;
            set.map_err(refused)?;
            say(&shown(
                "the password was changed",
                "new password",
                &password,
                typed,
            ))
        }
        UserCommand::Grant {
            email,
            role,
            on,
            reason,
        } => {
            let person = person(&operations, &email).await?;
            let grant = grant(&operations, person, role, on, &reason)
                .await
                .with_context(|| format!("{role} on {}", written(on)))?;
            say(&format!("{email} is {role} now (grant {grant})"))
        }
        UserCommand::Deactivate { email, reason } => {
            let person = person(&operations, &email).await?;
            let accounts = operations.domain().accounts();
            let done = accounts.deactivate(&Actor::system(), person, &reason).await;
            done.map_err(refused)?;
            say(&format!(
                "{email} is deactivated: sessions and tokens have ended, roles stay"
            ))
        }
        UserCommand::Reactivate { email, reason } => {
            let person = person(&operations, &email).await?;
            let accounts = operations.domain().accounts();
            let done = accounts.reactivate(&Actor::system(), person, &reason).await;
            done.map_err(refused)?;
            say(&format!("{email} is reactivated and may sign in"))
        }
        UserCommand::Grants { on } => grants(&operations, on).await,
        UserCommand::LastDay { grant, day, reason } => last_day(&operations, grant, day, &reason).await,
        UserCommand::Revoke { grant, reason } => {
            let revoked = operations
                .domain()
                .access()
                .revoke(&Actor::system(), grant, &reason)
                .await;
            revoked
                .map_err(refused)
                .with_context(|| format!("grant {grant}"))?;
            say(&format!("grant {grant} was taken away"))
        }
    }
}

/// The person with this address, who must exist.
pub(super) async fn person(operations: &Operations, email: &str) -> anyhow::Result<UserId> {
    let found = operations
        .accounts()
        .find_by_email(email)
        .await
        .map_err(refused)?;
    found.with_context(|| format!("nobody has the e-mail address {email}; `stoa user list` lists people"))
}

async fn add(operations: &Operations, new: NewUser, staff: bool, typed: bool) -> anyhow::Result<()> {
    let (email, password) = (new.email.clone(), new.password.clone());
    let user = operations.accounts().create_user(new).await.map_err(refused)?;
    if staff {
        grant(
            operations,
            user,
            Role::Staff,
            Scope::System,
            "added on the command line",
        )
        .await?;
    }
    say(&shown(
        &format!("added {email}"),
        "first password",
        &password,
        typed,
    ))
}

fn shown(done: &str, what: &str, password: &str, typed: bool) -> String {
    if typed {
        done.to_owned()
    } else {
        format!("{done}; {what}: {password}")
    }
}

async fn grant(
    operations: &Operations,
    user: UserId,
    role: Role,
    scope: Scope,
    reason: &str,
) -> anyhow::Result<GrantId> {
    let new = NewGrant {
        user,
        role,
        scope,
        expires_at: None,
        reason: reason.to_owned(),
    };
    operations
        .domain()
        .access()
        .grant(&Actor::system(), new)
        .await
        .map_err(refused)
}

async fn last_day(
    operations: &Operations,
    grant: GrantId,
    day: Option<NaiveDate>,
    reason: &str,
) -> anyhow::Result<()> {
    // It is included: the role ends with the next day's first instant.
    let end = day.map(|day| domain::end_of_day(Actor::system().time_zone, day));
    let access = operations.domain().access();
    let changed = access.change_role_end(&Actor::system(), grant, end, reason).await;
    changed
        .map_err(refused)
        .with_context(|| format!("grant {grant}"))?;
    say(&match day {
        Some(day) => format!("the last day of grant {grant} is {day}"),
        None => format!("grant {grant} has no end"),
    })
}

async fn list(operations: &Operations, search: &str) -> anyhow::Result<()> {
    let mut request = PageRequest::first(PageRequest::MOST);
    loop {
        let page = operations
            .domain()
            .accounts()
            .people(&Actor::system(), search, &model::NamedList::default(), &request)
            .await;
        let page = page.map_err(refused)?;
        for person in page.items {
            let roles: Vec<&str> = person.roles.iter().map(|role| role.as_str()).collect();
            let state = if person.is_active { "" } else { "\tdeactivated" };
            say(&format!(
                "{}\t{}\t{}\t{}{state}",
                person.email,
                person.name,
                person.username,
                roles.join(",")
            ))?;
        }
        if page.next.is_none() {
            return Ok(());
        }
        request.cursor = page.next;
    }
}

async fn grants(operations: &Operations, on: Scope) -> anyhow::Result<()> {
    let members = operations.domain().access().members(&Actor::system(), on).await;
    for member in members.map_err(refused).with_context(|| written(on))? {
        let end = member
            .expires_at
            .map_or_else(String::new, |end| format!("\tuntil {end}"));
        say(&format!(
            "{}\t{}\t{}{end}",
            member.grant_id, member.email, member.role
        ))?;
    }
    Ok(())
}

/// Letters and digits of a password that is made here: 130 bits.
const MADE: usize = 22;

/// A password, and whether it was typed: one that was made here must be shown.
fn password(stdin: bool) -> anyhow::Result<(String, bool)> {
    if !stdin {
        return Ok((Alphanumeric.sample_string(&mut rand::rng(), MADE), false));
    }
    let mut text = String::new();
    std::io::stdin()
        .take(4096)
        .read_to_string(&mut text)
        .context("the password cannot be read from standard input")?;
    Ok((text.lines().next().unwrap_or_default().to_owned(), true))
}

/// `anna.tamm@example.org` becomes `anna_tamm`.
fn username_of(email: &str) -> String {
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    local
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .take(32)
        .collect()
}

/// As `--on` takes it.
fn written(scope: Scope) -> String {
    match scope {
        Scope::System => "system".to_owned(),
        Scope::Organization(id) => format!("organization={id}"),
        Scope::Project(id) => format!("project={id}"),
        Scope::Provider(id) => format!("provider={id}"),
        Scope::Offering(id) => format!("offering={id}"),
    }
}
