//! The verify room, changes: the one table of rules. Takes nothing, gives for each finding the stable name of the rule that made it, the
//! kind of change it stands for and the words for people. Names never move: reports, tests and documents read them.

use super::ChangeKind;
use crate::switch::{Check, on};

macro_rules! rules {
    (checked { $( $name:ident = $code:literal, $kind:ident, $text:literal; )* } free { $( $free:ident = $free_code:literal, $free_kind:ident, $free_text:literal; )* }) => {
        /// A rule of the difference analysis. Those of kind OTHER are vetoes; the others recognise a change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule { $( #[doc = $text] $name, )* $( #[doc = $free_text] $free, )* }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Rule] = &[ $( Rule::$name, )* $( Rule::$free, )* ];
            /// The stable name.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $( Rule::$name => $code, )* $( Rule::$free => $free_code, )* }
            }
            /// The kind of change.
            #[must_use]
            pub const fn kind(self) -> ChangeKind {
                match self { $( Rule::$name => ChangeKind::$kind, )* $( Rule::$free => ChangeKind::$free_kind, )* }
            }
            /// What it found.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $( Rule::$name => $text, )* $( Rule::$free => $free_text, )* }
            }
            /// Whether it counts: always, but where a test has switched it off.
            pub(super) fn counts(self) -> bool {
                match self { $( Rule::$name => on(Check::$name), )* $( Rule::$free => true, )* }
            }
        }
    };
}

rules! {
    checked {
        // The trailer.
        OtherCatalog = "other_catalog", Other, "the trailer names another catalog";
        SizeLowered = "size_lowered", Other, "the trailer's /Size hides objects of the signed revision";
        InfoForeign = "info_foreign", Other, "the document information is no such dictionary";
        // The catalog.
        CatalogKeyDoubtful = "catalog_key_doubtful", Other, "the catalog has a doubtful key";
        CatalogEntryChanged = "catalog_entry_changed", Other, "a catalog entry was changed";
        XmpForeign = "xmp_foreign", Other, "the XMP metadata are no such stream";
        VersionForeign = "version_foreign", Other, "a version entry holds something else";
        // The document security store.
        DssRemoved = "dss_removed", Other, "the document security store, or a part of it, was removed";
        DssForeign = "dss_foreign", Other, "something else than validation data was put into the document security store";
        // The form.
        FormRemoved = "form_removed", Other, "the form was removed";
        FormReplaced = "form_replaced", Other, "the form was replaced by an object that was there before";
        FormKeyDoubtful = "form_key_doubtful", Other, "the form has a doubtful key";
        FormEntryChanged = "form_entry_changed", Other, "the form was changed";
        FormResourcesChanged = "form_resources_changed", Other, "the form's resources changed in a way that other fields may show";
        FieldRemoved = "field_removed", Other, "a form field was removed";
        FieldInPlaceChanged = "field_in_place_changed", Other, "a form field without an object of its own was changed";
        FieldKeyDoubtful = "field_key_doubtful", Other, "a form field has a doubtful key";
        FieldEntryChanged = "field_entry_changed", Other, "a form field was changed";
        FieldShown = "field_shown", Other, "a hidden form field was shown, or its place depends on the viewer";
        FieldLocked = "field_locked", Other, "a form field was locked without a signature";
        FieldLookChanged = "field_look_changed", Other, "a field's appearance was changed, not its value";
        FieldLookUnbounded = "field_look_unbounded", Other, "a field's look has no bounds";
        FieldLookShared = "field_look_shared", Other, "a field's value or look changes what stands elsewhere, too";
        FieldFilled = "field_filled", FormFilled, "a form field was filled";
        // New fields and signatures.
        FieldAdded = "field_added", Other, "a form field was added";
        FieldNameTaken = "field_name_taken", Other, "a signature field was added under the name of a field that was there";
        EmptySignatureAdded = "empty_signature_added", Other, "an empty signature field was added";
        SignatureWidgetAdded = "signature_widget_added", Other, "a signature that was there got another widget";
        SignatureFieldShared = "signature_field_shared", Other, "a signature field was added over objects of the signed document";
        SignatureOverMarks = "signature_over_marks", Other, "a visible signature was drawn over content of the signed page";
        SignaturePlaceUndecidable = "signature_place_undecidable", Other, "a visible signature was drawn where the signed page cannot be told empty";
        SignaturePlaceFloats = "signature_place_floats", Other, "a signature's place depends on the viewer";
        SignatureLookUnbounded = "signature_look_unbounded", Other, "a signature's look has no bounds";
        SignatureBoxUnreadable = "signature_box_unreadable", Other, "a signature's box cannot be read, or lies on no page";
        // Pages and annotations.
        PageKeyDoubtful = "page_key_doubtful", Other, "a page has a doubtful key";
        PageEntryChanged = "page_entry_changed", Other, "a page was changed";
        AnnotationMoved = "annotation_moved", Other, "an annotation was removed or moved";
        AnnotationShared = "annotation_shared", Other, "an annotation changes what stands elsewhere, too";
        AnnotationAdded = "annotation_added", Annotated, "an annotation was added";
        AnnotationChanged = "annotation_changed", Annotated, "an annotation was changed";
        AnnotationRemoved = "annotation_removed", Annotated, "an annotation was removed";
        // What no rule above claims.
        ObjectAdded = "object_added", Other, "an object was added";
        ObjectTwofold = "object_twofold", Other, "an object that may change is also used as something else";
        ObjectChanged = "object_changed", Other, "an object was changed";
        ObjectRemoved = "object_removed", Other, "an object was removed";
        // The sections and bytes of later revisions.
        TrailerKeyDoubtful = "trailer_key_doubtful", Other, "a later trailer has a doubtful key";
        NumberTwice = "number_twice", Other, "a later section names one object twice";
        HybridConflict = "hybrid_conflict", Other, "a later hybrid section shows old and new viewers different objects";
        BytesOfNothing = "bytes_of_nothing", Other, "bytes of a later revision belong to no object";
    }
    // What they recognise is harmless by itself, or judged elsewhere.
    free {
        // Bytes behind the last proper end are found by another check, which has a switch.
        NoProperEnd = "no_proper_end", Other, "a later revision has no proper end";
        // No file of the kit is encrypted.
        EncryptionReplaced = "encryption_replaced", Other, "the encryption dictionary was replaced";
        FileIdChanged = "file_id_changed", Other, "the first file identifier of an encrypted document was changed";
        InfoChanged = "info_changed", Metadata, "the document information was changed";
        XmpChanged = "xmp_changed", Metadata, "the XMP metadata were changed";
        VersionChanged = "version_changed", Metadata, "a version entry was changed";
        DssGrown = "dss_grown", Ltv, "validation data were added";
        SignatureAdded = "signature_added", SignatureAdded, "a signature was added";
        FieldSigned = "field_signed", SignatureAdded, "an empty field was signed";
        TimestampAdded = "timestamp_added", Ltv, "a document time stamp was added";
        StrayMetadata = "stray_metadata", Metadata, "metadata that nothing names were added";
        Unreadable = "unreadable", Other, "a later revision cannot be read to the end";
        TrailingBytes = "trailing_bytes", TrailingBytes, "bytes follow the last revision";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_stable_in_form() {
        let mut codes = HashSet::new();
        for rule in Rule::ALL {
            assert!(codes.insert(rule.code()), "{rule:?}");
            assert!(rule.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{rule:?}");
        }
    }
}
