use std::{collections::BTreeMap, fmt, path::PathBuf, str::FromStr};

use figment::{
    Figment,
    providers::{Env, Format, Toml},
    value::{Dict, Value},
};

/// What is wrong with a configuration: one line per fault.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) struct ConfigFaults(pub(crate) Vec<String>);

impl fmt::Display for ConfigFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration has {} fault(s):", self.0.len())?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  - {fault}"))
    }
}

/// Hands out settings by name, collects what is wrong, and in the end finds the names that nobody asked for.
pub(crate) struct Reader {
    file: BTreeMap<String, String>,
    environment: BTreeMap<String, String>,
    faults: Vec<String>,
}

impl Reader {
    /// Reads the file and the environment. A file that was named must exist; the default one may be absent.
    pub(crate) fn open(file: Option<PathBuf>) -> Result<Self, ConfigFaults> {
        let mut environment = flatten(&Figment::from(Env::prefixed("STOA_").lowercase(true)))?;
        let named = file.or_else(|| environment.remove("config").map(PathBuf::from));
        let path = match named {
            Some(path) if !path.is_file() => {
                return Err(ConfigFaults(vec![format!(
                    "there is no configuration file {}",
                    path.display()
                )]));
            }
            Some(path) => Some(path),
            None => Some(PathBuf::from("stoa.toml")).filter(|path| path.is_file()),
        };
        let file = match path {
            Some(path) => flatten(&Figment::from(Toml::file_exact(path)))?,
            None => BTreeMap::new(),
        };
        Ok(Self {
            file,
            environment,
            faults: Vec::new(),
        })
    }

    #[cfg(test)]
    pub(crate) fn of(file: &[(&str, &str)], environment: &[(&str, &str)]) -> Self {
        let own = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        Self {
            file: own(file),
            environment: own(environment),
            faults: Vec::new(),
        }
    }

    /// The setting as text, from the environment or else the file. An empty text counts as not set.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let file = self.file.remove(name);
        let environment = self.environment.remove(name);
        environment.or(file).filter(|value| !value.trim().is_empty())
    }

    /// The setting parsed, or the default; a value that does not parse is a fault.
    pub(crate) fn parsed<T: FromStr>(&mut self, name: &str, default: T, expected: &str) -> T {
        match self.text(name) {
            None => default,
            Some(text) => text.trim().parse().unwrap_or_else(|_| {
                self.fault(name, &format!("expected {expected}, found “{text}”"));
                default
            }),
        }
    }

    /// The number of seconds, minutes … within bounds, or the default.
    pub(crate) fn number(&mut self, name: &str, default: u32, range: std::ops::RangeInclusive<u32>) -> u32 {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        let value = self.parsed(name, default, &expected);
        if range.contains(&value) {
            return value;
        }
        self.fault(name, &format!("expected {expected}, found {value}"));
        default
    }

    /// Notes that a setting is wrong.
    pub(crate) fn fault(&mut self, name: &str, what: &str) {
        self.faults
            .push(format!("{name} (STOA_{}): {what}", name.to_uppercase()));
    }

    /// All faults, with the settings of the file and the variables that do not exist.
    pub(crate) fn finish(mut self) -> Result<(), ConfigFaults> {
        let unknown = self
            .file
            .into_keys()
            .map(|name| format!("{name}: there is no such setting"));
        self.faults.extend(unknown);
        let unknown = self
            .environment
            .into_keys()
            .filter(|name| !is_of_others(name))
            .map(|name| format!("{name} (STOA_{}): there is no such variable", name.to_uppercase()));
        self.faults.extend(unknown);
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(ConfigFaults(self.faults))
        }
    }
}

/// Variables that begin with ours but are for programs around the portal: clients of the API, tests.
fn is_of_others(name: &str) -> bool {
    const NAMES: [&str; 4] = ["token", "bin", "xtask", "slurm_lab"];
    const BEGINNINGS: [&str; 2] = ["test_", "e2e_"];
    NAMES.contains(&name) || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

fn flatten(figment: &Figment) -> Result<BTreeMap<String, String>, ConfigFaults> {
    let dict: Dict = figment
        .extract()
        .map_err(|error| ConfigFaults(error.into_iter().map(|one| one.to_string()).collect()))?;
    let mut flat = BTreeMap::new();
    for (name, value) in dict {
        collect(name, value, &mut flat);
    }
    Ok(flat)
}

/// Tables become prefixes: `[slurm] bin_dir` is `slurm_bin_dir`, which is also the name of its variable.
fn collect(name: String, value: Value, settings: &mut BTreeMap<String, String>) {
    match value {
        Value::Dict(_, inner) => {
            for (key, value) in inner {
                collect(format!("{name}_{key}"), value, settings);
            }
        }
        Value::String(_, text) => drop(settings.insert(name, text)),
        Value::Bool(_, flag) => drop(settings.insert(name, flag.to_string())),
        Value::Char(_, letter) => drop(settings.insert(name, letter.to_string())),
        Value::Num(_, number) => {
            let text = number
                .to_u128()
                .map(|n| n.to_string())
                .or_else(|| number.to_i128().map(|n| n.to_string()))
                .or_else(|| number.to_f64().map(|n| n.to_string()));
            settings.insert(name, text.unwrap_or_default());
        }
        Value::Empty(..) => {}
        Value::Array(_, items) => {
            let mut texts = BTreeMap::new();
            for (index, item) in items.into_iter().enumerate() {
                collect(format!("{index:06}"), item, &mut texts);
            }
            settings.insert(name, texts.into_values().collect::<Vec<_>>().join(","));
        }
    }
}
