//! The C ABI of thrivosign.
