//! The families, one file for each group that shares its documents.

mod behind;
mod beyond;
mod byte_range;
mod changed_catalog;
mod changed_certified;
mod changed_content;
mod changed_form;
mod changed_pages;
mod changed_roles;
mod changed_shadow;
mod changed_signature;
mod cms;
mod cms_attributes;
mod cms_certificates;
mod cms_formats;
mod cms_values;
mod contents;
mod deed;
mod fields;
mod harmless;
mod keys;
mod range_end;
mod revoked;
mod second;
mod tables;

use super::Family;
use std::sync::OnceLock;

/// Every group of families.
const GROUPS: &[fn() -> Vec<Family>] = &[
    behind::families,
    beyond::families,
    byte_range::families,
    changed_catalog::families,
    changed_certified::families,
    changed_content::families,
    changed_form::families,
    changed_pages::families,
    changed_roles::families,
    changed_shadow::families,
    changed_signature::families,
    cms::families,
    cms_attributes::families,
    cms_certificates::families,
    cms_formats::families,
    cms_values::families,
    contents::families,
    fields::families,
    harmless::families,
    keys::families,
    range_end::families,
    revoked::families,
    second::families,
    tables::families,
];

/// Every family; made once.
pub(crate) fn all() -> &'static [Family] {
    static MADE: OnceLock<Vec<Family>> = OnceLock::new();
    MADE.get_or_init(|| GROUPS.iter().flat_map(|group| group()).collect())
}
