//! The questions and orders to `sacctmgr` and its siblings, typed. Knows nothing of resources.

use std::collections::BTreeMap;

use super::{
    association::{self, Association},
    command::{Answer, Programs},
    failure,
    settings::ClusterSettings,
};
use crate::PluginError;

/// The accounts of one cluster.
#[derive(Clone, Copy)]
pub(super) struct Accounts<'a> {
    programs: &'a Programs,
    settings: &'a ClusterSettings,
}

/// An account to be made.
pub(super) struct NewAccount<'a> {
    pub(super) name: &'a str,
    pub(super) parent: &'a str,
    pub(super) mark: &'a str,
}

impl<'a> Accounts<'a> {
    pub(super) fn new(programs: &'a Programs, settings: &'a ClusterSettings) -> Self {
        Self { programs, settings }
    }

    pub(super) fn settings(&self) -> &'a ClusterSettings {
        self.settings
    }

    /// Whether accounting knows the cluster. Many commands answer an unknown cluster with an empty list.
    pub(super) async fn is_cluster_known(&self) -> Result<bool, PluginError> {
        let names = self.show(&["cluster", "format=cluster"]).await?;
        Ok(association::lines(&names).any(|name| name.trim() == self.settings.cluster))
    }

    /// The description of an account, on whatever cluster.
    pub(super) async fn find_mark(&self, account: &str) -> Result<Option<String>, PluginError> {
        let filter = format!("name={account}");
        let text = self
            .show(&["account", "where", &filter, "format=account,description"])
            .await?;
        let marks = read_pairs(&text)?;
        Ok(marks
            .into_iter()
            .find(|(name, _)| name == account)
            .map(|(_, mark)| mark))
    }

    /// Every account's description.
    pub(super) async fn all_marks(&self) -> Result<BTreeMap<String, String>, PluginError> {
        let text = self.show(&["account", "format=account,description"]).await?;
        Ok(read_pairs(&text)?.into_iter().collect())
    }

    /// An account's own association on the cluster and those of its users.
    pub(super) async fn associations(&self, account: &str) -> Result<Vec<Association>, PluginError> {
        let found = self.query(&format!("account={account}")).await?;
        Ok(found
            .into_iter()
            .filter(|association| association.account == account)
            .collect())
    }

    /// An account's own association on the cluster.
    pub(super) async fn find(&self, account: &str) -> Result<Option<Association>, PluginError> {
        let found = self.associations(account).await?;
        Ok(found.into_iter().find(|association| association.user.is_none()))
    }

    /// Whether nothing is below an account: no account, no user.
    pub(super) async fn is_empty(&self, account: &str) -> Result<bool, PluginError> {
        let children = self.query(&format!("parent={account}")).await?;
        let own = self.associations(account).await?;
        Ok(children.is_empty() && own.iter().all(|association| association.user.is_none()))
    }

    /// Every association of the cluster.
    pub(super) async fn all(&self) -> Result<Vec<Association>, PluginError> {
        let cluster = self.cluster();
        association::read_all(
            &self
                .show(&["assoc", "where", &cluster, association::FORMAT])
                .await?,
        )
    }

    /// Whether the account has associations on other clusters of the same accounting.
    pub(super) async fn is_on_other_clusters(&self, account: &str) -> Result<bool, PluginError> {
        let filter = format!("account={account}");
        let text = self.show(&["assoc", "where", &filter, "format=cluster"]).await?;
        Ok(association::lines(&text).any(|cluster| cluster.trim() != self.settings.cluster))
    }

    pub(super) async fn add(&self, account: &NewAccount<'_>) -> Result<(), PluginError> {
        let args = [
            "add".to_owned(),
            "account".to_owned(),
            format!("name={}", account.name),
            self.cluster(),
            format!("parent={}", account.parent),
            format!("description={}", account.mark),
            "organization=stoa".to_owned(),
        ];
        self.order(&args).await?.expect_done()
    }

    /// Sets properties of an account on the cluster.
    pub(super) async fn set(&self, account: &str, properties: &[String]) -> Result<(), PluginError> {
        let mut args = words(&["modify", "account", "where"]);
        args.extend([format!("name={account}"), self.cluster(), "set".to_owned()]);
        args.extend_from_slice(properties);
        self.order(&args).await?.expect_done()
    }

    /// Removes an account and everything below it, from this cluster or (where it is on no other) altogether.
    pub(super) async fn remove(&self, account: &str, everywhere: bool) -> Result<Answer, PluginError> {
        let mut args = words(&["remove", "account", "where"]);
        args.push(format!("name={account}"));
        if !everywhere {
            args.push(self.cluster());
        }
        self.order(&args).await
    }

    pub(super) async fn add_users(&self, account: &str, users: &[&str]) -> Result<(), PluginError> {
        let mut args = words(&["add", "user"]);
        args.extend([
            format!("name={}", users.join(",")),
            format!("account={account}"),
            self.cluster(),
        ]);
        if let Some(partition) = &self.settings.partition {
            args.push(format!("partition={partition}"));
        }
        self.order(&args).await?.expect_done()
    }

    pub(super) async fn remove_users(&self, account: &str, users: &[&str]) -> Result<Answer, PluginError> {
        let mut args = words(&["remove", "user", "where"]);
        args.extend([
            format!("name={}", users.join(",")),
            format!("account={account}"),
            self.cluster(),
        ]);
        self.order(&args).await
    }

    /// The (default account, other account) pairs of users on the cluster, one for each association.
    pub(super) async fn defaults(&self, users: &[&str]) -> Result<Vec<[String; 3]>, PluginError> {
        let filter = format!("name={}", users.join(","));
        let cluster = self.cluster();
        let text = self
            .show(&[
                "user",
                "where",
                &filter,
                &cluster,
                "withassoc",
                "format=user,defaultaccount,account",
            ])
            .await?;
        let read = |line| association::columns::<3>(line).ok_or_else(|| failure::garbled("sacctmgr", line));
        association::lines(&text)
            .map(|line| Ok(read(line)?.map(ToOwned::to_owned)))
            .collect()
    }

    pub(super) async fn set_default(&self, user: &str, account: &str) -> Result<(), PluginError> {
        let mut args = words(&["modify", "user", "where"]);
        args.extend([
            format!("name={user}"),
            self.cluster(),
            "set".to_owned(),
            format!("DefaultAccount={account}"),
        ]);
        self.order(&args).await?.expect_done()
    }

    /// How many jobs of the account wait or run.
    pub(super) async fn count_jobs(&self, account: &str) -> Result<usize, PluginError> {
        let args = ["-h", "-M", &self.settings.cluster, "-A", account, "-o", "%i|%T"];
        let text = self
            .programs
            .run("squeue", &words(&args))
            .await?
            .expect_success()?;
        Ok(association::lines(&text)
            .filter(|line| !line.starts_with("CLUSTER:"))
            .count())
    }

    /// Cancels the account's jobs, of one user or of all.
    pub(super) async fn cancel_jobs(&self, account: &str, user: Option<&str>) -> Result<(), PluginError> {
        let mut args = words(&["-M", &self.settings.cluster, "-A", account]);
        if let Some(user) = user {
            args.extend(words(&["-u", user]));
        }
        self.programs
            .run("scancel", &args)
            .await?
            .expect_success()
            .map(drop)
    }

    pub(super) async fn run(&self, program: &'static str, args: &[&str]) -> Result<Answer, PluginError> {
        self.programs.run(program, &words(args)).await
    }

    /// A question to `sacctmgr`, answered in columns without a header.
    pub(super) async fn show(&self, args: &[&str]) -> Result<String, PluginError> {
        let mut all = words(&["-P", "-n", "show"]);
        all.extend(words(args));
        self.programs.run("sacctmgr", &all).await?.expect_success()
    }

    async fn query(&self, filter: &str) -> Result<Vec<Association>, PluginError> {
        let cluster = self.cluster();
        association::read_all(
            &self
                .show(&["assoc", "where", &cluster, filter, association::FORMAT])
                .await?,
        )
    }

    async fn order(&self, args: &[String]) -> Result<Answer, PluginError> {
        // -i: do it at once, without asking back.
        let mut all = words(&["-i"]);
        all.extend_from_slice(args);
        self.programs.run("sacctmgr", &all).await
    }

    fn cluster(&self) -> String {
        format!("cluster={}", self.settings.cluster)
    }
}

fn words(args: &[&str]) -> Vec<String> {
    args.iter().map(|arg| (*arg).to_owned()).collect()
}

fn read_pairs(text: &str) -> Result<Vec<(String, String)>, PluginError> {
    let read = |line| association::columns::<2>(line).ok_or_else(|| failure::garbled("sacctmgr", line));
    association::lines(text)
        .map(|line| read(line).map(|[account, mark]| (account.to_owned(), mark.to_owned())))
        .collect()
}
