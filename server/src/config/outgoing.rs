use std::{fmt, fs, sync::Arc};

use domain::AddressRule;
use outgoing::{AllowedHosts, Client, OutgoingUrl, Settings, authorities_in, sentence};

use super::Reader;

/// Which addresses that people give may be asked. Set by whoever runs Stoa, never by who gives them.
#[derive(Clone)]
pub(crate) struct OutgoingConfig(Client);

impl fmt::Debug for OutgoingConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OutgoingConfig")
    }
}

impl OutgoingConfig {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let hosts = reader.text("outgoing_allowed_hosts").unwrap_or_default();
        let hosts = hosts.split(',').map(str::trim).filter(|host| !host.is_empty());
        let allowed = AllowedHosts::parse(hosts).unwrap_or_else(|fault| {
            reader.fault("outgoing_allowed_hosts", &fault.to_string());
            AllowedHosts::default()
        });
        let authorities = authorities(reader);
        let settings = |authorities| Settings {
            allowed: allowed.clone(),
            authorities,
            ..Settings::default()
        };
        let client = Client::new(settings(authorities)).or_else(|fault| {
            reader.fault("outgoing_authorities", &fault.to_string());
            Client::new(settings(Vec::new()))
        });
        Self(client.expect("the authorities of the web are built in"))
    }

    /// What asks them.
    pub(crate) fn client(&self) -> &Client {
        &self.0
    }

    /// The same rule, for forms.
    pub(crate) fn rule(&self) -> Arc<dyn AddressRule> {
        Arc::new(Rule(self.0.clone()))
    }
}

fn authorities(reader: &mut Reader) -> Vec<Vec<u8>> {
    let Some(path) = reader.text("outgoing_authorities") else {
        return Vec::new();
    };
    let read = fs::read(&path).map_err(|error| error.to_string());
    let found = read.and_then(|text| authorities_in(&text).map_err(|fault| fault.to_string()));
    found.unwrap_or_else(|fault| {
        reader.fault("outgoing_authorities", &format!("{path}: {fault}"));
        Vec::new()
    })
}

struct Rule(Client);

impl AddressRule for Rule {
    fn refusal(&self, address: &str) -> Option<String> {
        match address.parse::<OutgoingUrl>() {
            Ok(url) => self.0.check(&url).err().as_ref().map(|refused| sentence(refused)),
            Err(fault) => Some(sentence(&fault)),
        }
    }
}
