//! The `stoa` binary as somebody at a terminal has it: what it says, and with what it ends.

use std::{path::Path, process::Output};

use entity::{job, plan_price};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use testkit::{Engine, Sold, World, both_engines, run};
use tokio::{net::TcpListener, process::Command};

use crate::architecture::root;

/// Good enough as a secret key.
const KEY: &str = "a secret key of a test, long enough";
const NOBODY: &str = "0190aaaa-0000-7000-8000-000000000001";

/// How a command ended.
#[derive(Debug)]
struct Ended {
    code: i32,
    out: String,
    error: String,
}

impl Ended {
    #[track_caller]
    fn well(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out
    }

    /// It failed, and the last words name this.
    #[track_caller]
    fn naming(self, what: &str) {
        assert_eq!(self.code, 1, "{self:?}");
        assert!(self.error.contains(what), "{what}: {self:?}");
    }
}

/// The binary with these variables and nothing else of this process's environment.
async fn command(arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_stoa"))
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    Ended {
        code: status.code().unwrap(),
        out: String::from_utf8(stdout).unwrap(),
        error: String::from_utf8(stderr).unwrap(),
    }
}

/// The binary over a world's database.
struct Terminal<'w> {
    world: &'w World,
    folder: tempfile::TempDir,
}

impl<'w> Terminal<'w> {
    fn of(world: &'w World) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { world, folder }
    }

    fn variables(&self) -> [(&str, &str); 3] {
        [
            ("STOA_DATABASE_URL", self.world.url()),
            ("STOA_DATA_DIR", self.folder.path().to_str().unwrap()),
            ("STOA_SECRET_KEY", KEY),
        ]
    }

    async fn run(&self, arguments: &str) -> Ended {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        command(&arguments, &self.variables()).await
    }
}

/// The first cell of the line that holds this.
#[track_caller]
fn first_cell(lines: &str, holds: &str) -> String {
    let line = lines.lines().find(|line| line.contains(holds));
    let line = line.unwrap_or_else(|| panic!("{holds} in {lines}"));
    line.split('\t').next().unwrap().to_owned()
}

