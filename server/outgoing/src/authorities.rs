//! Authorities besides those of the web, as they are kept in files.

use rustls::pki_types::{CertificateDer, pem, pem::PemObject};

/// Why a file has no authorities.
#[derive(Debug, thiserror::Error)]
pub enum AuthoritiesFault {
    /// It cannot be read as PEM.
    #[error("it is no file of certificates in PEM: {0}")]
    Unreadable(pem::Error),
    /// There is none in it.
    #[error("it has no certificate: expected at least one that begins with -----BEGIN CERTIFICATE-----")]
    None,
}

/// The certificates of a file in PEM, for [`crate::Settings::authorities`]; what else is in it is left out.
///
/// # Errors
/// [`AuthoritiesFault`] where it is no PEM, or has no certificate.
pub fn authorities_in(text: &[u8]) -> Result<Vec<Vec<u8>>, AuthoritiesFault> {
    let found: Vec<Vec<u8>> = CertificateDer::pem_slice_iter(text)
        .map(|certificate| certificate.map(|certificate| certificate.as_ref().to_vec()))
        .collect::<Result<_, _>>()
        .map_err(AuthoritiesFault::Unreadable)?;
    if found.is_empty() {
        return Err(AuthoritiesFault::None);
    }
    Ok(found)
}
