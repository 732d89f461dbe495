//! The verify room, tests only: how large the matrices of evidence are. Each row is one path, list, response or token that is wrong in one thing,
//! refused for it, and believed once that one check is off; the rows stand beside the checks.

use crate::cms::matrix::turned_tokens;
use crate::pki::path::switches;
use crate::pki::revocation::matrix_tests;

#[test]
fn one_check_removed_of_paths_lists_responses_and_tokens() {
    let paths = switches::turned();
    let (lists, responses) = matrix_tests::turned();
    let tokens = turned_tokens();
    println!("{paths} paths, {lists} lists, {responses} OCSP responses, {tokens} time-stamp tokens");
    assert!(paths >= 40 && lists >= 30 && responses >= 15 && tokens >= 30, "{paths} {lists} {responses} {tokens}");
    assert!(paths + lists + responses + tokens >= 120);
}
