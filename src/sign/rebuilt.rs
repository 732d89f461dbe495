//! rebuilt
