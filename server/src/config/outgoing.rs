use std::{fs, sync::Arc};

use domain::AddressRule;
use model::sentence;
use outgoing::{AllowedHosts, BadAuthority, Client, OutgoingUrl, Settings, authorities_in};

use super::Reader;

/// Which addresses that people give may be asked. Set by whoever runs Stoa, never by who gives them.
#[derive(Debug, Clone)]
pub(crate) struct OutgoingConfig {
    allowed: AllowedHosts,
    /// In DER.
    authorities: Vec<Vec<u8>>,
}

impl OutgoingConfig {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let hosts = reader.text("outgoing_allowed_hosts").unwrap_or_default();
        let hosts = hosts.split(',').map(str::trim).filter(|host| !host.is_empty());
        let allowed = AllowedHosts::parse(hosts).unwrap_or_else(|fault| {
            reader.fault("outgoing_allowed_hosts", &fault.to_string());
            AllowedHosts::default()
        });
        let read = Self {
            allowed,
            authorities: authorities(reader),
        };
        if let Err(fault) = read.client() {
            reader.fault("outgoing_authorities", &fault.to_string());
        }
        read
    }

    /// What asks them. Refused where an authority is no certificate, which [`OutgoingConfig::read`] has told.
    pub(crate) fn client(&self) -> Result<Client, BadAuthority> {
        Client::new(Settings {
            allowed: self.allowed.clone(),
            authorities: self.authorities.clone(),
            ..Settings::default()
        })
    }

    /// The same rule, for forms.
    pub(crate) fn rule(&self) -> Result<Arc<dyn AddressRule>, BadAuthority> {
        Ok(Arc::new(Rule(self.client()?)))
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
            Ok(url) => self.0.check(&url).err().as_ref().map(sentence),
            Err(fault) => Some(sentence(&fault)),
        }
    }
}