both_engines! {
    async fn people_are_added_given_roles_and_lose_them(world: World) {
        let stoa = Terminal::of(&world);
        for email in ["ada@example.org", "grace@example.org"] {
            let added = command(&["user", "add", email, "--name", "Ada Lovelace", "--staff"], &stoa.variables()).await.well();
            let password = added.split("first password: ").nth(1).unwrap_or_else(|| panic!("{added}"));
            assert_eq!(password.trim().len(), 22, "letters and digits, so 130 bits: {added}");
        }
        let people = stoa.run("user list ada@").await.well();
        assert!(people.contains("ada@example.org\tAda Lovelace") && people.contains("staff"), "{people}");
        assert_eq!(people.lines().count(), 1, "{people}");
        let grant = first_cell(&stoa.run("user grants").await.well(), "ada@example.org");
        stoa.run(&format!("user revoke {grant}")).await.well();
        stoa.run(&format!("user revoke {grant}")).await.naming(&grant);
        let left = stoa.run("user grants").await.well();
        assert!(left.contains("grace@example.org") && !left.contains("ada@example.org"), "{left}");
        stoa.run("user grant ada@example.org support").await.well();
        assert!(stoa.run("user grants").await.well().contains("ada@example.org\tsupport"));
        let grant = first_cell(&stoa.run("user grants").await.well(), "ada@example.org");
        stoa.run(&format!("user last-day {grant} 2031-05-06")).await.well();
        assert!(stoa.run("user grants").await.well().contains("ada@example.org\tsupport\tuntil 2031-05-07 00:00:00 UTC"));
        stoa.run(&format!("user last-day {grant}")).await.well();
        let open = stoa.run("user grants").await.well();
        assert!(open.contains("ada@example.org\tsupport") && !open.contains("until"), "{open}");
        stoa.run(&format!("user last-day {NOBODY}")).await.naming(NOBODY);
        let reset = stoa.run("user password ada@example.org").await.well();
        assert!(reset.contains("new password: "), "{reset}");
        stoa.run("user deactivate ada@example.org").await.well();
        assert!(stoa.run("user list ada@").await.well().contains("deactivated"));
        stoa.run("user reactivate ada@example.org").await.well();
        assert!(!stoa.run("user list ada@").await.well().contains("deactivated"));
    }

    async fn what_is_not_there_is_named(world: World) {
        let stoa = Terminal::of(&world);
        for person in ["user password", "user deactivate", "user reactivate", "token list --user"] {
            stoa.run(&format!("{person} nobody@example.org")).await.naming("nobody@example.org");
        }
        stoa.run("user grant nobody@example.org staff").await.naming("nobody@example.org");
        for thing in ["user revoke", "job retry", "user grants --on"] {
            let on = if thing.ends_with("--on") { "project=" } else { "" };
            stoa.run(&format!("{thing} {on}{NOBODY}")).await.naming(NOBODY);
        }
    }

    async fn tokens_are_made_listed_and_ended(world: World) {
        let stoa = Terminal::of(&world);
        let email = world.staff().await.email;
        let secret = stoa.run(&format!("token add --user {email} --scope read --days 7")).await.well();
        let of = |secret: String| {
            let domain = world.domain().clone();
            async move { domain.accounts().actor_by_token(secret.trim()).await }
        };
        assert_eq!(of(secret.clone()).await.unwrap().token_scopes, Some(vec![model::TokenScope::Read]));
        let listed = stoa.run(&format!("token list --user {email}")).await.well();
        let token = first_cell(&listed, "command line");
        stoa.run(&format!("token revoke --user {email} {token}")).await.well();
        of(secret).await.unwrap_err();
        stoa.run(&format!("token revoke --user {email} {NOBODY}")).await.naming(NOBODY);
    }

    async fn a_token_that_was_ended_on_the_command_line_was_ended_by_no_person(world: World) {
        let stoa = Terminal::of(&world);
        let person = world.staff().await;
        let email = &person.email;
        stoa.run(&format!("token add --user {email} --scope read --days 7")).await.well();
        let token = first_cell(&stoa.run(&format!("token list --user {email}")).await.well(), "command line");
        stoa.run(&format!("token revoke --user {email} {token}")).await.well();
        let events = world.domain().accounts().security_events(&person).await.unwrap();
        let by: Vec<_> = events.iter().map(|event| (event.verb.as_str(), event.by.as_str())).collect();
        assert!(by.contains(&("account.token_revoked", "Stoa")), "{by:?}");
    }

    async fn tokens_of_somebody_deactivated_are_listed_and_can_be_named(world: World) {
        let stoa = Terminal::of(&world);
        let email = world.stranger().await.email;
        stoa.run(&format!("token add --user {email} --scope read --days 7")).await.well();
        stoa.run(&format!("user deactivate {email}")).await.well();
        let listed = stoa.run(&format!("token list --user {email}")).await.well();
        assert!(listed.contains("revoked"), "{listed}");
        let token = first_cell(&listed, "command line");
        stoa.run(&format!("token revoke --user {email} {token}")).await.well();
        stoa.run(&format!("token revoke --user {email} {NOBODY}")).await.naming(NOBODY);
    }

    async fn a_job_that_was_given_up_is_listed_and_tried_again(world: World) {
        let stoa = Terminal::of(&world);
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).await;
        world.order(&buyer.owner, &project, &offering).await;
        world.leaves_jobs();
        let dead = Expr::value(model::JobState::Dead);
        job::Entity::update_many().col_expr(job::Column::State, dead).exec(world.db()).await.unwrap();
        let job = first_cell(&stoa.run("job list --state dead").await.well(), "provision_order");
        stoa.run(&format!("job retry {job}")).await.well();
        assert_eq!(stoa.run("job list --state dead").await.well(), "");
        stoa.run(&format!("job retry {job}")).await.naming(&job);
    }

    async fn verify_ends_well_on_sound_data_and_badly_on_a_finding(world: World) {
        world.clock().set("2024-02-10T09:00:00Z");
        let stoa = Terminal::of(&world);
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).await;
        world.order(&buyer.owner, &project, &offering).await;
        world.leaves_jobs();
        assert_eq!(stoa.run("verify").await.well(), "verify: clean\n");
        job::Entity::delete_many().exec(world.db()).await.unwrap();
        let found = stoa.run("verify").await;
        assert_eq!(found.code, 1, "{found:?}");
        assert!(found.out.contains("invariant 4: ") && found.out.ends_with("verify: 1 finding(s)\n"), "{found:?}");
    }

    async fn closing_ends_badly_where_somebody_could_not_be_invoiced(world: World) {
        world.clock().set("2024-02-10T09:00:00Z");
        world.leaves_jobs();
        let stoa = Terminal::of(&world);
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let fixed = world.offering(&provider).selling(Sold::every_period("base").at("30")).await;
        world.order(&buyer.owner, &project, &fixed).fulfilled().await;
        let first = stoa.run("billing close 2024-02").await.well();
        assert!(first.contains("2024-02: 1 issued, 0 issued before, 0 could not be"), "{first}");
        let again = stoa.run("billing close 2024-02").await.well();
        assert!(again.contains("0 issued, 1 issued before"), "{again}");
        // A price that cannot be computed: refused today, but it may be there from before.
        let nothing = serde_json::json!({ "scheme": "tiered", "tiers": [{ "up_to": "0.5", "price": "1" }] });
        plan_price::Entity::update_many()
            .col_expr(plan_price::Column::Scheme, Expr::value(nothing))
            .filter(plan_price::Column::PlanId.eq(fixed.plan))
            .exec(world.db())
            .await
            .unwrap();
        let failed = stoa.run("billing close 2024-03").await;
        assert_eq!(failed.code, 1, "{failed:?}");
        assert!(failed.out.contains("not issued: ") && failed.out.contains("1 could not be"), "{failed:?}");
    }

    async fn another_secret_key_than_the_first_is_refused(world: World) {
        let stoa = Terminal::of(&world);
        stoa.run("user list").await.well();
        let [url, folder, _] = stoa.variables();
        let other = ("STOA_SECRET_KEY", "another secret key, long enough as well");
        for arguments in [&["user", "list"][..], &["work"], &["serve"]] {
            command(arguments, &[url, folder, other]).await.naming("STOA_SECRET_KEY");
        }
    }

    async fn metrics_are_listened_for_where_it_is_set(world: World) {
        let stoa = Terminal::of(&world);
        // Taken already: what listens there says so, and nothing else is started.
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = taken.local_addr().unwrap().to_string();
        let mut variables = stoa.variables().to_vec();
        variables.push(("STOA_METRICS_LISTEN", &address));
        let ended = command(&["serve"], &variables).await;
        ended.naming(&format!("{address} cannot be listened on for metrics"));
    }
}

