//! The error of every call, with one case for each kind of the core's table. Takes the core's error, gives a case and its facts, and back.

use thrivosign::ErrorKind;
use thrivosign::error::Turn as CoreTurn;

/// Whose turn it is after an error: who can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Turn {
    /// The programmer who calls the library.
    Caller,
    /// Whoever made or chose the document.
    Document,
    /// Whoever made the certificate or the signature bytes.
    Peer,
    /// The person or the device that holds the key.
    User,
    /// The Server-Signer or its operator.
    Service,
    /// The network; later may be better.
    Network,
    /// This library.
    Library,
}

impl From<CoreTurn> for Turn {
    fn from(turn: CoreTurn) -> Turn {
        match turn {
            CoreTurn::Caller => Turn::Caller,
            CoreTurn::Document => Turn::Document,
            CoreTurn::Peer => Turn::Peer,
            CoreTurn::User => Turn::User,
            CoreTurn::Service => Turn::Service,
            CoreTurn::Network => Turn::Network,
            _ => Turn::Library,
        }
    }
}

/// The facts of an error. What a kind does not carry is absent. An app that throws an error from its own key store leaves all of it out.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct ErrorDetail {
    /// The stable number of the kind.
    #[uniffi(default = 0)]
    pub code: i32,
    /// The stable name of the kind.
    #[uniffi(default = "")]
    pub name: String,
    /// What happened, for people; holds no user input, key name, subject or token.
    #[uniffi(default = "")]
    pub message: String,
    /// What to do next, in one sentence.
    #[uniffi(default = "")]
    pub next_step: String,
    /// Whether the same call may succeed later without anything being changed.
    #[uniffi(default = false)]
    pub retryable: bool,
    /// Whose turn it is.
    #[uniffi(default = None)]
    pub turn: Option<Turn>,
    /// Byte position in the document or structure.
    #[uniffi(default = None)]
    pub position: Option<i64>,
    /// HTTP status, if a service answered.
    #[uniffi(default = None)]
    pub http_status: Option<i32>,
    /// Seconds to wait before the next try, if the service said so.
    #[uniffi(default = None)]
    pub retry_after: Option<i64>,
    /// Tries left before a lock, if the service said so.
    #[uniffi(default = None)]
    pub tries_left: Option<i32>,
    /// The service's problem type or OAuth error code.
    #[uniffi(default = None)]
    pub problem: Option<String>,
}

macro_rules! cases {
    ($( $name:ident = $code:literal, $snake:literal, $turn:ident, $retry:literal, $text:literal, $next:literal; )*) => {
        /// What went wrong, one case per kind; codes and names never move.
        #[derive(Clone, Debug, PartialEq, Eq, uniffi::Error)]
        pub enum ThrivoSignError {
            $(
                #[doc = $text]
                $name {
                    /// The facts.
                    detail: ErrorDetail,
                },
            )*
        }

        impl ThrivoSignError {
            /// The kind in the core's table.
            #[must_use]
            pub fn kind(&self) -> ErrorKind {
                match self { $( ThrivoSignError::$name { .. } => ErrorKind::$name, )* }
            }

            /// The facts.
            #[must_use]
            pub fn detail(&self) -> &ErrorDetail {
                match self { $( ThrivoSignError::$name { detail } => detail, )* }
            }

            fn of(kind: ErrorKind, detail: ErrorDetail) -> ThrivoSignError {
                match kind {
                    $( ErrorKind::$name => ThrivoSignError::$name { detail }, )*
                    _ => ThrivoSignError::Internal { detail },
                }
            }
        }
    };
}

thrivosign::for_each_error_kind!(cases);

impl From<thrivosign::Error> for ThrivoSignError {
    fn from(error: thrivosign::Error) -> ThrivoSignError {
        let kind = error.kind();
        let detail = ErrorDetail {
            code: kind.code(),
            name: kind.name().to_owned(),
            message: error.to_string(),
            next_step: kind.next_step().to_owned(),
            retryable: kind.retryable(),
            turn: Some(kind.turn().into()),
            position: error.position().map(|at| i64::try_from(at).unwrap_or(i64::MAX)),
            http_status: error.http_status().map(i32::from),
            retry_after: error.retry_after().map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX)),
            tries_left: error.tries_left().map(|tries| i32::try_from(tries).unwrap_or(i32::MAX)),
            problem: error.problem().map(str::to_owned),
        };
        ThrivoSignError::of(kind, detail)
    }
}

impl From<ErrorKind> for ThrivoSignError {
    fn from(kind: ErrorKind) -> ThrivoSignError {
        thrivosign::Error::new(kind).into()
    }
}

/// What an app's own code threw: its kind counts, its texts do not, as they could hold anything.
impl From<ThrivoSignError> for thrivosign::Error {
    fn from(error: ThrivoSignError) -> thrivosign::Error {
        let told = thrivosign::Error::new(error.kind());
        match error.detail().tries_left.and_then(|tries| u32::try_from(tries).ok()) {
            Some(tries) => told.with_tries_left(tries),
            None => told,
        }
    }
}

/// An exception that is none of ours. What it says is dropped: it could hold anything.
impl From<uniffi::UnexpectedUniFFICallbackError> for ThrivoSignError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> ThrivoSignError {
        let error = thrivosign::Error::new(ErrorKind::KeyStoreUnavailable).context("the app's own code threw something unexpected");
        error.into()
    }
}

impl std::fmt::Display for ThrivoSignError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail().message)
    }
}

impl std::error::Error for ThrivoSignError {}

/// The facts that every error of a kind has, one entry per kind in the order of the codes: for an app's own table of texts.
#[uniffi::export]
#[must_use]
pub fn error_kinds() -> Vec<ErrorDetail> {
    ErrorKind::ALL.iter().map(|kind| ThrivoSignError::from(*kind).detail().clone()).collect()
}

/// The result of every call.
pub(crate) type Result<T, E = ThrivoSignError> = std::result::Result<T, E>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_case_of_its_own() {
        for kind in ErrorKind::ALL {
            let case = ThrivoSignError::from(*kind);
            assert_eq!(case.kind(), *kind);
            assert_eq!((case.detail().code, case.detail().name.as_str()), (kind.code(), kind.name()));
            assert_eq!(thrivosign::Error::from(case).kind(), *kind, "and back");
        }
    }
}
