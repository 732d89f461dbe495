//! The verify room: what costs a signature the name of a baseline level and nothing else (EN 319 142-1 6.3). One table; codes never move.

use serde::ser::{Serialize, SerializeMap, Serializer};

macro_rules! deviations {
    ($( $name:ident = $code:literal, $text:literal; )*) => {
        /// What costs only the level's label.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Deviation { $( #[doc = $text] $name, )* }

        impl Deviation {
            /// Every deviation.
            pub const ALL: &'static [Deviation] = &[ $( Deviation::$name, )* ];
            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $( Deviation::$name => $code, )* } }
            /// What it is, in English.
            #[must_use]
            pub const fn text(self) -> &'static str { match self { $( Deviation::$name => $text, )* } }
        }
    };
}

deviations! {
    SubFilter = "sub_filter", "the sub-filter is not ETSI.CAdES.detached";
    NoSignedAttributes = "no_signed_attributes", "there are no signed attributes";
    SigningTime = "signing_time_attribute", "there is a signing-time attribute";
    NotV2 = "no_signing_certificate_v2", "the signing-certificate-v2 attribute is missing";
    Ber = "not_der", "the CMS is not in DER";
    NoDate = "no_date", "/M is missing or no date";
}

/// What a signature deviates in. Serialises as two lists of equal length: `deviations`, the texts, and `deviation_codes`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deviations(Vec<Deviation>);

impl Deviations {
    pub(super) fn note(&mut self, there: bool, deviation: Deviation) {
        if there {
            self.0.push(deviation);
        }
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Deviation> + '_ {
        self.0.iter().copied()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Deviations {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("deviations", &self.iter().map(Deviation::text).collect::<Vec<_>>())?;
        map.serialize_entry("deviation_codes", &self.iter().map(Deviation::code).collect::<Vec<_>>())?;
        map.end()
    }
}