/// The block of statements in `server/SECURITY.md`, for a role of this name.
fn grants_for(role: &str) -> String {
    let text = std::fs::read_to_string(root().join("server/SECURITY.md")).unwrap();
    let block = text.split("```").nth(1).unwrap().replace("stoa_serves", role);
    block.replace("for role stoa ", "for role current_user ")
}

/// The address with another user, who has the same password.
fn as_user(url: &str, user: &str) -> (String, String) {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (who, place) = rest.split_once('@').unwrap();
    let password = who.split_once(':').map_or("", |(_, password)| password);
    (
        format!("{scheme}://{user}:{password}@{place}"),
        password.to_owned(),
    )
}

#[test]
fn a_role_that_cannot_change_the_schema_serves() {
    run(Engine::Postgres, async |world: World| {
        let (db, stoa) = (world.db(), Terminal::of(&world));
        // The database's name is like no other on its server.
        let database = world.url().rsplit('/').next().unwrap();
        let role = format!("{}_serves", database.split('?').next().unwrap());
        let (url, password) = as_user(world.url(), &role);
        db.execute_unprepared(&grants_for(&role)).await.unwrap();
        db.execute_unprepared(&format!("alter role {role} password '{password}'"))
            .await
            .unwrap();
        let [_, folder, key] = stoa.variables();
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let metrics = taken.local_addr().unwrap().to_string();
        let variables = [
            ("STOA_DATABASE_URL", url.as_str()),
            folder,
            key,
            ("STOA_METRICS_LISTEN", &metrics),
        ];
        let as_role = async |arguments: &str| {
            let arguments: Vec<&str> = arguments.split(' ').collect();
            command(&arguments, &variables).await
        };
        as_role("user add ada@example.org --name Ada --staff")
            .await
            .well();
        as_role("token add --user ada@example.org --scope read")
            .await
            .well();
        as_role("verify").await.well();
        as_role("serve").await.naming("cannot be listened on for metrics");
        let own = domain::connect::connect(&url, 2).await.unwrap();
        let draft = model::WebhookDraft {
            url: "https://hooks.example.org/".into(),
            description: String::new(),
            kinds: Vec::new(),
        };
        let webhooks = world.domain().webhooks();
        webhooks
            .create(&domain::Actor::system(), model::Scope::System, draft)
            .await
            .unwrap();
        world.leaves_jobs();
        let (clock, cipher) = (world.clock().clone(), domain::Cipher::new("the secret of a test"));
        let served = domain::Operations::new(own.clone(), std::sync::Arc::new(clock), cipher);
        assert_eq!(
            served.webhooks().tell_due().await.unwrap(),
            1,
            "it reads how far the log is settled"
        );
        for change in [
            "create table mine (id int)",
            "alter table audit_events disable trigger all",
            "drop trigger audit_events_stay on audit_events",
            "update audit_events set verb = 'x'",
            "truncate audit_events",
        ] {
            assert!(own.execute_unprepared(change).await.is_err(), "{change}");
        }
        own.close().await.unwrap();
        db.execute_unprepared(&format!("drop owned by {role}; drop role {role}"))
            .await
            .unwrap();
    });
}

#[tokio::test]
async fn settings_come_from_the_file_that_the_environment_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let written = |text: &str| {
        std::fs::write(path("other.toml"), text).unwrap();
        path("other.toml")
    };
    let named = written(&format!("data_dir = {:?}\n", path("data")));
    std::fs::create_dir(path("data")).unwrap();
    command(&["migrate"], &[("STOA_CONFIG", &named)]).await.well();
    assert!(
        Path::new(&path("data")).join("stoa.db").is_file(),
        "the folder that the file names"
    );
    let status = command(&["--config", &named, "migrate", "--status"], &[])
        .await
        .well();
    let (done, all) = status
        .trim()
        .strip_suffix(" steps done")
        .unwrap()
        .split_once(" of ")
        .unwrap();
    assert_eq!(done, all);
    let faulty = written("colour = \"blue\"\nlisten = \"here\"\n");
    let ended = command(&["migrate"], &[("STOA_CONFIG", &faulty)]).await;
    assert!(
        ended.error.contains("colour") && ended.error.contains("listen"),
        "{ended:?}"
    );
    let absent = path("absent.toml");
    command(&["migrate"], &[("STOA_CONFIG", &absent)])
        .await
        .naming("absent.toml");
}
