//! Evidence at hand: certificates, lists of revoked ones, OCSP responses. Takes bytes, gives what a verification or an extension may use.

use crate::call::guard;
use crate::error::Result;
use std::sync::Arc;
use thrivosign::evidence::{Bundle, Item, Kind};
use thrivosign::pki::{certificates_from_pem, each_crl};

/// Certificates and revocation data, each once. Nothing in it is trusted because it is there.
#[derive(uniffi::Object)]
pub struct Evidence(Bundle);

#[uniffi::export]
impl Evidence {
    /// Certificates and lists as PEM texts or DER, OCSP responses in DER.
    ///
    /// # Errors
    /// `PemMalformed`, `CertificateMalformed`, `DerMalformed` for what is none of these; `LimitReached` beyond 16 MiB for one of them and 64 MiB in
    /// all.
    #[uniffi::constructor(default(certificates = [], crls = [], ocsp_responses = []))]
    pub fn new(certificates: Vec<Vec<u8>>, crls: Vec<Vec<u8>>, ocsp_responses: Vec<Vec<u8>>) -> Result<Arc<Evidence>> {
        guard(|| {
            let mut bundle = Bundle::default();
            for pem in &certificates {
                certificates_from_pem(pem)?.into_iter().try_for_each(|one| bundle.add(Item::Certificate(one)).map(drop))?;
            }
            for list in &crls {
                each_crl(list)?.into_iter().try_for_each(|one| bundle.add(Item::Crl(one?)).map(drop))?;
            }
            for response in &ocsp_responses {
                bundle.add(Item::from_der(Kind::Ocsp, response)?)?;
            }
            Ok(Arc::new(Evidence(bundle)))
        })
    }

    /// How many there are; what was given twice counts once.
    #[must_use]
    pub fn count(&self) -> i32 {
        i32::try_from(self.0.len()).unwrap_or(i32::MAX)
    }
}

impl Evidence {
    pub(crate) fn core(&self) -> &Bundle {
        &self.0
    }
}
