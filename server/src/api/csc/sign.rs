//! `signatures/signHash` and `credentials/extendTransaction`: activation data against signature values, or against new ones. What is signed is used
//! up before the key is asked: an answer that is lost costs a signature, and none is ever made twice for one approval.

use super::authorize::activation;
use super::usable;
use crate::api::{No, Service, Visit};
use crate::random;
use crate::store::Transaction;
use crate::store::activations::{self, Activation};
use crate::web::Reply;
use thrivosign::Time;
use thrivosign::crypto::digest::DigestAlgorithm;
use thrivosign::pki::algorithm::SignatureAlgorithm;
use thrivosign::remote::csc::algorithm;
use thrivosign::remote::csc::extend_transaction::ExtendTransaction;
use thrivosign::remote::csc::refusal;
use thrivosign::remote::csc::sign_hash::{SignHash, Signatures};

/// What the keys of the vault do.
pub(super) const ALGORITHMS: [SignatureAlgorithm; 3] = [
    SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256),
    SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384),
    SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha512),
];

/// The activation data, if they are this credential's and in time.
fn open(tx: &Transaction<'_>, sad: &str, credential: &str, now: Time) -> Result<Activation, No> {
    let found = activations::find(tx, sad)?.filter(|found| found.credential == credential).ok_or(refusal::SAD_INVALID)?;
    if found.expires <= now { Err(refusal::SAD_EXPIRED.into()) } else { Ok(found) }
}

/// Signs the hashes that the activation data were given for.
pub(in crate::api) fn sign_hash(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = SignHash::decode(&visit.request)?;
    let digest = algorithm::signature(&asked.sign_algo)
        .filter(|known| ALGORITHMS.contains(known) && asked.sign_algo_params.is_none())
        .and_then(|known| known.digest())
        .ok_or(refusal::SIGN_ALGO)?;
    if asked.hash_algo.as_deref().is_some_and(|named| algorithm::digest(named) != Some(digest)) {
        return Err(refusal::HASH_ALGO.into());
    }
    if asked.hashes.iter().any(|hash| hash.len() != digest.len()) {
        return Err(refusal::HASH_LENGTH.into());
    }
    service.store.transact(|tx| {
        let remote = usable(tx, &asked.credential_id, user, visit.now)?;
        let mut data = open(tx, asked.sad.expose(), &remote.credential.id, visit.now)?;
        if !data.take(&asked.hashes) {
            return Err(refusal::HASH_NOT_AUTHORIZED.into());
        }
        Ok::<_, No>(data.keep(tx)?)
    })?;
    let values = asked.hashes.iter().map(|hash| service.vault.sign(&asked.credential_id, hash)).collect::<Result<Vec<_>, _>>()?;
    Ok(Signatures(values).encode().into())
}

/// Gives new activation data for what is left, and ends the old ones. Bound to hashes they stay bound to those that were approved: a device that said
/// yes to some has not said yes to others.
pub(in crate::api) fn extend(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = ExtendTransaction::decode(&visit.request)?;
    service.store.transact(|tx| {
        let remote = usable(tx, &asked.credential_id, user, visit.now)?;
        let data = open(tx, asked.sad.expose(), &remote.credential.id, visit.now)?;
        if data.remaining == 0 {
            return Err(refusal::SAD_INVALID.into());
        }
        let (hashes, remaining) = match (&data.hashes, &asked.hashes) {
            (Some(_), None) => return Err(refusal::HASHES_MISSING.into()),
            (_, Some(wanted)) => {
                let mut left = data.clone();
                if wanted.is_empty() || !left.take(wanted) {
                    return Err(refusal::HASH_NOT_AUTHORIZED.into());
                }
                (Some(wanted.as_slice()), wanted.len() as u64)
            }
            (None, None) => (None, data.remaining),
        };
        let sad = random::token()?;
        let expires = visit.now.plus(Service::ACTIVATION_SECONDS);
        activations::add(tx, &sad, &remote.credential.id, remaining, hashes, expires)?;
        data.end(tx)?;
        Ok::<_, No>(activation(&sad, expires, visit.now).encode().into())
    })
}
