//! Certificates that the user adds to the system's, because a proxy that inspects TLS signs with its own.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_config::profile::ProfileSet;
use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::domain::failure::Failure;
use crate::runtime::credentials::environment::Environment;

/// The environment variable and the profile key that name a certificate file, as in the AWS CLI.
const VARIABLE: &str = "AWS_CA_BUNDLE";
const KEY: &str = "ca_bundle";

/// The maximum size of the file, in bytes. A bundle of all public authorities is about 250 KiB.
const LONGEST: u64 = 16 * 1024 * 1024;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The certificates trusted in addition to the system's. Clones share them.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Roots(Arc<Vec<String>>);

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Roots({})", self.0.len())
    }
}

impl Roots {
    /// Reads the certificate file that the environment names, or else the one that the profile names.
    ///
    /// # Errors
    /// [`Failure::Setup`] if the file cannot be read or contains no usable certificate.
    pub(crate) async fn of(environment: &Environment, profile: &ProfileSet) -> Result<Self, Failure> {
        let named = environment.get(VARIABLE).map(|path| (VARIABLE.to_owned(), path));
        let of_profile = || {
            let path = profile.get(KEY).filter(|path| !path.trim().is_empty())?;
            Some((format!("{KEY} of the profile"), path.to_owned()))
        };
        let Some((who, path)) = named.or_else(of_profile) else {
            return Ok(Self::default());
        };
        let path = in_home(path.trim(), environment.home());
        let read = tokio::task::spawn_blocking(move || read(&path).map_err(|why| (path, why))).await;
        let read = read.map_err(|error| Failure::Setup(format!("{who} cannot be read: {error}")))?;
        read.map_err(|(path, why)| {
            let path = path.display();
            Failure::Setup(format!(
                "{who} points to {path}, which {why}. Set it to a PEM certificate file"
            ))
        })
    }

    /// Returns TLS settings that trust these certificates in addition to the system's.
    pub(super) fn trusted(&self) -> TlsContext {
        let store = self.0.iter().fold(TrustStore::default(), |store, pem| {
            store.with_pem_certificate(pem.as_bytes())
        });
        // Without additional server names, building cannot fail.
        TlsContext::builder()
            .with_trust_store(store)
            .build()
            .unwrap_or_default()
    }

    /// Returns the usable certificates in `text`. An unusable certificate would make a client panic.
    fn of_text(text: &str) -> Self {
        let parts = text.split(BEGIN).skip(1).filter_map(|rest| rest.split_once(END));
        let all = parts.map(|(body, _)| format!("{BEGIN}{body}{END}\n"));
        Self(Arc::new(all.filter(|pem| is_usable(pem)).collect()))
    }
}

fn in_home(path: &str, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

/// Reads the certificates in a file. This call blocks.
fn read(path: &Path) -> Result<Roots, String> {
    let facts = fs::metadata(path).map_err(|error| format!("cannot be read: {error}"))?;
    if !facts.is_file() || facts.len() > LONGEST {
        return Err("is not a certificate file".to_owned());
    }
    let bytes = fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
    let roots = Roots::of_text(&String::from_utf8_lossy(&bytes));
    if roots.0.is_empty() {
        return Err("contains no usable certificate".to_owned());
    }
    Ok(roots)
}

fn is_usable(pem: &str) -> bool {
    let certificate = CertificateDer::from_pem_slice(pem.as_bytes());
    certificate.is_ok_and(|certificate| RootCertStore::empty().add(certificate).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUTHORITY: &str = include_str!("../../../../tests/it/support/tls/authority.pem");

    #[test]
    fn what_is_no_certificate_costs_nothing_else() {
        let damaged = format!("{BEGIN}\nAAAA\n{END}\n");
        let text = format!("# ours\n{damaged}{AUTHORITY}{BEGIN}\nno end\n");
        assert_eq!(Roots::of_text(&text), Roots::of_text(AUTHORITY));
        assert_eq!(Roots::of_text(&text).0.len(), 1);
        assert_eq!(Roots::of_text(&damaged), Roots::default());
    }
}
