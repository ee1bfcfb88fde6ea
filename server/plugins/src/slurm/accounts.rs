//! The questions and orders to `sacctmgr` and its siblings, typed. Knows nothing of resources.

use std::collections::BTreeSet;

use super::{
    association::{self, Association},
    command::{Answer, Head, Programs},
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
    /// Its `GrpTRESMins`, set in the same stroke.
    pub(super) minutes: Option<String>,
}

/// What accounting has of some accounts. Accounts are known to all clusters, associations belong to one.
#[derive(Debug)]
pub(super) struct Found {
    marks: Vec<(String, String)>,
    associations: Vec<Association>,
}

impl Found {
    /// Every account with its description.
    pub(super) fn marks(&self) -> impl Iterator<Item = (&str, &str)> {
        self.marks
            .iter()
            .map(|(name, mark)| (name.as_str(), mark.as_str()))
    }

    /// The description of an account, on whatever cluster it is.
    pub(super) fn mark(&self, account: &str) -> Option<&str> {
        self.marks()
            .find(|(name, _)| *name == account)
            .map(|(_, mark)| mark)
    }

    /// The account's own association on the cluster.
    pub(super) fn account(&self, account: &str) -> Option<&Association> {
        self.associations
            .iter()
            .find(|found| found.account == account && found.user.is_none())
    }

    /// The associations of an account's users on the cluster.
    pub(super) fn users(&self, account: &str) -> Vec<&Association> {
        self.associations
            .iter()
            .filter(|found| found.account == account && found.user.is_some())
            .collect()
    }
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

    /// What accounting has of these accounts.
    pub(super) async fn look(&self, names: &[&str]) -> Result<Found, PluginError> {
        let filter = format!("name={}", names.join(","));
        let text = self
            .show(&["account", "where", &filter, "format=account,description"])
            .await?;
        let marks = read_pairs(&text)?;
        let associations = self.query(&format!("account={}", names.join(","))).await?;
        Ok(Found { marks, associations })
    }

    /// Asks for problems of an account and of a user of that name. Refused to whoever may not administer accounts.
    pub(super) async fn look_for_problems(&self, name: &str) -> Result<(), PluginError> {
        let (account, user, cluster) = (format!("account={name}"), format!("user={name}"), self.cluster());
        self.show(&[
            "problem",
            "where",
            &account,
            &user,
            &cluster,
            "format=account,user",
        ])
        .await
        .map(drop)
    }

    /// What accounting has of every account.
    pub(super) async fn look_at_all(&self) -> Result<Found, PluginError> {
        let marks = read_pairs(&self.show(&["account", "format=account,description"]).await?)?;
        let cluster = self.cluster();
        let text = self
            .show(&["assoc", "where", &cluster, association::FORMAT])
            .await?;
        Ok(Found {
            marks,
            associations: association::read_all(&text)?,
        })
    }

    /// The accounts directly below these, on the cluster.
    pub(super) async fn below(&self, names: &[&str]) -> Result<Vec<Association>, PluginError> {
        self.query(&format!("parent={}", names.join(","))).await
    }

    /// Which of these accounts have associations on other clusters of the same accounting.
    pub(super) async fn elsewhere(&self, names: &[&str]) -> Result<BTreeSet<String>, PluginError> {
        let filter = format!("account={}", names.join(","));
        let pairs = read_pairs(
            &self
                .show(&["assoc", "where", &filter, "format=account,cluster"])
                .await?,
        )?;
        Ok(pairs
            .into_iter()
            .filter(|(_, cluster)| *cluster != self.settings.cluster)
            .map(|(name, _)| name)
            .collect())
    }

    pub(super) async fn add(&self, account: &NewAccount<'_>) -> Result<(), PluginError> {
        let mut args = vec![
            "add".to_owned(),
            "account".to_owned(),
            format!("name={}", account.name),
            self.cluster(),
            format!("parent={}", account.parent),
            format!("description={}", account.mark),
            "organization=stoa".to_owned(),
        ];
        args.extend(account.minutes.clone());
        self.order(&args).await?.expect_done()
    }

    /// Sets properties of an account on the cluster.
    pub(super) async fn set(&self, account: &str, properties: &[String]) -> Result<(), PluginError> {
        let mut args = words(&["modify", "account", "where"]);
        args.extend([format!("name={account}"), self.cluster(), "set".to_owned()]);
        args.extend_from_slice(properties);
        self.order(&args).await?.expect_done()
    }

    /// Removes accounts and everything below them from every cluster.
    pub(super) async fn remove(&self, names: &[&str]) -> Result<Answer, PluginError> {
        let mut args = words(&["remove", "account", "where"]);
        args.push(format!("name={}", names.join(",")));
        self.order(&args).await
    }

    /// Removes accounts and everything below them from this cluster only.
    pub(super) async fn remove_here(&self, names: &[&str]) -> Result<Answer, PluginError> {
        let mut args = words(&["remove", "account", "where"]);
        args.extend([format!("name={}", names.join(",")), self.cluster()]);
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

    /// How many jobs of the account itself may run at once (`GrpJobs`). `None`: any number.
    pub(super) async fn most_jobs(&self, account: &str) -> Result<Option<u64>, PluginError> {
        let (cluster, filter) = (self.cluster(), format!("account={account}"));
        let args = ["assoc", "where", &cluster, &filter, "format=account,user,grpjobs"];
        let text = self.show(&args).await?;
        for line in association::lines(&text) {
            let garbled = || failure::garbled("sacctmgr", line);
            let [found, user, limit] = association::columns(line).ok_or_else(garbled)?;
            if found == account && user.is_empty() {
                return match limit {
                    "" => Ok(None),
                    limit => limit.parse().map(Some).ok().ok_or_else(garbled),
                };
            }
        }
        Ok(None)
    }

    /// The qualities of service that say how many jobs may run at once.
    pub(super) async fn qos_with_most_jobs(&self) -> Result<Vec<String>, PluginError> {
        let pairs = read_pairs(&self.show(&["qos", "format=name,grpjobs"]).await?)?;
        let limited = pairs.into_iter().filter(|(_, limit)| !limit.is_empty());
        Ok(limited.map(|(name, _)| name).collect())
    }

    /// The qualities of service of the partitions that jobs can go to.
    pub(super) async fn qos_of_partitions(&self) -> Result<Vec<String>, PluginError> {
        let mut args = vec!["-M", &self.settings.cluster, "-o", "show", "partition"];
        args.extend(self.settings.partition.as_deref());
        let text = self.run("scontrol", &args).await?.expect_success()?;
        let words = text.split_whitespace();
        Ok(words
            .filter_map(|word| word.strip_prefix("QoS="))
            .map(ToOwned::to_owned)
            .collect())
    }

    /// How many jobs of the account wait or run.
    pub(super) async fn count_jobs(&self, account: &str) -> Result<usize, PluginError> {
        let args = [
            "-h",
            "-a",
            "-M",
            &self.settings.cluster,
            "-A",
            account,
            "-o",
            "%i|%T",
        ];
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

    /// The beginning of a long answer; see [`Programs::head`].
    pub(super) async fn head(&self, program: &'static str, args: &[&str]) -> Result<Head, PluginError> {
        self.programs.head(program, &words(args)).await
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
