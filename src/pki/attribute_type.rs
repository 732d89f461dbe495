//! The pki room: the types of attributes that names are made of.
//!
//! Takes an object identifier or a word, gives the other. The first word of a type is the one it is written with.

use const_oid::ObjectIdentifier;

/// What stands in the subjects and issuers of certificates: RFC 4514 3 and RFC 4519, RFC 5280 4.1.2.4, EN 319 412-1 (organizationIdentifier),
/// the CA/Browser Forum's jurisdictions, PKCS #9.
const TYPES: [(ObjectIdentifier, &[&str]); 40] = [
    (of("2.5.4.3"), &["CN", "commonName"]),
    (of("2.5.4.6"), &["C", "countryName"]),
    (of("2.5.4.10"), &["O", "organizationName"]),
    (of("2.5.4.11"), &["OU", "organizationalUnitName"]),
    (of("2.5.4.5"), &["SERIALNUMBER"]),
    (of("2.5.4.4"), &["SN", "surname"]),
    (of("2.5.4.42"), &["GN", "givenName"]),
    (of("2.5.4.97"), &["ORGANIZATIONIDENTIFIER"]),
    (of("2.5.4.7"), &["L", "localityName"]),
    (of("2.5.4.8"), &["ST", "stateOrProvinceName"]),
    (of("2.5.4.9"), &["STREET", "streetAddress"]),
    (of("0.9.2342.19200300.100.1.25"), &["DC", "domainComponent"]),
    (of("0.9.2342.19200300.100.1.1"), &["UID", "userId"]),
    (of("1.2.840.113549.1.9.1"), &["EMAIL", "E", "emailAddress"]),
    (of("0.9.2342.19200300.100.1.3"), &["MAIL", "RFC822Mailbox"]),
    (of("2.5.4.12"), &["TITLE"]),
    (of("2.5.4.65"), &["PSEUDONYM"]),
    (of("2.5.4.13"), &["DESCRIPTION"]),
    (of("2.5.4.15"), &["BUSINESSCATEGORY"]),
    (of("2.5.4.16"), &["POSTALADDRESS"]),
    (of("2.5.4.17"), &["POSTALCODE"]),
    (of("2.5.4.18"), &["POSTOFFICEBOX"]),
    (of("2.5.4.19"), &["PHYSICALDELIVERYOFFICENAME"]),
    (of("2.5.4.20"), &["TELEPHONENUMBER"]),
    (of("2.5.4.41"), &["NAME"]),
    (of("2.5.4.43"), &["INITIALS"]),
    (of("2.5.4.44"), &["GENERATIONQUALIFIER"]),
    (of("2.5.4.45"), &["X500UNIQUEIDENTIFIER"]),
    (of("2.5.4.46"), &["DNQUALIFIER"]),
    (of("2.5.4.51"), &["HOUSEIDENTIFIER"]),
    (of("2.5.4.54"), &["DMDNAME"]),
    (of("2.5.4.72"), &["ROLE"]),
    (of("0.9.2342.19200300.100.1.41"), &["MOBILE"]),
    (of("0.9.2342.19200300.100.1.44"), &["UNIQUEIDENTIFIER"]),
    (of("1.2.840.113549.1.9.2"), &["UNSTRUCTUREDNAME"]),
    (of("1.2.840.113549.1.9.8"), &["UNSTRUCTUREDADDRESS"]),
    (of("1.3.6.1.4.1.311.60.2.1.1"), &["JURISDICTIONLOCALITYNAME"]),
    (of("1.3.6.1.4.1.311.60.2.1.2"), &["JURISDICTIONSTATEORPROVINCENAME"]),
    (of("1.3.6.1.4.1.311.60.2.1.3"), &["JURISDICTIONCOUNTRYNAME"]),
    (of("1.3.6.1.5.5.7.9.4"), &["COUNTRYOFCITIZENSHIP"]),
];

const fn of(dotted: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dotted)
}

/// The word for the type with that value of an object identifier; `None` for one that is written as dotted numbers.
pub(crate) fn word(oid: &[u8]) -> Option<&'static str> {
    TYPES.iter().find(|(known, _)| known.as_bytes() == oid)?.1.first().copied()
}

/// The type of that name, whatever its case, or of dotted numbers.
pub(crate) fn named(name: &str) -> Option<ObjectIdentifier> {
    let known = TYPES.iter().find(|(_, words)| words.iter().any(|word| word.eq_ignore_ascii_case(name)));
    known.map(|(oid, _)| *oid).or_else(|| name.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_type_and_every_word_stands_once_and_leads_back() {
        let (mut oids, mut words) = (HashSet::new(), HashSet::new());
        for (oid, names) in TYPES {
            assert!(oids.insert(oid), "{oid}");
            assert_eq!(word(oid.as_bytes()), names.first().copied());
            for name in names {
                assert!(words.insert(name.to_ascii_uppercase()), "{name}");
                assert_eq!(named(name), Some(oid));
                assert_eq!(named(&name.to_ascii_lowercase()), Some(oid));
            }
            assert_eq!(named(&oid.to_string()), Some(oid));
        }
        assert_eq!(word(ObjectIdentifier::new_unwrap("1.2.3.4").as_bytes()), None);
        assert_eq!(named("nonsense"), None);
    }

    /// Against a register that nobody here wrote: words that both know mean the same.
    #[test]
    fn words_mean_what_the_register_says() {
        let register = const_oid::db::DB;
        let mut known = 0;
        for (oid, words) in TYPES {
            let theirs: Vec<String> = register.find_names_for_oid(oid).map(str::to_ascii_uppercase).collect();
            if theirs.is_empty() {
                continue;
            }
            known += 1;
            let bare = |name: &String| name.rsplit('-').next().unwrap_or(name).to_owned();
            assert!(
                words.iter().any(|word| theirs.iter().map(bare).any(|name| name == word.to_ascii_uppercase())),
                "{oid}: {words:?} {theirs:?}"
            );
        }
        assert!(known >= 35, "{known}");
    }
}
