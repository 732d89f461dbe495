//! The base: an off-switch for every check of the verifier, for tests alone. Takes the name of a check, gives whether it counts.
//!
//! A check that cannot be missed proves nothing. With a check off, at least one file of the attack kit (`tests/kit`) must turn clean,
//! else nobody would notice if it were gone. The matrix of `src/verify/switches.rs` is made from the table below.
//!
//! A check asks when it has found something: `if wrong && on(Check::Name)`.
//!
//! Outside of the library's own unit tests [`on`] is the constant `true` and there is nothing to switch anything off with.
//! A name that no check asks for is dead code, which the compiler tells.

macro_rules! checks {
    ($( $(#[doc = $text:literal])+ $name:ident, )*
        ; path: $( $(#[doc = $path_text:literal])+ $path:ident, )*
        ; revocation: $( $(#[doc = $revocation_text:literal])+ $revocation:ident, )*
        ; time: $( $(#[doc = $time_text:literal])+ $time:ident, )*
        ; token: $( $(#[doc = $token_text:literal])+ $token:ident, )*) => {
        /// A check of the verifier, of path validation, or of revocation data.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Check {
            $( $(#[doc = $text])+ $name, )* $( $(#[doc = $path_text])+ $path, )* $( $(#[doc = $revocation_text])+ $revocation, )*
            $( $(#[doc = $time_text])+ $time, )* $( $(#[doc = $token_text])+ $token, )*
        }

        #[cfg(test)]
        impl Check {
            /// Every check that a forged file proves.
            pub(crate) const ALL: &'static [Check] = &[ $( Check::$name, )* ];
            /// Every check of path validation; `src/pki/path/switches.rs` has a chain for each.
            pub(crate) const PATH: &'static [Check] = &[ $( Check::$path, )* ];
            /// Every check of revocation data; `src/pki/revocation/matrix_tests.rs` has data for each.
            pub(crate) const REVOCATION: &'static [Check] = &[ $( Check::$revocation, )* ];
            /// Every check of the time that a time stamp proves; `src/verify/time_tests.rs` has a document for each.
            pub(crate) const TIME: &'static [Check] = &[ $( Check::$time, )* ];
            /// Every check of the answer to a request for a time stamp; `src/evidence/token.rs` has an answer for each.
            pub(crate) const TOKEN: &'static [Check] = &[ $( Check::$token, )* ];
        }
    };
}

checks! {
    // src/verify/coverage.rs
    /// `/ByteRange` has four numbers.
    RangeCount,
    /// The first number of `/ByteRange` is 0.
    RangeStart,
    /// `/Contents` is written as a hexadecimal string.
    ContentsHex,
    /// The signature dictionary is no object of an object stream.
    ContentsInFile,
    /// What the range leaves out is this dictionary's own `/Contents`.
    GapIsContents,
    /// What the range leaves out is `<`, pairs of hexadecimal digits, `>`.
    GapIsHex,
    /// The range ends where a revision ends.
    RangeEndsRevision,
    /// Behind `%%EOF` nothing but white space is signed along.
    RangeTailIsBlank,
    /// The dictionary came with the revision that its range covers.
    DictionaryInRevision,
    /// The range holds the dictionary.
    DictionaryInRange,
    /// The range holds every cross-reference section that the signed revision is read through.
    SectionsInRange,
    /// The range holds no part of a later revision's sections.
    LaterSectionsBehind,
    /// Nothing but a line end stands behind the last revision.
    NothingBehind,
    // src/verify/structure.rs
    /// No key stands twice in the signature dictionary.
    SignatureKeyTwice,
    /// No key of the signature dictionary is written with an escape.
    SignatureKeyHidden,
    /// No key stands twice in the signature's field.
    FieldKeyTwice,
    /// No key stands twice in what decides what is shown.
    KeyTwice,
    /// No standard key is written with an escape in what decides what is shown.
    KeyHidden,
    /// The trailers of the signed revision are unambiguous.
    TrailerKeys,
    /// Its catalog is.
    CatalogKeys,
    /// Its form is.
    FormKeys,
    /// Its page tree is.
    PageKeys,
    /// Its page tree is no deeper than anything may be nested.
    PageDepth,
    /// Table and stream of a hybrid, signed or later, show the same objects.
    HybridAgrees,
    // src/verify/changes/delta.rs
    /// Every object in a later object stream is one that a table leads to.
    PackedAreListed,
    /// What begins as an object does in a later revision is one that a section names.
    HeadsAreListed,
    // src/verify/locate.rs, src/verify/stray.rs
    /// A signature field's value that is no dictionary is a failed signature.
    ValueIsDictionary,
    /// Signatures of earlier revisions are judged, whatever became of them.
    EarlierSignatures,
    /// Signatures that only a page knows are judged.
    StraySignatures,
    // src/verify/facts.rs
    /// The sub-filter is one of those that are known.
    SubFilterKnown,
    /// Nothing but zeros stands behind the CMS.
    NothingBehindCms,
    /// Content that was signed without attributes does not begin as attributes do.
    ContentIsNoAttributes,
    /// Of two ranges one holds the other.
    RangesNest,
    // src/verify/judge.rs
    /// The policy still accepts the digests and the key.
    AlgorithmsAccepted,
    /// The certificate is meant for this kind of signature.
    SignerSuits,
    // src/cms/parse.rs; tested in src/cms/matrix, too
    /// The ContentInfo holds signed data.
    CmsSignedData,
    /// No member stands behind the last one that a structure has.
    CmsNothingExtra,
    // src/cms/check.rs
    /// There is one SignerInfo.
    CmsOneSigner,
    /// The content type is that of the kind of signature.
    CmsContentType,
    /// A detached signature has no content, another has.
    CmsContentPresence,
    /// The version numbers are those that the structure implies.
    CmsVersions,
    /// The outer list announces the digest that is used.
    CmsDigestAnnounced,
    /// There are signed attributes where the kind demands them.
    CmsAttributesPresent,
    /// The signed attributes can be told byte for byte.
    CmsAttributesAsReceived,
    /// The signed attributes are DER where the kind demands it.
    CmsAttributesDer,
    /// No attribute occurs twice.
    CmsAttributeOnce,
    /// Each attribute has one value.
    CmsAttributeSingle,
    /// There is a contentType attribute.
    CmsContentTypePresent,
    /// The contentType attribute is that of the content.
    CmsContentTypeAgrees,
    /// There is a messageDigest attribute.
    CmsMessageDigestPresent,
    /// The messageDigest attribute is an octet string.
    CmsMessageDigestForm,
    /// The messageDigest attribute is the content's digest.
    CmsMessageDigest,
    /// The attached SHA-1 is that of the signed ranges.
    CmsAttachedDigest,
    /// The time stamp's content is well-formed.
    CmsTokenForm,
    /// The time stamp is over what it should be.
    CmsImprint,
    /// Without a binding one certificate alone answers the SignerIdentifier.
    CmsOneCertificate,
    /// A signing-certificate attribute binds the certificate where the kind demands it.
    CmsBindingPresent,
    /// The digest of the signature algorithm is the digest algorithm.
    CmsDigestAgrees,
    /// The protected algorithms are those used.
    CmsAlgorithmProtection,
    /// The signature value is right.
    CmsSignature,
    /// A time stamp's certificate is that of an authority for time stamps.
    CmsTokenCertificate,
    // src/cms/signer.rs
    /// The certificate is the one that the SignerIdentifier names.
    CmsSignerNamed,
    /// The certificate's hash is the one in the signing-certificate attribute.
    CmsBindingHash,
    /// Issuer and serial number are those in the signing-certificate attribute.
    CmsBindingName,
    // src/cms/x509.rs
    /// The signer of a signature without CMS is the first of the certificates beside it.
    CmsFirstCertificate,
    // src/pki/algorithm.rs
    /// The parameters of RSASSA-PSS go together.
    CmsPssParameters,
    // src/crypto/verify.rs
    /// A key restricted to RSASSA-PSS makes nothing else.
    CmsKeyUse,
    /// An Ed25519 key is not of small order.
    CmsSmallOrder,
    // src/verify/changes/rule.rs: what each rule reports
    /// It is reported that the trailer names another catalog.
    OtherCatalog,
    /// It is reported that the trailer's /Size hides objects of the signed revision.
    SizeLowered,
    /// It is reported that the document information is no such dictionary.
    InfoForeign,
    /// It is reported that the catalog has a doubtful key.
    CatalogKeyDoubtful,
    /// It is reported that a catalog entry was changed.
    CatalogEntryChanged,
    /// It is reported that the XMP metadata are no such stream.
    XmpForeign,
    /// It is reported that a version entry holds something else.
    VersionForeign,
    /// It is reported that the document security store, or a part of it, was removed.
    DssRemoved,
    /// It is reported that something else than validation data was put into the document security store.
    DssForeign,
    /// It is reported that the form was removed.
    FormRemoved,
    /// It is reported that the form was replaced by an object that was there before.
    FormReplaced,
    /// It is reported that the form has a doubtful key.
    FormKeyDoubtful,
    /// It is reported that the form was changed.
    FormEntryChanged,
    /// It is reported that the form's resources changed in a way that other fields may show.
    FormResourcesChanged,
    /// It is reported that a form field was removed.
    FieldRemoved,
    /// It is reported that a form field without an object of its own was changed.
    FieldInPlaceChanged,
    /// It is reported that a form field has a doubtful key.
    FieldKeyDoubtful,
    /// It is reported that a form field was changed.
    FieldEntryChanged,
    /// It is reported that a hidden form field was shown, or its place depends on the viewer.
    FieldShown,
    /// It is reported that a form field was locked without a signature.
    FieldLocked,
    /// It is reported that a field's appearance was changed, not its value.
    FieldLookChanged,
    /// It is reported that a field's look has no bounds.
    FieldLookUnbounded,
    /// It is reported that a field's value or look changes what stands elsewhere, too.
    FieldLookShared,
    /// It is reported that a form field was filled.
    FieldFilled,
    /// It is reported that a form field was added.
    FieldAdded,
    /// It is reported that a signature field was added under the name of a field that was there.
    FieldNameTaken,
    /// It is reported that an empty signature field was added.
    EmptySignatureAdded,
    /// It is reported that a signature that was there got another widget.
    SignatureWidgetAdded,
    /// It is reported that a signature field was added over objects of the signed document.
    SignatureFieldShared,
    /// It is reported that a visible signature was drawn over content of the signed page.
    SignatureOverMarks,
    /// It is reported that a visible signature was drawn where the signed page cannot be told empty.
    SignaturePlaceUndecidable,
    /// It is reported that a signature's place depends on the viewer.
    SignaturePlaceFloats,
    /// It is reported that a signature's look has no bounds.
    SignatureLookUnbounded,
    /// It is reported that a signature's box cannot be read, or lies on no page.
    SignatureBoxUnreadable,
    /// It is reported that a page has a doubtful key.
    PageKeyDoubtful,
    /// It is reported that a page was changed.
    PageEntryChanged,
    /// It is reported that an annotation was removed or moved.
    AnnotationMoved,
    /// It is reported that an annotation changes what stands elsewhere, too.
    AnnotationShared,
    /// It is reported that an annotation was added.
    AnnotationAdded,
    /// It is reported that an annotation was changed.
    AnnotationChanged,
    /// It is reported that an annotation was removed.
    AnnotationRemoved,
    /// It is reported that an object was added.
    ObjectAdded,
    /// It is reported that an object that may change is also used as something else.
    ObjectTwofold,
    /// It is reported that an object was changed.
    ObjectChanged,
    /// It is reported that an object was removed.
    ObjectRemoved,
    /// It is reported that a later trailer has a doubtful key.
    TrailerKeyDoubtful,
    /// It is reported that a later section names one object twice.
    NumberTwice,
    /// It is reported that a later hybrid section shows old and new viewers different objects.
    HybridConflict,
    /// It is reported that bytes of a later revision belong to no object.
    BytesOfNothing,
    // src/verify/changes
    /// What is claimed below a harmless place is referred to from nowhere else.
    OnlyReferrer,
    /// Two objects with a key twice are the same only if they are written alike.
    KeysTwiceDiffer,
    /// What cannot be read is searched for references all the same.
    DamagedRefers,
    /// A time stamp is what its sub-filter calls so, and is not seen.
    StampIsStamp,
    /// A level of permission that is no integer is the strictest.
    LevelIsInteger,
    ; path:
    // src/pki/path
    /// The end entity is not expired.
    PathLeafExpired,
    /// The end entity is valid already.
    PathLeafNotYetValid,
    /// The end entity has no critical extension that nobody knows.
    PathLeafCritical,
    /// The end entity may be used so.
    PathSuits,
    /// The anchor is trusted for that use.
    PathAnchorRole,
    /// The signature is the issuer's.
    PathSignature,
    /// The issuer says that it is a CA.
    PathIssuerIsCa,
    /// The issuer's key may sign certificates.
    PathIssuerSigns,
    /// No more certificates are below an issuer than it says.
    PathLength,
    /// An issuer is not expired.
    PathIssuerExpired,
    /// An issuer is valid already.
    PathIssuerNotYetValid,
    /// An issuer has no critical extension that nobody knows.
    PathIssuerCritical,
    /// An issuer's name constraints can be read.
    PathConstraintsRead,
    // src/pki/constraints.rs
    /// Names of a kind that is permitted in part are within that part.
    PathNamePermitted,
    /// No name is excluded.
    PathNameExcluded,
    /// The address in the subject is a name, too.
    PathSubjectAddress,
    /// A wildcard may stand for an excluded host.
    PathWildcard,
    // src/pki/policy.rs
    /// An explicit policy that is demanded is there.
    PathExplicitPolicy,
    /// The policy is one of the caller's.
    PathUserPolicy,
    /// The policy is one of those that the anchor lists.
    PathAnchorPolicy,
    /// What the anchor demands of policies holds.
    PathAnchorDemands,
    /// Where anyPolicy is inhibited it stands for nothing.
    PathAnyInhibited,
    /// Where mapping is inhibited nothing is mapped.
    PathMappingInhibited,
    /// Nothing is mapped from or to anyPolicy.
    PathAnyMapped,
    // src/pki/path/status.rs
    /// No certificate was revoked at the time.
    PathRevoked,
    /// A statement is there where one is required.
    PathRevocationKnown,
    /// A statement still speaks at the time.
    PathStatementFresh,
    /// A statement that all is well is known to exist since before the key above it was revoked.
    PathStatementInTime,
    ; revocation:
    // src/pki/revocation/crl.rs, entry.rs
    /// A list has no critical extension that nobody knows.
    ListCritical,
    /// No entry of a list has one.
    ListEntryCritical,
    /// Only an indirect list has entries of other issuers.
    ListEntryForeign,
    /// An entry is about the certificate of its own issuer alone.
    ListEntryIssuer,
    /// Only a delta list takes something off.
    ListRemoved,
    // src/pki/revocation/points.rs
    /// A list of attribute certificates says nothing about others.
    ListAttributes,
    /// A list of end entities says nothing about a CA.
    ListUsers,
    /// A list of CAs says nothing about an end entity.
    ListCas,
    /// The list is one that the distribution point names.
    ListPointName,
    // src/pki/revocation/lists.rs
    /// The list is the issuer's where the distribution point names nobody.
    ListIssuer,
    /// The list of somebody else is an indirect one.
    ListIndirect,
    /// The list of somebody else is of whom the distribution point names.
    ListPointIssuer,
    /// A delta list alone says nothing.
    ListComplete,
    /// A list that no longer has expired certificates says nothing good about one.
    ListKeepsExpired,
    /// All reasons are covered.
    ListReasons,
    /// The delta list is of the same issuer.
    DeltaIssuer,
    /// The delta list is of the same scope.
    DeltaScope,
    /// The delta list names the same key.
    DeltaAuthority,
    /// The complete list is not older than what the delta list is based on.
    DeltaBase,
    /// The delta list is newer than the complete one.
    DeltaNumber,
    /// The delta list is signed by the same key.
    DeltaSignature,
    // src/pki/revocation/inquiry.rs
    /// The key of who issued the list may do so.
    ListSignerSuits,
    /// The list is signed by its issuer.
    ListSignature,
    /// The path of the issuer was valid when the list is judged.
    ListPathValid,
    /// Another issuer of lists has a path of his own.
    ListSignerPath,
    /// Nobody on it is revoked.
    ListSignerRevoked,
    // src/pki/revocation/ocsp.rs, single.rs, request.rs
    /// A response has no critical extension that nobody knows.
    AnswerCritical,
    /// An answer has none.
    AnswerSingleCritical,
    /// The answer names the serial number.
    AnswerSerial,
    /// The answer names the issuer.
    AnswerIssuerName,
    /// The answer names the issuer's key.
    AnswerIssuerKey,
    /// The response has the nonce of the request, or none.
    AnswerNonce,
    /// The response is a successful one.
    AnswerSuccessful,
    /// The response answers all that was asked.
    AnswerComplete,
    // src/pki/revocation/answers.rs
    /// The responder is whom the response names.
    AnswerResponder,
    /// The response is signed by the responder.
    AnswerSignature,
    /// The path of the issuer was valid when the response is judged.
    AnswerPathValid,
    /// An answer that no longer knows expired certificates says nothing good about one.
    AnswerKeepsExpired,
    /// A responder by delegation is one by purpose.
    AnswererSuits,
    /// A responder by delegation has his certificate from the issuer.
    AnswererIssuer,
    /// It is signed by the issuer's key.
    AnswererSignature,
    /// It has no critical extension that nobody knows.
    AnswererCritical,
    /// It was valid already.
    AnswererNotYetValid,
    /// It was not expired.
    AnswererExpired,
    /// It is not revoked.
    AnswererRevoked,
    /// It says that nobody asks about it, or lists say that it is good.
    AnswererAssured,
    ; time:
    // src/verify/proven.rs
    /// A time stamp is no younger than what is over it.
    StampInOrder,
    /// The policy accepts the algorithms of the time stamp and its chain.
    StampAlgorithms,
    /// The certificate, and the anchor, are meant for time stamps.
    StampRole,
    /// A chain leads from the time stamp to an anchor.
    StampChain,
    ; token:
    // src/evidence/token.rs
    /// The token has the nonce of the request.
    TokenNonce,
    /// The token is of the policy that was asked for.
    TokenPolicy,
}

/// Whether the check counts: always.
#[cfg(not(test))]
#[must_use]
pub(crate) const fn on(_check: Check) -> bool {
    true
}

#[cfg(test)]
pub(crate) use testing::{asked, on, without};

#[cfg(test)]
mod testing {
    use super::Check;
    use std::cell::RefCell;

    thread_local! {
        static OFF: RefCell<Vec<Check>> = const { RefCell::new(Vec::new()) };
        static ASKED: RefCell<Vec<Check>> = const { RefCell::new(Vec::new()) };
    }

    /// Whether the check counts on this thread.
    pub(crate) fn on(check: Check) -> bool {
        ASKED.with_borrow_mut(|asked| {
            if !asked.contains(&check) {
                asked.push(check);
            }
        });
        OFF.with_borrow(|off| !off.contains(&check))
    }

    /// What `run` gives, and the checks that it asked for: those that found something, since a check asks last.
    pub(crate) fn asked<T>(run: impl FnOnce() -> T) -> (T, Vec<Check>) {
        ASKED.set(Vec::new());
        let given = run();
        (given, ASKED.take())
    }

    /// Runs `run` on this thread with these checks off; afterwards, and after a panic, they are as they were.
    pub(crate) fn without<T>(checks: &[Check], run: impl FnOnce() -> T) -> T {
        struct Restore(Vec<Check>);
        impl Drop for Restore {
            fn drop(&mut self) {
                OFF.set(std::mem::take(&mut self.0));
            }
        }
        let before = OFF.with_borrow(Clone::clone);
        let _restore = Restore(before.clone());
        OFF.set([before.as_slice(), checks].concat());
        run()
    }

    #[test]
    fn what_was_asked_is_known() {
        let check = Check::ALL[0];
        assert_eq!(asked(|| on(check) && on(check)), (true, vec![check]));
        assert_eq!(asked(|| ()), ((), Vec::new()));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test starts a thread")]
    fn a_switch_holds_as_long_as_its_call_and_on_its_thread() {
        let check = Check::ALL[0];
        assert!(on(check));
        without(&[check], || {
            assert!(!on(check));
            assert!(std::thread::spawn(move || on(check)).join().unwrap());
        });
        assert!(on(check));
        assert!(std::panic::catch_unwind(|| without(&[check], || panic!("on purpose"))).is_err());
        assert!(on(check));
    }
}
