//! The key room, PKCS#11: new keys, which never leave the token.
//!
//! Takes a kind, a purpose and a name, gives a key pair on the token. What the token really made is read back: one that made
//! an exportable key, whatever it was asked, loses it again.

use super::fault::Fault;
use super::object::new_id;
use super::public::ec_params;
use crate::crypto::KeyAlgorithm;
use crate::error::{Error, ErrorKind};
use crate::key::KeySpec;
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType};
use cryptoki::session::Session;

/// Makes the key pair; `mechanism` is the one that makes such keys.
pub(super) fn generate(session: &Session, name: &str, spec: &KeySpec, mechanism: &Mechanism<'_>) -> Result<(), Fault> {
    let label = Attribute::Label(name.as_bytes().to_vec());
    let id = Attribute::Id(new_id(spec.purpose)?);
    let mut public = vec![Attribute::Token(true), Attribute::Private(false), Attribute::Verify(true), label.clone(), id.clone()];
    match (spec.algorithm, ec_params(spec.algorithm)) {
        (_, Some(curve)) => public.push(Attribute::EcParams(curve)),
        (KeyAlgorithm::Rsa { bits }, None) => {
            public.extend([Attribute::ModulusBits(u64::from(bits).into()), Attribute::PublicExponent(vec![1, 0, 1])]);
        }
        _ => return Err(Error::new(ErrorKind::KeyAlgorithmUnsupported).into()),
    }
    let private = [
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
        // What signs does nothing else; some tokens would let it by default.
        Attribute::Decrypt(false),
        Attribute::Unwrap(false),
        label,
        id,
    ];
    let (public, private) = session.generate_key_pair(mechanism, &public, &private)?;
    let made = session.get_attributes(private, &[AttributeType::Token, AttributeType::Sensitive, AttributeType::Extractable]);
    if made.as_ref().is_ok_and(|made| stays_inside(made)) {
        return Ok(());
    }
    // Both are tried; a token that refuses is told of below all the same.
    let gone = [private, public].map(|object| session.destroy_object(object));
    made?;
    gone.into_iter().collect::<Result<(), _>>()?;
    Err(Error::new(ErrorKind::KeyNotPermitted).context("the token made a key that can be taken out of it; it was destroyed").into())
}

/// All three attributes have to be there and to say so.
fn stays_inside(attributes: &[Attribute]) -> bool {
    let says = |wanted: fn(&Attribute) -> bool| attributes.iter().filter(|attribute| wanted(attribute)).count() == 1;
    says(|attribute| matches!(attribute, Attribute::Token(true)))
        && says(|attribute| matches!(attribute, Attribute::Sensitive(true)))
        && says(|attribute| matches!(attribute, Attribute::Extractable(false)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_token_says_counts() {
        let good = [Attribute::Token(true), Attribute::Sensitive(true), Attribute::Extractable(false)];
        assert!(stays_inside(&good));
        for missing in 0..3 {
            let mut less = good.to_vec();
            less.remove(missing);
            assert!(!stays_inside(&less));
        }
        for (at, bad) in [Attribute::Token(false), Attribute::Sensitive(false), Attribute::Extractable(true)].into_iter().enumerate() {
            let mut other = good.to_vec();
            other[at] = bad;
            assert!(!stays_inside(&other));
        }
    }
}
