//! The inspect room: one table of risk markers (what can make a signed page look or behave otherwise than it did). Takes nothing, gives
//! codes, texts and remedies. Codes never move once released. Which of them stop a signature is the caller's policy.

use serde::Serialize;

macro_rules! risks {
    ($( $name:ident = $snake:literal, $text:literal, $remedy:literal; )*) => {
        /// A kind of risk, by its stable code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Risk { $( #[doc = concat!($text, ". ", $remedy)] $name, )* }

        impl Risk {
            /// Every kind, in the order of the table.
            pub const ALL: &'static [Risk] = &[ $( Risk::$name, )* ];

            /// The stable code, `snake_case`.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $( Risk::$name => $snake, )* } }

            /// What was found, in one sentence without a full stop.
            #[must_use]
            pub const fn text(self) -> &'static str { match self { $( Risk::$name => $text, )* } }

            /// What to do about it, in one sentence.
            #[must_use]
            pub const fn remedy(self) -> &'static str { match self { $( Risk::$name => $remedy, )* } }
        }
    };
}

risks! {
    SigningForbidden = "signing_forbidden", "the document is certified so that any further signature breaks it", "Ask the author for a version that allows signatures.";
    PermissionBits = "permission_bits", "the author's permissions do not allow new signature fields", "Ask for the owner password or for a version without that restriction.";
    SigningNotPermitted = "signing_not_permitted", "the author's permissions do not allow signatures, not even in fields that are there", "Ask for the owner password or for a version without that restriction.";
    HiddenLayers = "hidden_layers", "some content stands in layers that are hidden, or shown only on screen or only in print", "Flatten the layers before signing.";
    Layers = "layers", "content stands in layers that a viewer can switch off", "Flatten the layers before signing.";
    Script = "script", "the document contains scripts", "Remove the scripts, or print it to a new PDF.";
    AutomaticAction = "automatic_action", "the document does something by itself when it is opened, shown or filled in", "Remove the actions, or print it to a new PDF.";
    Launch = "launch", "the document can start other programs", "Remove the action; be careful with the document's source.";
    ExternalContent = "external_content", "the document refers to content outside of it", "Put the content into the document or remove the reference.";
    Multimedia = "multimedia", "the document contains sound, video, 3D or other active media", "Remove them, or print it to a new PDF.";
    Overlay = "overlay", "annotations lie over the page and could be exchanged or removed later", "Flatten the annotations into the page before signing.";
    ValueWithoutAppearance = "value_without_appearance", "a form field has a value but no fixed look, so that viewers show it differently", "Have the form's appearances generated, or flatten the form.";
    NeedAppearances = "need_appearances", "viewers are told to draw the form fields anew, whatever look was stored", "Have the form's appearances generated and the flag removed.";
    Xfa = "xfa", "the document carries an XFA form, which may show other content than its pages", "Export it as a plain PDF.";
    FontNotEmbedded = "font_not_embedded", "a font is not embedded, so that text may look different elsewhere", "Have the document written with embedded fonts.";
    EmbeddedFiles = "embedded_files", "files are attached, which are signed along but not seen on the pages", "Open and check the attachments, or remove them.";
    Portfolio = "portfolio", "the document is a portfolio of other files, and a signature is about the envelope", "Sign the contained documents.";
    UsageRights = "usage_rights", "the document carries usage rights, which a change by other programs invalidates", "Have the document written without them.";
    Hybrid = "hybrid", "the document has two cross-reference systems, and old and new viewers may read different objects", "Have the document written again by its producer.";
    DamagedStructure = "damaged_structure", "the structure is not as it should be, and viewers may repair it in different ways", "Have the document written again by its producer.";
    LargeDocument = "large_document", "the document is unusually large", "Check that it is the right one.";
    SpoilsEarlierSignature = "spoils_earlier_signature", "the new box lies over what the page shows, so that verifiers no longer call earlier signatures clean", "Place it elsewhere, sign an empty field that was there before the first signature, or sign invisibly.";
    NewBoxUnderCertification = "new_box_under_certification", "the document is certified, and verifiers stricter than Acrobat allow no new visible field after a certification", "Sign an empty field that was there when it was certified, or sign invisibly.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_serialise_as_themselves() {
        let mut codes = HashSet::new();
        for risk in Risk::ALL {
            assert!(codes.insert(risk.code()));
            assert_eq!(serde_json::to_value(risk).unwrap(), risk.code());
        }
    }
}
